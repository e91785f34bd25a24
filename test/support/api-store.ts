export type Json = Record<string, unknown>;

/** A Kubernetes object, by the path at which the API server has it. */
export type ApiObject = Json & { metadata: Json & { resourceVersion?: string } };

/** What was asked; the body is parsed. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly body: unknown;
};

/** What the API server says instead of an object. */
export const statusOf = (code: number, message: string): Json => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  code,
});

type Answer = { readonly status: number; readonly body: unknown };

/** The object of a path, or the list of a collection. */
export function read(objects: ReadonlyMap<string, ApiObject>, path: string): Answer {
  const object = objects.get(path);
  if (object !== undefined) return { status: 200, body: object };
  if (!/\/(namespaces|[a-z]+configurations)$/.test(path)) return absent(path);
  const items = [...objects].filter(([own]) => own.slice(0, own.lastIndexOf('/')) === path).map(([, one]) => one);
  return { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata: {}, items } };
}

const absent = (path: string): Answer => ({ status: 404, body: statusOf(404, `${path} not found`) });

/** A merge patch or a server-side apply, with the preconditions that either may carry. */
export function patch(objects: Map<string, ApiObject>, { path, type, body }: Asked): Answer {
  const wish = body as ApiObject;
  const isApply = type === 'application/apply-patch+yaml';
  if (!isApply && type !== 'application/merge-patch+json') return { status: 415, body: statusOf(415, `no ${type}`) };
  const known = objects.get(path);
  // A uid says which object is meant: one that is not there is not made.
  if (known === undefined && isApply && wish.metadata['uid'] !== undefined) return conflict;
  if (known === undefined && !isApply) return absent(path);
  const expected = wish.metadata.resourceVersion;
  if (expected !== undefined && expected !== known?.metadata.resourceVersion) return conflict;
  if (wish.metadata['uid'] !== undefined && wish.metadata['uid'] !== known?.metadata['uid']) return conflict;
  const next = merge(known ?? {}, wish) as ApiObject;
  next.metadata.resourceVersion = String(Number(known?.metadata.resourceVersion ?? 0) + 1);
  objects.set(path, next);
  return { status: 200, body: next };
}

const conflict: Answer = { status: 409, body: statusOf(409, 'the object has been modified') };

/** Objects member by member, `null` removes, lists of named things by their names. */
function merge(into: unknown, change: unknown): unknown {
  if (Array.isArray(change) && Array.isArray(into))
    return into.map((one: Json) => merge(one, change.find((other: Json) => other['name'] === one['name']) ?? {}));
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const merged: Json = { ...(into as Json | undefined) };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
