import { type Api, mergePatch } from './api.js';
import { until } from './poll.js';

export const aloft = {
  namespace: 'aloft-system',
  service: 'aloft',
  secret: 'aloft-tls',
  configuration: 'aloft',
  serviceAccount: 'aloft',
} as const;

export const paths = {
  configuration: (name: string = aloft.configuration) =>
    `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${name}`,
  configurations: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  secret: `/api/v1/namespaces/${aloft.namespace}/secrets/${aloft.secret}`,
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  services: (namespace: string) => `/api/v1/namespaces/${namespace}/services`,
  endpoints: (namespace: string) => `/api/v1/namespaces/${namespace}/endpoints`,
} as const;

/** Creates a namespace, and waits until Pods can be created there. */
export async function createNamespace(api: Api, name: string, labels: Readonly<Record<string, string>> = {}) {
  const metadata = { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } };
  const { status, body } = await api.call('/api/v1/namespaces', { method: 'POST', body: { metadata } });
  if (status !== 201) throw new Error(`namespace ${name}: ${body?.message}`);
  await until(`namespace ${name} has its ServiceAccount`, async () => {
    const account = await api.call(`/api/v1/namespaces/${name}/serviceaccounts/default`);
    return account.status === 200 && (account.body.secrets?.length ?? 0) > 0;
  });
}

/** Whose ports a Service leads to; each is a subset of its own, so that each is a replica. */
export async function setEndpoints(
  api: Api,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  {
    address,
    ports,
    portName,
  }: { readonly address: string; readonly ports: readonly number[]; readonly portName?: string },
): Promise<void> {
  const subsets = ports.map((port) => ({
    addresses: [{ ip: address }],
    ports: [{ port, protocol: 'TCP', ...(portName === undefined ? {} : { name: portName }) }],
  }));
  const body = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name }, subsets };
  const path = paths.endpoints(namespace);
  const put = await api.call(`${path}/${name}`, { method: 'PUT', body });
  const { status } = put.status === 404 ? await api.call(path, { method: 'POST', body }) : put;
  if (status > 201) throw new Error(`Endpoints ${name}: ${put.status} ${put.body?.message}`);
}

/** A node that workloads may run on, for as much as the controllers can tell. */
export async function createNode(api: Api, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  const created = await api.call('/api/v1/nodes', { method: 'POST', body });
  if (created.status !== 201) throw new Error(`node ${name}: ${created.body?.message}`);
  // The API server takes every new node for one that is not ready, until its kubelet says otherwise.
  const patch = { method: 'PATCH', body: { spec: { taints: null } }, contentType: mergePatch } as const;
  await api.call(`/api/v1/nodes/${name}`, patch);
}
