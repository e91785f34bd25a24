import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultPolicy } from '../../../src/policy/default.js';
import { writeKubeconfig } from '../../support/api-server.js';
import { aloft, createFolders } from '../../support/commands.js';
import { type LiveCluster, startLiveCluster } from '../../support/live-cluster.js';
import { policyText } from '../../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

// What a command loads when a cluster is asked for is heavy, and not what is timed.
beforeAll(async () => {
  await import('../../../src/cluster/objects.js');
}, 60_000);

let cluster: LiveCluster;
beforeEach(async () => {
  cluster = await startLiveCluster();
});
afterEach(() => cluster.close());

const explain = (...args: readonly string[]) => aloft(['explain', ...args, '--kubeconfig', cluster.kubeconfig]);
const explainJson = async (...args: readonly string[]) => JSON.parse((await explain(...args, '-o', 'json')).out);

const pod = (created: string, spec: object = {}, labels = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'cart', namespace: 'shop', creationTimestamp: created, labels: { app: 'cart', ...labels } },
  spec: { containers: [{ name: 'app', image: 'shop/cart:1', ...spec }] },
});
const env = [
  { name: 'DD_AGENT_HOST', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.hostIP' } } },
  { name: 'DD_ENTITY_ID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } },
  { name: 'DD_SERVICE', value: 'cart' },
  { name: 'DD_VERSION', value: '1' },
];

const [before, installed, after] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];

/** aloft as its manifests install it; `name` is that of a release. */
function install({
  name = 'aloft',
  policy = defaultPolicy,
}: {
  readonly name?: string;
  readonly policy?: string;
} = {}) {
  const namespace = 'aloft-system';
  cluster.put(
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name, creationTimestamp: installed },
      webhooks: [
        {
          name: 'pods.aloft.dev',
          clientConfig: { service: { namespace, name }, caBundle: 'QQ==' },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
          failurePolicy: 'Ignore',
        },
      ],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `${name}-policy`,
        namespace,
        managedFields: [{ manager: 'kubectl', time: installed }],
      },
      data: { 'policy.yaml': policy },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name, namespace },
      subsets: [{ addresses: [{ ip: '10.0.0.1' }] }],
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
  );
}

test('a Pod of the cluster: what is missing, and why', async () => {
  install();
  cluster.put(pod(before));
  expect(await explain('pod/cart', '-n', 'shop')).toEqual({
    code: 0,
    err: '',
    out: `context test
policy "default", ConfigMap aloft-system/aloft-policy, last changed
  2026-01-02T00:00:00Z
webhook configuration aloft, created 2026-01-02T00:00:00Z

Pod cart
  namespace shop, created 2026-01-01T00:00:00Z
  agents-outside-mesh (enforce): skipped
    - not-an-agent: nothing in the labels or images says that the Pod is a
      monitoring agent
        labels: app=cart
        images: shop/cart:1 in app
  tracer-env (enforce): missing
    + env DD_AGENT_HOST = from status.hostIP in app
        agent-address: the node's agent by its IP
    + env DD_ENTITY_ID = from metadata.uid in app
        entity-id: the Pod by its UID
    + env DD_SERVICE = "cart" in app
        service-identity: from label app
    + env DD_VERSION = "1" in app
        service-identity: from the image tag of app
  => why it is missing:
    ! created-before: the Pod was created 2026-01-01T00:00:00Z, the webhook
      configuration aloft 2026-01-02T00:00:00Z
    > make the Pod anew: aloft never changes one that exists
`,
  });
});

test('a Pod to which everything was done', async () => {
  install();
  cluster.put(pod(after, { env }));
  const { code, out } = await explain('po', 'cart', '-n', 'shop', '--rule', 'tracer-env');
  expect(code).toBe(0);
  expect(out).toContain(`
  tracer-env (enforce): nothing to do
    = env DD_AGENT_HOST = from status.hostIP in app, already so
        agent-address: the node's agent by its IP
`);
  expect(out).toMatch(
    /\n {2}=> nothing is missing: aloft did it, or the author; an object does not tell\n {4}which\n$/,
  );
});

test('for programs', async () => {
  install();
  cluster.put(pod(before));
  expect(await explainJson('pod/cart', '-n', 'shop', '--rule', 'tracer-env')).toMatchObject({
    kind: 'Explanation',
    policy: { name: 'default', source: 'ConfigMap aloft-system/aloft-policy', changed: installed },
    cluster: { context: 'test', configurations: [{ name: 'aloft', created: installed }], missingRights: [] },
    items: [
      {
        file: 'live:shop/pod/cart',
        object: { kind: 'Pod', namespace: 'shop', name: 'cart' },
        steps: [
          {
            name: 'tracer-env',
            outcome: 'edited',
            policy: { file: 'live:aloft-system/configmap/aloft-policy/policy.yaml' },
          },
        ],
        live: {
          created: before,
          verdict: 'missing',
          causes: [{ code: 'created-before', sure: true }],
          next: 'make the Pod anew: aloft never changes one that exists',
        },
      },
    ],
  });
});

describe('the policy is', () => {
  const policySource = async (...args: readonly string[]) =>
    (await explainJson('pod/cart', '-n', 'shop', ...args)).policy;

  test('that of the cluster, also under the name of another release, and says what stands in the way', async () => {
    const policy = policyText('  rules:\n    - rule: tracer-env\n      match: {labels: {app: web}}\n');
    install({ name: 'aloft-two', policy });
    cluster.put(pod(after));
    const { out } = await explain('pod/cart', '-n', 'shop');
    expect(out).toContain('policy "test", ConfigMap aloft-system/aloft-two-policy, last changed');
    expect(out.replaceAll(/\n {6}/g, ' ')).toContain(
      '- labels-out-of-scope: label app is cart, web is wanted (live:aloft-system/configmap/aloft-two-policy/policy.yaml:7:24)\n',
    );
    expect(out).toContain('=> no rule is to add anything to it\n');
  });

  test('the one that is given', async () => {
    const dir = await folders.create({ 'policy.yaml': policyText('  rules: [{rule: tracer-env}]\n') });
    install();
    cluster.put(pod(before));
    expect(await policySource('--policy', `${dir}/policy.yaml`)).toEqual({
      name: 'test',
      source: `${dir}/policy.yaml`,
    });
  });

  test('the embedded one, where there is none, or it may not be read', async () => {
    cluster.put(pod(before));
    expect(await policySource()).toMatchObject({ instead: 'there is no ConfigMap aloft-system/aloft-policy' });
    install();
    cluster.forbidden.add('/api/v1/namespaces/aloft-system/configmaps');
    expect(await policySource()).toEqual({
      name: 'default',
      source: 'the embedded policy',
      instead: 'the right to get configmaps aloft-policy in namespace aloft-system is missing',
    });
  });

  test('none, where that of the cluster is no good', async () => {
    install({ policy: 'kind: Policy\n' });
    cluster.put(pod(before));
    const { code, out, err } = await explain('pod/cart', '-n', 'shop');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('aloft: live:aloft-system/configmap/aloft-policy/policy.yaml:1:1 apiVersion: expected');
    expect(err).toContain(
      'aloft: ConfigMap aloft-system/aloft-policy is no good policy: aloft keeps the last good one; name it with --policy\n',
    );
  });
});

describe('what is known of the cluster counts:', () => {
  test('labels of the namespace', async () => {
    const policy = (team: string) =>
      policyText(`  rules: [{rule: tracer-env, match: {namespaceLabels: {team: ${team}}}}]\n`);
    install({ policy: policy('a') });
    cluster.put(pod(after, { env }));
    expect((await explainJson('pod/cart', '-n', 'shop')).items[0].live.verdict).toBe('as-wanted');
    install({ policy: policy('b') });
    expect((await explainJson('pod/cart', '-n', 'shop')).items[0].steps[0].reasons[0]).toMatchObject({
      code: 'namespace-labels-out-of-scope',
      message: 'namespace shop: label team is a, b is wanted',
    });
  });

  test('the namespace that aloft itself is in', async () => {
    install();
    cluster.put({ ...pod(after), metadata: { name: 'cart', namespace: 'aloft-system' } });
    expect((await explainJson('pod/cart', '-n', 'aloft-system')).items[0].steps[0].reasons[0].code).toBe(
      'own-namespace',
    );
  });

  test('whether replicas of aloft are ready, by EndpointSlices too', async () => {
    install();
    cluster.put(pod(after), {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'aloft', namespace: 'aloft-system' },
    });
    const codes = async () =>
      (await explainJson('pod/cart', '-n', 'shop')).items[0].live.causes.map((cause: { code: string }) => cause.code);
    expect(await codes()).toEqual(['not-ready', 'call-failed']);
    const labels = { 'kubernetes.io/service-name': 'aloft' };
    const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
    const metadata = { name: 'aloft-x', namespace: 'aloft-system', labels };
    cluster.put({ ...slice, metadata, endpoints: [{ conditions: { ready: false } }] });
    expect(await codes()).toEqual(['not-ready', 'call-failed']);
    cluster.put({ ...slice, metadata, endpoints: [{ conditions: { ready: true } }] });
    expect(await codes()).toEqual(['call-failed']);
  });
});

test('whoever may see little is told what would tell more', async () => {
  install();
  cluster.put(pod(before));
  for (const path of ['/apis/', '/api/v1/namespaces/aloft-system']) cluster.forbidden.add(path);
  const answer = cluster.api.fault;
  cluster.api.fault = (asked) =>
    asked.path === '/api/v1/namespaces/shop' ? { status: 403, message: 'no' } : answer(asked);
  const report = await explainJson('pod/cart', '-n', 'shop');
  expect(report.cluster).toEqual({
    context: 'test',
    missingRights: [
      'list mutatingwebhookconfigurations.admissionregistration.k8s.io',
      'list endpointslices.discovery.k8s.io in namespace aloft-system',
      'get namespaces shop',
    ],
  });
  expect(report.items[0].live.causes.map(({ code }: { code: string }) => code)).toEqual(['not-known', 'other-policy']);
  const { code, out } = await explain('pod/cart', '-n', 'shop');
  expect(code).toBe(0);
  expect(out).toContain('missing right, which would tell more: get namespaces shop\n');
});

test('whoever may only get our configuration by its name is told as much', async () => {
  install();
  cluster.put(pod(before));
  const answer = cluster.api.fault;
  cluster.api.fault = (asked) =>
    asked.path.endsWith('/mutatingwebhookconfigurations') ? { status: 403, message: 'no' } : answer(asked);
  expect((await explainJson('pod/cart', '-n', 'shop')).items[0].live.causes).toMatchObject([
    { code: 'created-before' },
  ]);
});

describe('workloads', () => {
  const selector = { matchLabels: { app: 'cart' } };
  const template = { metadata: { labels: { app: 'cart' } }, spec: pod(before).spec };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { selector, template },
  };

  test('are explained through their template, and show one of their Pods', async () => {
    install();
    cluster.put(deployment, pod(before));
    const { out } = await explain('deploy/cart', '-n', 'shop');
    expect(out).toContain('Deployment cart\n  namespace shop, through the Pods it creates, created ');
    expect(out).toContain('  tracer-env (enforce): edited\n');
    expect(out).toContain(`
  => a template stays as it is: aloft changes the Pods that are made of it
    > see one of its Pods: aloft explain pod/cart -n shop
`);
  });

  test('may have Pods that nobody may list', async () => {
    install();
    cluster.put(deployment, pod(before));
    cluster.forbidden.add('/api/v1/namespaces/shop/pods');
    expect((await explain('deploy/cart', '-n', 'shop')).out).toContain(
      '> see one of its Pods: aloft explain pod/NAME -n',
    );
  });

  test('may have no Pod', async () => {
    install();
    cluster.put(deployment);
    expect((await explain('deploy/cart', '-n', 'shop')).out).toContain('    > it has no Pod now\n');
  });
});

describe('files or a cluster', () => {
  test('what is there as a file is a file', async () => {
    const dir = await folders.create({ 'pod/cart': 'kind: ConfigMap\n' });
    const cwd = process.cwd();
    process.chdir(dir);
    try {
      const { err } = await aloft(['explain', 'pod/cart']);
      expect(err).toBe('aloft: nothing to explain: no Pod, Service or workload in the input\n');
    } finally {
      process.chdir(cwd);
    }
  });

  test('what is none, and no cluster is there, is told as both', async () => {
    const { KUBECONFIG } = process.env;
    process.env['KUBECONFIG'] = '/nowhere/config';
    try {
      const { code, err } = await aloft(['explain', 'pod/cart']);
      expect(code).toBe(2);
      expect(err).toMatch(/^aloft: pod\/cart is no file here, and kubeconfig cannot be read: .*ENOENT/);
    } finally {
      if (KUBECONFIG === undefined) delete process.env['KUBECONFIG'];
      else process.env['KUBECONFIG'] = KUBECONFIG;
    }
  });

  test.each<[string, readonly string[], string]>([
    ['both', ['pods', '-f', 'a.yaml'], 'expected files, or objects of a cluster, got both'],
    [
      'a file with a cluster',
      ['a.yaml'],
      '"a.yaml": expected a kind or an object of the cluster, such as pods or deployment/cart',
    ],
    ['an object that is not there', ['pod/web', '-n', 'shop'], 'pod/web: not in namespace shop (-n names another)'],
  ])('%s', async (_, args, message) => {
    const { code, out, err } = await explain(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(`aloft: ${message}\n`);
  });

  test('a cluster that cannot be reached', async () => {
    cluster.api.fault = () => 'drop';
    const { code, out, err } = await explain('pod/cart');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^aloft: context test: cannot list mutatingwebhookconfigurations: fetch failed \(.+\)\n$/);
  });

  test('nothing at all is wrong usage', async () => {
    const { code, err } = await aloft(['explain']);
    expect(code).toBe(2);
    expect(err).toContain('nothing to explain: name files, objects of a cluster such as pod/cart, or -');
  });
});

test('without -n it is the namespace of the context, not the one for files', async () => {
  install();
  cluster.put(pod(before), { ...pod(before), metadata: { name: 'other', namespace: 'default' } });
  const context = { cluster: 'test', user: 'test', namespace: 'shop' };
  const kubeconfig = await writeKubeconfig(cluster.api.url, undefined, { contexts: [{ name: 'test', context }] });
  const { out, err } = await aloft(['explain', 'pods', '--kubeconfig', kubeconfig]);
  expect(err).toBe('');
  expect(out.match(/^Pod .+$/gm)).toEqual(['Pod cart']);
});

test('the whole namespace, those of its context, and all', async () => {
  install();
  cluster.put(pod(before), { ...pod(before), metadata: { name: 'other', namespace: 'default' } });
  const names = async (...args: readonly string[]) =>
    (await explainJson(...args)).items.map(({ object }: { object: { name: string } }) => object.name);
  expect(await names('--context', 'live')).toEqual(['other']);
  expect(await names('--context', 'live', '-n', 'shop')).toEqual(['cart']);
  expect(await names('--context', 'test', '-A')).toEqual(['other', 'cart']);
  expect(await names('-A', 'svc,pods', '--object', 'ca*')).toEqual(['cart']);
});
