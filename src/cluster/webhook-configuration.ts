import type { V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import type { WebhookConfiguration, WebhookKind } from './cluster.js';

export type WireConfiguration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;

/** A webhook configuration as the API server sends it, as far as certificates and the order of calls go. */
export function parseWebhookConfiguration(kind: WebhookKind, wire: WireConfiguration): WebhookConfiguration {
  const { name = '', uid = '', resourceVersion = '', generation = 0, managedFields = [] } = wire.metadata ?? {};
  const managers = managedFields
    .toSorted((one, other) => Number(other.time ?? 0) - Number(one.time ?? 0))
    .map(({ manager = '' }) => manager);
  return {
    kind,
    name,
    uid,
    version: resourceVersion,
    generation,
    managers,
    webhooks: (wire.webhooks ?? []).map(({ name: webhook, clientConfig: { service, caBundle = '' } }) => ({
      name: webhook,
      ...(service ? { service: { namespace: service.namespace, name: service.name } } : {}),
      caBundle: Buffer.from(caBundle, 'base64').toString('utf8'),
    })),
  };
}
