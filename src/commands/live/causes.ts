import type { Step } from '../../engine/review.js';
import type { Cause, CauseCode } from '../../reports/explained.js';
import { isInjectorWebhook } from '../../vendors/istio-webhooks.js';
import { callsOf, type Evidence, type OpenWebhook } from './calls.js';
import type { Installation } from './installation.js';
import type { LiveObject } from './objects.js';
import type { ChosenPolicy } from './policy.js';

/** Why something is missing on an object, what is enough to explain it first; else all that may be. */
export function causesOf(live: LiveObject, lacking: readonly Step[], evidence: Evidence): readonly Cause[] {
  const { configurations, own } = evidence.installation;
  if ('denied' in configurations) {
    return [
      perhaps('not-known', `the right to ${configurations.denied} is missing, which would say more`),
      ...always(live, lacking, evidence),
    ];
  }
  if (own.length === 0) return [sure('not-installed', 'no MutatingWebhookConfiguration in the cluster is of aloft')];
  const called = callsOf(live, evidence);
  if ('closed' in called) return called.closed.map((why) => sure('not-called', why));
  const found = [
    ...orderCauses(lacking, evidence.installation),
    ...ageCauses(live, called.open),
    ...called.open.flatMap(({ webhook: { name }, call }) =>
      call.called === 'perhaps' ? [perhaps('perhaps-not-called', `${name}: ${call.why}`)] : [],
    ),
    ...presentCauses(called.open, evidence.installation),
    ...always(live, lacking, evidence),
    ...failureCauses(called.open),
  ];
  const enough = found.filter(({ isSure }) => isSure);
  return enough.length > 0 ? enough : found;
}

const sure = (code: CauseCode, message: string): Cause => ({ code, isSure: true, message });
const perhaps = (code: CauseCode, message: string): Cause => ({ code, isSure: false, message });

/** A sidecar that is there already was injected before aloft looked. */
function orderCauses(lacking: readonly Step[], { configurations, own }: Installation): readonly Cause[] {
  const isLate = lacking.some((step) => step.outcome === 'skipped');
  if (!isLate || !('value' in configurations)) return [];
  const first = configurations.value.findIndex((one) => own.includes(one));
  const injectors = configurations.value
    .slice(0, first)
    .filter(({ webhooks }) => webhooks.some(({ name }) => isInjectorWebhook(name)));
  return injectors.map(({ name }) =>
    sure(
      'injector-first',
      `${name} comes before ${own[0]?.name} in bytewise order, and injects before aloft is called`,
    ),
  );
}

/** When the webhook last had a chance: a Service is reviewed again with every update, a Pod never. */
const reviewedAt = ({ resource, createdAt, changes }: LiveObject): number =>
  resource.kind === 'Service' ? Math.max(createdAt, ...changes.map(({ at }) => at)) : createdAt;

function ageCauses(live: LiveObject, open: readonly OpenWebhook[]): readonly Cause[] {
  const at = reviewedAt(live);
  const own = [...new Set(open.map(({ configuration }) => configuration))];
  const what = `the ${live.resource.kind}`;
  const younger = own.filter(({ createdAt }) => at < createdAt);
  const last = at > live.createdAt ? 'was last changed' : 'was created';
  if (younger.length === own.length) {
    return younger.map(({ name, createdAt }) =>
      sure(
        'created-before',
        `${what} ${last} ${showTime(at)}, the webhook configuration ${name} ${showTime(createdAt)}`,
      ),
    );
  }
  return own.flatMap(({ name, createdAt, changes }) => {
    const change = changes.find((one) => one.at >= at && !isRenewal(one, createdAt));
    if (change === undefined) return [];
    const when = `${change.manager} changed the webhook configuration ${name} ${showTime(change.at)}`;
    return [perhaps('configuration-changed', `${when}; ${what} ${last} ${showTime(at)}`)];
  });
}

/** aloft renews its CA without a gap; only the first time nobody trusted it before. */
const isRenewal = ({ manager, at }: { readonly manager: string; readonly at: number }, createdAt: number): boolean =>
  manager === 'aloft-certificates' && at - createdAt > 3_600_000;

/** What would keep the webhook from being called now. */
function presentCauses(open: readonly OpenWebhook[], { service, ready }: Installation): readonly Cause[] {
  const untrusted = open.filter(({ webhook }) => !webhook.hasCaBundle).map(({ webhook }) => webhook.name);
  const title = `Service ${service.namespace}/${service.name}`;
  return [
    ...(untrusted.length === 0
      ? []
      : [perhaps('no-ca-bundle', `${untrusted.join(', ')}: no caBundle, so API servers do not trust aloft now`)]),
    ...('value' in ready && ready.value === 0 ? [perhaps('not-ready', `${title} has no ready endpoint now`)] : []),
    ...('denied' in ready
      ? [perhaps('not-known', `whether ${title} has endpoints: the right to ${ready.denied} is missing`)]
      : []),
  ];
}

/** What may be whether or not the webhook's configuration can be seen. */
function always(live: LiveObject, lacking: readonly Step[], { policy }: Evidence): readonly Cause[] {
  const at = reviewedAt(live);
  const labels = lacking.filter(({ name }) => usesNamespaceLabels(policy, name)).map(({ name }) => name);
  const edits = lacking.flatMap((step) => ('edits' in step ? step.edits : []));
  const change = live.changes.find((one) => one.isOfMetadata && one.at > live.createdAt + 1000);
  const isOfMetadata = edits.some(({ kind }) => kind === 'label' || kind === 'annotation');
  return [
    ...(policy.changedAt !== undefined && policy.changedAt >= at
      ? [perhaps('policy-changed', `${policy.source} was changed ${showTime(policy.changedAt)}, after the object`)]
      : []),
    ...(policy.changedAt === undefined
      ? [perhaps('other-policy', `the cluster may run another policy than this one, ${policy.source}`)]
      : []),
    ...(labels.length === 0
      ? []
      : [
          perhaps(
            'namespace-labels',
            `${labels.join(', ')}: aloft needs the ClusterRole aloft-namespaces to see labels of namespaces`,
          ),
        ]),
    ...(change !== undefined && isOfMetadata
      ? [
          perhaps(
            'object-changed',
            `${change.manager} changed its metadata ${showTime(change.at)}, after it was created`,
          ),
        ]
      : []),
  ];
}

const usesNamespaceLabels = ({ policy }: ChosenPolicy, name: string): boolean =>
  policy.spec.rules.some((rule) => rule.name === name && rule.match.namespaceLabels !== undefined);

/** What no object tells: only the API server knows which of its calls failed. */
function failureCauses(open: readonly OpenWebhook[]): readonly Cause[] {
  const { webhook } = open.find((one) => one.webhook.failurePolicy === 'Ignore') ?? {};
  if (webhook === undefined) return [];
  const metric = `apiserver_admission_webhook_fail_open_count{name="${webhook.name}"}`;
  const says = `under failurePolicy Ignore a call that fails leaves no trace on the object; the API server counts them`;
  return [perhaps('call-failed', `${says} in ${metric}`)];
}

/** A time as the API server writes it. */
export const showTime = (at: number): string =>
  Number.isNaN(at) ? 'at an unknown time' : new Date(at).toISOString().replace('.000Z', 'Z');
