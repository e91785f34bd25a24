import { describe, expect, test } from '@jest/globals';
import { kinds } from '../../src/engine/kinds.js';
import { registry } from '../../src/rules/registry.js';
import { objectsOf, only, readManifest, type Webhook, type WebhookConfiguration } from './manifests.ts';

const base = objectsOf('base');
const mutating = only<WebhookConfiguration>('MutatingWebhookConfiguration', base);
const validating = only<WebhookConfiguration>('ValidatingWebhookConfiguration', objectsOf('components/validating'));

/** The kinds for which there are rules, as the API server has to be told of them. */
const wanted = [...new Set(registry.map(({ kind }) => kind))].sort().map((kind) => {
  const { group, version, resource, operations } = kinds[kind];
  return { apiGroups: [group], apiVersions: [version], resources: [resource], operations, scope: 'Namespaced' };
});

const common = {
  admissionReviewVersions: ['v1', 'v1beta1'],
  failurePolicy: 'Ignore',
  timeoutSeconds: 3,
  matchPolicy: 'Equivalent',
  sideEffects: 'None',
  namespaceSelector: {
    matchExpressions: [
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: ['aloft-system', 'kube-system', 'kube-node-lease'],
      },
    ],
  },
};

describe.each([
  ['mutating', mutating, '/mutate', { ...common, reinvocationPolicy: 'IfNeeded' }],
  ['validating', validating, '/validate', common],
] as const)('the %s webhook configuration', (_, configuration, path, settings) => {
  test('is called for the kinds and operations that rules are for, and for no other', () => {
    expect(configuration.webhooks.flatMap(({ rules }) => rules)).toEqual(wanted);
  });

  test('has a name that comes before every injector that may not run first', () => {
    const names = ['istio-sidecar-injector', 'istio-revision-tag-default', 'datadog-webhook', 'dynatrace-webhook'];
    const { name } = configuration.metadata;
    // Buffers compare as the API server does: by bytes.
    expect(names.filter((other) => Buffer.compare(Buffer.from(name), Buffer.from(other)) >= 0)).toEqual([]);
  });

  test.each(configuration.webhooks.map((webhook) => [webhook.name, webhook] as const))(
    '%s: its entry',
    (_, webhook) => {
      const { name, clientConfig, rules, ...rest } = webhook;
      expect(rest).toEqual(settings);
      // Without caBundle, which aloft publishes.
      expect(clientConfig).toEqual({ service: { name: 'aloft', namespace: 'aloft-system', path, port: 443 } });
      expect(rules).toHaveLength(1);
      expect(name).toMatch(/^[a-z]+(\.[a-z]+)*\.aloft\.dev$/);
    },
  );
});

test('no two entries share a name: it is a part of the keys of audit annotations', () => {
  const names = [mutating, validating].flatMap(({ webhooks }) => webhooks.map(({ name }: Webhook) => name));
  expect(new Set(names).size).toBe(names.length);
});

test('they call a port that the Service has', () => {
  const { spec } = only<{ spec: { ports: unknown } } & typeof mutating>('Service', base);
  expect(spec.ports).toEqual([{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }]);
});

test('the namespace that they leave out carries the label by which they do', () => {
  const { name, labels } = only('Namespace', base).metadata;
  expect(labels).toMatchObject({ 'kubernetes.io/metadata.name': name });
});

test.each(['base/mutating-webhook-configuration.yaml', 'components/validating/validating-webhook-configuration.yaml'])(
  '%s holds no caBundle, in whatever case',
  (path) => expect(readManifest(path)).not.toMatch(/^\s*caBundle:/im),
);
