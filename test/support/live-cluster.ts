import { pathOf, type Resource, resources, surroundings } from '../../src/cluster/resources.js';
import { type ApiServer, type Asked, type Fault, startApiServer, writeKubeconfig } from './api-server.js';
import type { ApiObject, Json } from './api-store.js';

/** An API server with objects to be read and listed, and the kubeconfig of somebody who may. */
export type LiveCluster = {
  readonly api: ApiServer;
  readonly kubeconfig: string;
  /** Puts objects in; kinds are those that aloft reads. */
  readonly put: (...objects: readonly Json[]) => void;
  /** Requests that are forbidden, as the beginning of a path. */
  readonly forbidden: Set<string>;
  /** Versions of groups that the server does not have, such as `/apis/batch/v1/`. */
  readonly unknown: Set<string>;
  /** How many objects a page has, whatever is asked for. */
  pageSize: number;
  readonly close: () => Promise<void>;
};

const known: readonly Resource[] = [...resources, ...Object.values(surroundings)];

export async function startLiveCluster(): Promise<LiveCluster> {
  const api = await startApiServer();
  const cluster: LiveCluster = {
    api,
    kubeconfig: await writeKubeconfig(api.url),
    put: (...objects) => {
      for (const object of objects) api.objects.set(pathFor(object), object as ApiObject);
    },
    forbidden: new Set(),
    unknown: new Set(),
    pageSize: 500,
    close: api.close,
  };
  api.fault = (asked) => answerTo(cluster, asked);
  return cluster;
}

function pathFor({ apiVersion, kind, metadata }: Json): string {
  const resource = known.find((one) => one.kind === kind);
  const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string };
  if (resource === undefined) throw new Error(`no path for ${kind}`);
  return pathOf(resource, String(apiVersion).split('/').at(-1) ?? '', { namespace, name });
}

/** What the store does not do: lists of every kind, in pages, and refusals. */
function answerTo({ api, forbidden, unknown, pageSize }: LiveCluster, { path, query }: Asked): Fault | undefined {
  if ([...forbidden].some((one) => path.startsWith(one))) return { status: 403, message: `${path} is forbidden` };
  if ([...unknown].some((one) => path.startsWith(one))) return { status: 404, message: 'no such version' };
  const plural = path.slice(path.lastIndexOf('/') + 1);
  if (!known.some((one) => one.plural === plural)) return undefined;
  const root = /^\/apis?\/([^/]+\/)?v[^/]+\//.exec(path)?.[0] ?? '';
  const isAll = !path.startsWith(`${root}namespaces/`);
  const paths = [...api.objects.keys()].filter((one) => {
    const collection = one.slice(0, one.lastIndexOf('/'));
    return collection === path || (isAll && collection.startsWith(root) && collection.endsWith(`/${plural}`));
  });
  const labels = Object.fromEntries((query['labelSelector'] ?? '').split(',').map((pair) => pair.split('=')));
  const all = paths.map((one) => api.objects.get(one)).filter((one) => one !== undefined && has(one, labels));
  const from = Number(query['continue'] ?? 0);
  const to = Math.min(from + Number(query['limit'] ?? 500), from + pageSize);
  const items = all.slice(from, to).map((object) => ({ ...object, apiVersion: undefined, kind: undefined }));
  const metadata = to < all.length ? { continue: String(to) } : {};
  return { text: JSON.stringify({ apiVersion: root.split('/').slice(2, -1).join('/'), metadata, items }) };
}

const has = (object: ApiObject | undefined, labels: Readonly<Record<string, string | undefined>>): boolean =>
  Object.entries(labels).every(
    ([key, value]) => key === '' || (object?.metadata['labels'] as Record<string, string>)?.[key] === value,
  );
