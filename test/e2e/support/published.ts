import { issuePair } from '../../../src/certificates/issue.js';
import type { CertificatePair } from '../../../src/certificates/pair.js';
import { jsonPatch } from './api.js';
import { createNamespace, paths, setEndpoints } from './objects.js';
import type { Suite } from './suite.js';

/** A webhook that is not aloft, as the cluster knows it: a Service in a namespace of its own, and a configuration. */
export type Published = {
  readonly namespace: string;
  readonly route: (servers: readonly { readonly port: number }[]) => Promise<void>;
  readonly trust: (bundle: string) => Promise<void>;
  readonly remove: () => Promise<void>;
};

export type PublishOptions = {
  /** Of the configuration; the Service is called `webhook`, in the namespace of this name. */
  readonly name: string;
  readonly failurePolicy: 'Ignore' | 'Fail';
  readonly trusted: string;
  /** One entry for each pair of selectors; without, one entry for the Pods of the webhook's own namespace. */
  readonly entries?: readonly Entry[];
};

export type Entry = { readonly name: string; readonly namespaceSelector: object; readonly objectSelector?: object };

/** A certificate for the webhook of that name. */
export const pairFor = (name: string): Promise<CertificatePair> =>
  issuePair({ names: [`webhook.${name}.svc`], lifetimeDays: 1, now: new Date(), subject: name });

/** Publishes a webhook for Pods that are created. */
export async function publish({ api, address }: Suite, options: PublishOptions): Promise<Published> {
  const { name, failurePolicy, trusted } = options;
  const own = { name: `${name}.e2e.aloft.dev`, namespaceSelector: { matchLabels: { [labelKey]: name } } };
  const { entries = [own] } = options;
  await createNamespace(api, name, { [labelKey]: name });
  const spec = { ports: [{ port: 443 }] };
  await api.call(paths.services(name), { method: 'POST', body: { metadata: { name: 'webhook' }, spec } });
  const webhooks = entries.map((entry) => ({
    ...entry,
    clientConfig: { service: { namespace: name, name: 'webhook', path: '/inject' }, caBundle: encode(trusted) },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
    failurePolicy,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 30,
  }));
  const { status, body } = await api.call(paths.configurations, {
    method: 'POST',
    body: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name },
      webhooks,
    },
  });
  if (status !== 201) throw new Error(`configuration ${name}: ${body?.message}`);
  return {
    namespace: name,
    route: (servers) =>
      setEndpoints(api, { namespace: name, name: 'webhook' }, { address, ports: servers.map(({ port }) => port) }),
    trust: async (bundle) => {
      const patch = webhooks.map((_, index) => ({
        op: 'replace',
        path: `/webhooks/${index}/clientConfig/caBundle`,
        value: encode(bundle),
      }));
      await api.call(paths.configuration(name), { method: 'PATCH', body: patch, contentType: jsonPatch });
    },
    remove: async () => {
      await api.call(paths.configuration(name), { method: 'DELETE' });
    },
  };
}

const labelKey = 'e2e.aloft.dev/webhook';
const encode = (pem: string): string => Buffer.from(pem).toString('base64');
