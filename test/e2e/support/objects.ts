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
    // Before 1.24, each comes with a token, and no Pod without it.
    return account.status === 200 && (api.minor >= 24 || (account.body.secrets?.length ?? 0) > 0);
  });
}

type Target = { readonly namespace: string; readonly name: string };
type Served = { readonly address: string; readonly ports: readonly number[]; readonly portName?: string };

/** Whose ports a Service leads to. Older API servers follow Endpoints, newer ones EndpointSlices. */
export async function setEndpoints(api: Api, service: Target, served: Served): Promise<void> {
  if (api.minor >= 25) await setSlices(api, service, served);
  const { address, ports, portName: name } = served;
  // Each port is a subset of its own, so that each is a replica.
  const subsets = ports.map((port) => ({ addresses: [{ ip: address }], ports: [{ port, protocol: 'TCP', name }] }));
  const body = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: service.name }, subsets };
  const path = paths.endpoints(service.namespace);
  const put = await api.call(`${path}/${service.name}`, { method: 'PUT', body });
  const { status } = put.status === 404 ? await api.call(path, { method: 'POST', body }) : put;
  if (status > 201) throw new Error(`Endpoints ${service.name}: ${put.status} ${put.body?.message}`);
}

/** A slice for each port; those of ports that are gone go last. */
async function setSlices(api: Api, { namespace, name }: Target, { address, ports, portName = '' }: Served) {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const labels = { 'kubernetes.io/service-name': name };
  const { items } = await api.read(`${path}?labelSelector=kubernetes.io%2Fservice-name%3D${name}`);
  const present: readonly string[] = items.map(
    (item: { readonly metadata: { readonly name: string } }) => item.metadata.name,
  );
  const wanted = new Map(ports.map((port) => [`${name}-${port}`, port]));
  for (const [slice, port] of wanted) {
    if (present.includes(slice)) continue;
    const body = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: slice, labels },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: portName, port, protocol: 'TCP' }],
    };
    const created = await api.call(path, { method: 'POST', body });
    if (created.status !== 201) throw new Error(`EndpointSlice ${slice}: ${created.body?.message}`);
  }
  for (const slice of present) if (!wanted.has(slice)) await api.call(`${path}/${slice}`, { method: 'DELETE' });
}

/** Whether a resource is there to ask who one is, or what one may do, which everyone may who is authenticated. */
export const isAboutOneself = (resource: string): boolean => resource.startsWith('selfsubject');

/** A node that workloads may run on, for as much as the controllers can tell. */
export async function createNode(api: Api, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  const created = await api.call('/api/v1/nodes', { method: 'POST', body });
  if (created.status !== 201) throw new Error(`node ${name}: ${created.body?.message}`);
  // The API server takes every new node for one that is not ready, until its kubelet says otherwise.
  const patch = { method: 'PATCH', body: { spec: { taints: null } }, contentType: mergePatch } as const;
  await api.call(`/api/v1/nodes/${name}`, patch);
}
