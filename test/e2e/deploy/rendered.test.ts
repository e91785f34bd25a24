import { describe, expect, test } from '@jest/globals';
import { type Manifest, only, type Workload } from '../../deploy/manifests.ts';
import { restricted } from '../../deploy/restricted.ts';
import { readText } from '../../docs/files.ts';
import { renderChart, renderFolder, renderOverlay } from './render.ts';

const withValues = (...values: readonly string[]): readonly string[] => values.flatMap((value) => ['--set', value]);
const withNamespace = withValues('namespace.create=true');

describe('Helm and kustomize give the same objects:', () => {
  test.each<[string, string, readonly string[]]>([
    ['as they are', 'base', []],
    ['for API servers before 1.25', 'overlays/kubernetes-1.20', ['--kube-version', '1.20.2']],
    ['with cert-manager', 'overlays/cert-manager', ['--set', 'certificates.source=cert-manager']],
    ['with a validating webhook', 'overlays/validating', ['--set', 'validating.enabled=true']],
    ['with monitoring', 'overlays/monitoring', ['--set', 'monitoring.enabled=true']],
    ['with namespace labels', 'overlays/namespace-labels', ['--set', 'namespaceLabels=true']],
  ])('%s', (_, folder, args) => {
    expect(byName(renderChart([...withNamespace, ...args]))).toEqual(byName(renderFolder(folder)));
  });

  test('the Namespace aside, which Helm needs before it can install', () => {
    const rest = renderFolder('base').filter(({ kind }) => kind !== 'Namespace');
    expect(byName(renderChart())).toEqual(byName(rest));
  });
});

test('the overlay that docs/install.md shows gives what the chart gives for the same wishes', () => {
  const overlay = /```yaml\n(apiVersion: kustomize[\s\S]*?)```/.exec(readText('docs/install.md'))?.[1] ?? '';
  const policy = '# ours\napiVersion: aloft.dev/v1alpha1\nkind: Policy\n';
  const values = ['validating.enabled=true', 'monitoring.enabled=true', 'namespace.create=true'];
  const image = 'image.repository=registry.example.com/platform/aloft';
  const chart = renderChart([...withValues(...values, image), '--set-literal', `policy=${policy}`]);
  expect(byName(renderOverlay(overlay, policy))).toEqual(byName(chart));
});

test('with cert-manager and a validating webhook, both webhooks get their CA from cert-manager', () => {
  const overlay = `resources: [../aloft/manifests/base]
components: [../aloft/manifests/components/validating, ../aloft/manifests/components/cert-manager]`;
  const values = withValues('validating.enabled=true', 'certificates.source=cert-manager', 'namespace.create=true');
  expect(byName(renderOverlay(overlay))).toEqual(byName(renderChart(values)));
  const injected = renderOverlay(overlay).filter(
    ({ metadata }) => metadata.annotations?.['cert-manager.io/inject-ca-from'],
  );
  expect(injected.map(({ kind }) => kind).sort()).toEqual([
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ]);
});

describe('the chart', () => {
  test.each([
    ['another release', [], { release: 'prod' }],
    ['a name of its own', ['--set', 'fullnameOverride=admission'], {}],
    ['a namespace of its own', [], { namespace: 'platform' }],
  ] as const)('can be installed a second time: %s', (_, args, names) => {
    const first = new Set(renderChart([], { hooks: true }).map(identityOf));
    const second = renderChart([...args, '--set', 'namespaceLabels=true'], { ...names, hooks: true });
    const shared = second.map(identityOf).filter((identity) => first.has(identity));
    // In another namespace, a release of the same name owns the same names in the cluster: Helm refuses the second.
    const cluster = 'namespace' in names ? ['ClusterRole', 'ClusterRoleBinding', 'MutatingWebhookConfiguration'] : [];
    expect(shared.filter((identity) => !cluster.includes(identity.split(' ')[0] ?? ''))).toEqual([]);
  });

  test.each(['webhook.configurationName=zz-aloft', 'webhook.configurationName=istio-a', 'fullnameOverride=my-aloft'])(
    'refuses a webhook that would run after Istio: %s',
    (value) => {
      expect(() => renderChart(['--set', value])).toThrow('sorts after istio-sidecar-injector');
    },
  );

  test.each([
    ['unknown=1', "additional properties 'unknown' not allowed"],
    ['webhook.failurePolicy=ignore', "'/webhook/failurePolicy'"],
    ['webhook.port=9090', "'/webhook/port'"],
    ['certificates.source=vault', "'/certificates/source'"],
    ['replicas=0', "'/replicas'"],
  ])('refuses %s', (value, message) => expect(() => renderChart(['--set', value])).toThrow(message));

  test('takes a policy of your own as it is', () => {
    const text = '# {{ not a template }}\napiVersion: aloft.dev/v1alpha1\nkind: Policy\n';
    const [config] = renderChart(['--set-literal', `policy=${text}`]).filter(({ kind }) => kind === 'ConfigMap');
    expect(config).toMatchObject({ data: { 'policy.yaml': text } });
  });

  test('alerts in good time, however short certificates live', () => {
    const rules = JSON.stringify(renderChart(['--set', 'monitoring.enabled=true,certificates.lifetimeDays=9']));
    expect(rules).toContain(`time() < ${2 * 86_400}`);
    expect(rules).toContain(`time() < ${0.5 * 86_400}`);
  });

  test('lets a single Deployment scale where there is no autoscaler', () => {
    const objects = renderChart(['--set', 'autoscaling.enabled=false,replicas=3']);
    expect(only('Deployment', objects)).toMatchObject({ spec: { replicas: 3 } });
    expect(objects.map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
  });

  test('keeps every Pod to the restricted Pod Security Standard, that of the uninstallation as well', () => {
    const args = ['--set', 'certificates.source=cert-manager'];
    const workloads = renderChart(args, { hooks: true }).filter((object): object is Workload =>
      ['Deployment', 'Job'].includes(object.kind),
    );
    expect(workloads.map(({ kind, spec }) => [kind, restricted(spec.template.spec)])).toEqual([
      ['Deployment', []],
      ['Job', []],
    ]);
  });
});

test('with cert-manager, aloft may read the order of webhooks, and nothing else', () => {
  const objects = renderFolder('overlays/cert-manager');
  expect(objects.filter(({ kind }) => kind === 'Role' || kind === 'Secret')).toEqual([]);
  expect(only('ClusterRole', objects)).toMatchObject({
    rules: [
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['mutatingwebhookconfigurations'],
        verbs: ['list'],
      },
    ],
  });
});

const identityOf = ({ kind, metadata: { name, namespace = '' } }: Manifest): string => `${kind} ${namespace}/${name}`;

/** What Helm adds to the labels of everything. */
const ofHelm = new Set(['helm.sh/chart', 'app.kubernetes.io/managed-by']);

/** Objects by their identity, so that a difference names the object; without what only Helm writes. */
const byName = (objects: readonly Manifest[]): Readonly<Record<string, Manifest>> =>
  Object.fromEntries(
    objects
      .map((object) => {
        const labels = Object.entries(object.metadata.labels ?? {}).filter(([key]) => !ofHelm.has(key));
        return { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(labels) } };
      })
      .map((object) => [identityOf(object), sorted(object)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** kustomize may put what it merges in front: lists of named things are compared by name. */
const sorted = <T>(value: T): T => {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return (
      items.every((item) => typeof item?.name === 'string')
        ? items.sort((one, other) => (one.name < other.name ? -1 : 1))
        : items
    ) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)])) as T;
};
