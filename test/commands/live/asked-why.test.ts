import { describe, expect, test } from '@jest/globals';
import type { MutatingConfiguration } from '../../../src/cluster/mutating-webhook.js';
import { podResource, type Resource, resourceCalled } from '../../../src/cluster/resources.js';
import { whyOf } from '../../../src/commands/live/asked-why.js';
import type { Evidence } from '../../../src/commands/live/calls.js';
import type { LiveObject } from '../../../src/commands/live/objects.js';
import type { Step } from '../../../src/engine/review.js';
import type { Edit } from '../../../src/model/edit.js';
import { because } from '../../../src/model/reason.js';
import { policyOf } from '../../support/reviewing.js';

/** Minutes of the day on which everything takes place. */
const at = (minute: number): number => Date.UTC(2026, 0, 1, 12, minute);

const step = { rule: 'tracer-env', name: 'tracer-env', mode: 'enforce' } as const;
const edit: Edit = { kind: 'label', key: 'a', value: 'b', reason: because('policy-env') };
const missing: Step = { ...step, outcome: 'edited', edits: [edit], inPlace: [], notes: [] };
const done: Step = { ...step, outcome: 'unchanged', edits: [], inPlace: [edit], notes: [] };
const nothing: Step = { ...step, outcome: 'skipped', reason: because('not-an-agent') };
const tooLate: Step = { ...step, outcome: 'skipped', reason: because('already-injected') };
const audited: Step = { ...step, mode: 'audit', outcome: 'would-edit', edits: [edit], inPlace: [], notes: [] };

const live = (more: Partial<LiveObject> = {}): LiveObject => ({
  file: 'live:shop/pod/cart',
  text: '',
  resource: podResource,
  namespace: 'shop',
  name: 'cart',
  uid: 'u',
  createdAt: at(30),
  metadata: { labels: { app: 'cart' } },
  changes: [],
  selector: undefined,
  isFinished: false,
  ...more,
});
const resource = (word: string): Resource => resourceCalled(word) ?? podResource;
const service = (more: Partial<LiveObject> = {}) => live({ resource: resource('svc'), ...more });

const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods', 'services'], operations: ['CREATE'] };
const webhook = {
  name: 'pods.aloft.dev',
  rules: [rule],
  namespaceSelector: undefined,
  objectSelector: undefined,
  conditions: [],
  failurePolicy: 'Fail',
  hasCaBundle: true,
};
const configuration = (more: Partial<MutatingConfiguration> = {}, entry: object = {}): MutatingConfiguration => ({
  name: 'aloft',
  createdAt: at(0),
  changes: [],
  webhooks: [{ ...webhook, ...entry }],
  ...more,
});

type Known = {
  readonly own?: readonly MutatingConfiguration[];
  /** Of others, called before and after aloft's. */
  readonly before?: readonly MutatingConfiguration[];
  readonly after?: readonly MutatingConfiguration[];
  readonly ready?: Evidence['installation']['ready'];
  readonly policyChangedAt?: number | undefined;
  readonly rules?: readonly object[];
};

const evidence = (known: Known = {}): Evidence => {
  const {
    own = [configuration()],
    before = [],
    after = [],
    ready = { value: 2 },
    rules = [{ rule: 'tracer-env' }],
  } = known;
  const changedAt = 'policyChangedAt' in known ? known.policyChangedAt : at(0);
  return {
    installation: {
      configurations: { value: [...before, ...own, ...after] },
      own,
      service: { namespace: 'aloft-system', name: 'aloft' },
      ready,
    },
    policy: {
      policy: policyOf({ rules }),
      text: '',
      file: 'policy.yaml',
      source: 'ConfigMap aloft-system/aloft-policy',
      ...(changedAt !== undefined && { changedAt }),
    },
    namespaceLabels: {},
  };
};

const told = (object: LiveObject, known: Known = {}, steps: readonly Step[] = [missing]): readonly string[] =>
  whyOf(object, steps, evidence(known)).causes.map(
    ({ code, isSure, message }) => `${isSure ? '!' : '?'} ${code}: ${message}`,
  );

describe('the verdict', () => {
  test.each<[string, LiveObject, readonly Step[], string]>([
    ['all is there', live(), [done, nothing], 'as-wanted'],
    ['something is missing', live(), [done, missing], 'missing'],
    ['something came too late', live(), [tooLate], 'missing'],
    ['no rule is for it', live(), [nothing], 'nothing-wanted'],
    ['the mode is audit', live(), [audited], 'nothing-wanted'],
    ['there is no rule', live(), [], 'nothing-wanted'],
    ['it is a workload', live({ resource: resource('deploy') }), [missing], 'template'],
    ['a Service lacks something', service(), [missing], 'missing'],
  ])('%s', (_, object, steps, verdict) => {
    expect(whyOf(object, steps, evidence()).verdict).toBe(verdict);
  });
});

describe('enough to explain it:', () => {
  test.each<[string, LiveObject, Known, string]>([
    [
      'aloft is not installed',
      live(),
      { own: [] },
      'not-installed: no MutatingWebhookConfiguration in the cluster is of aloft',
    ],
    [
      'the Pod is older',
      live({ createdAt: at(-1) }),
      { own: [configuration({}, { failurePolicy: 'Ignore' })], policyChangedAt: at(59) },
      'created-before: the Pod was created 2026-01-01T11:59:00Z, the webhook configuration aloft 2026-01-01T12:00:00Z',
    ],
    [
      'the Service is older, and so is its last change',
      service({ createdAt: at(-9), changes: [{ manager: 'kubectl', at: at(-1), isOfMetadata: true }] }),
      {},
      'created-before: the Service was last changed 2026-01-01T11:59:00Z, the webhook configuration aloft 2026-01-01T12:00:00Z',
    ],
    [
      'no webhook is for its kind',
      service(),
      { own: [configuration({}, { rules: [{ ...rule, resources: ['pods'] }] })] },
      'not-called: no webhook of aloft is for new services',
    ],
    [
      'its namespace is left out',
      live(),
      { own: [configuration({}, { namespaceSelector: { matchLabels: { mesh: 'on' } } })] },
      'not-called: pods.aloft.dev: its namespaceSelector leaves out namespace shop: label mesh is missing, and the selector says mesh=on',
    ],
  ])('%s', (_, object, known, cause) => {
    expect(told(object, known)).toEqual([`! ${cause}`]);
  });

  test('an injector comes first, where a sidecar is there already', () => {
    const injector = configuration({ name: 'a-istio' }, { name: 'rev.namespace.sidecar-injector.istio.io' });
    const other = configuration({ name: 'a-other' }, { name: 'other.example' });
    const own = [configuration()];
    expect(told(live(), { own, before: [injector, other] }, [tooLate])).toEqual([
      '! injector-first: a-istio comes before aloft in bytewise order, and injects before aloft is called',
    ]);
    expect(told(live(), { own, before: [injector] }, [missing])).toEqual([]);
    expect(told(live(), { own, before: [other], after: [injector] }, [tooLate])).toEqual([]);
  });

  test('of two configurations of aloft, one that is called is enough', () => {
    const closed = configuration({ name: 'aloft-a' }, { objectSelector: { matchLabels: { a: 'b' } } });
    const younger = configuration({ name: 'aloft-b', createdAt: at(40) });
    expect(told(live(), { own: [closed, configuration()] })).toEqual([]);
    expect(told(live(), { own: [configuration(), younger] })).toEqual([]);
    expect(told(live(), { own: [closed, younger] })).toEqual([expect.stringMatching(/^! created-before: .*aloft-b/)]);
  });
});

describe('it may be that', () => {
  test.each<[string, LiveObject, Known, string]>([
    [
      'a call failed',
      live(),
      { own: [configuration({}, { failurePolicy: 'Ignore' })] },
      'call-failed: under failurePolicy Ignore a call that fails leaves no trace on the object; the API server counts them in apiserver_admission_webhook_fail_open_count{name="pods.aloft.dev"}',
    ],
    [
      'the configuration was another one',
      live(),
      { own: [configuration({ changes: [{ manager: 'helm', at: at(31), isOfMetadata: true }] })] },
      'configuration-changed: helm changed the webhook configuration aloft 2026-01-01T12:31:00Z; the Pod was created 2026-01-01T12:30:00Z',
    ],
    [
      'aloft had not published its CA yet',
      live(),
      { own: [configuration({ changes: [{ manager: 'aloft-certificates', at: at(31), isOfMetadata: false }] })] },
      'configuration-changed: aloft-certificates changed the webhook configuration aloft 2026-01-01T12:31:00Z; the Pod was created 2026-01-01T12:30:00Z',
    ],
    [
      'the policy was another one',
      live(),
      { policyChangedAt: at(31) },
      'policy-changed: ConfigMap aloft-system/aloft-policy was changed 2026-01-01T12:31:00Z, after the object',
    ],
    [
      'the policy is another one',
      live(),
      { policyChangedAt: undefined },
      'other-policy: the cluster may run another policy than this one, ConfigMap aloft-system/aloft-policy',
    ],
    [
      'nobody trusts aloft',
      live(),
      { own: [configuration({}, { hasCaBundle: false })] },
      'no-ca-bundle: pods.aloft.dev: no caBundle, so API servers do not trust aloft now',
    ],
    [
      'nobody answers',
      live(),
      { ready: { value: 0 } },
      'not-ready: Service aloft-system/aloft has no ready endpoint now',
    ],
    [
      'nobody may see whether anybody answers',
      live(),
      { ready: { denied: 'list endpointslices' } },
      'not-known: whether Service aloft-system/aloft has endpoints: the right to list endpointslices is missing',
    ],
    [
      'CEL decides',
      live(),
      { own: [configuration({}, { conditions: ['not-batch'] })] },
      'perhaps-not-called: pods.aloft.dev: its matchConditions decide, in CEL: not-batch',
    ],
    [
      'somebody took the label away',
      live({ changes: [{ manager: 'kubectl-label', at: at(45), isOfMetadata: true }] }),
      {},
      'object-changed: kubectl-label changed its metadata 2026-01-01T12:45:00Z, after it was created',
    ],
    [
      'aloft does not see labels of namespaces',
      live(),
      { rules: [{ rule: 'tracer-env', match: { namespaceLabels: { a: 'b' } } }] },
      'namespace-labels: tracer-env: aloft needs the ClusterRole aloft-namespaces to see labels of namespaces',
    ],
  ])('%s', (_, object, known, cause) => {
    expect(told(object, known)).toEqual([`? ${cause}`]);
  });

  test('nothing of it, where it cannot be', () => {
    const renewal = { manager: 'aloft-certificates', at: at(90), isOfMetadata: false };
    const before = { manager: 'helm', at: at(29), isOfMetadata: true };
    const ofKubelet = { manager: 'kubelet', at: at(31), isOfMetadata: false };
    const creation = { manager: 'kubectl', at: at(30), isOfMetadata: true };
    const own = [configuration({ changes: [renewal, before] })];
    expect(told(live({ changes: [ofKubelet, creation] }), { own })).toEqual([]);
  });

  test('the webhook configuration cannot be seen: then the rest that may be', () => {
    const known = evidence({ policyChangedAt: undefined });
    const hidden = {
      ...known,
      installation: { ...known.installation, own: [], configurations: { denied: 'list them' } },
    };
    expect(whyOf(live(), [missing], hidden)).toMatchObject({
      causes: [
        { code: 'not-known', isSure: false, message: 'the right to list them is missing, which would say more' },
        { code: 'other-policy' },
      ],
    });
    expect(whyOf(live(), [missing], hidden)).not.toHaveProperty('next');
  });
});

describe('what to do', () => {
  const owned = (kind: string, name: string, labels = {}) => ({
    metadata: { labels, ownerReferences: [{ kind, name, controller: true }] },
  });
  const older = { createdAt: at(-1) };
  test.each<[string, LiveObject, string]>([
    ['a Pod of nobody', live(older), 'make the Pod anew: aloft never changes one that exists'],
    [
      'a Pod of a Deployment',
      live({ ...older, ...owned('ReplicaSet', 'cart-1', { 'pod-template-hash': '1' }) }),
      'make its Pods anew: kubectl rollout restart deployment/cart -n shop',
    ],
    [
      'a Pod of a DaemonSet',
      live({ ...older, ...owned('DaemonSet', 'agent') }),
      'make its Pods anew: kubectl rollout restart daemonset/agent -n shop',
    ],
    [
      'a Pod of a Job',
      live({ ...older, ...owned('Job', 'n') }),
      'make the Pod anew: aloft never changes one that exists',
    ],
    ['a Service', service(older), "review it again: kubectl patch service/cart -n shop -p '{}'"],
    ['a workload', live({ resource: resource('sts') }), 'see one of its Pods: aloft explain pod/NAME -n shop'],
  ])('about %s', (_, object, next) => {
    expect(whyOf(object, [missing], evidence()).next).toBe(next);
  });

  test.each<[string, Known]>([
    ['aloft is not installed', { own: [] }],
    ['it would not be called again', { own: [configuration({}, { objectSelector: { matchLabels: { a: 'b' } } })] }],
    ['nobody would answer', { ready: { value: 0 } }],
  ])('nothing about the object, where %s', (_, known) => {
    expect(whyOf(live(), [missing], evidence(known))).not.toHaveProperty('next');
  });
});
