import { type Change, changesOf } from '../../cluster/mutating-webhook.js';
import type { Objects } from '../../cluster/objects.js';
import { type Resource, resources } from '../../cluster/resources.js';
import { printManifest } from '../../manifests/print.js';
import { asRecord, asText, isRecord, type Json, valueAt } from '../../model/json.js';
import { ownerOf } from '../../model/metadata.js';
import type { Wanted } from './wanted.js';

/** An object of the cluster: as a manifest, and what the manifest leaves out. */
export type LiveObject = {
  /** What messages call it: `live:shop/deployment/cart`. */
  readonly file: string;
  readonly text: string;
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly metadata: Json;
  /** What controls it, as far as it says so. */
  readonly ownerUid?: string;
  /** Who changed it, the latest first. */
  readonly changes: readonly Change[];
  /** By which it finds its Pods. */
  readonly selector: unknown;
  /** A Pod whose containers have ended for good. */
  readonly isFinished: boolean;
};

/** Objects, and why others cannot be told, a sentence each. */
export type Fetched = { readonly objects: readonly LiveObject[]; readonly problems: readonly string[] };

type Where = { readonly namespace?: string | undefined };

/** What is asked for; without anything, each thing once. Throws where the API server gives no answer. */
export async function fetchObjects(api: Objects, wanted: readonly Wanted[], where: Where): Promise<Fetched> {
  const isEverything = wanted.length === 0;
  const all: readonly Wanted[] = isEverything ? resources.map((resource) => ({ resource })) : wanted;
  const fetched = await Promise.all(all.map((one) => fetchOne(api, one, where)));
  const objects = fetched.flatMap((one) => one.objects);
  return {
    objects: (isEverything ? eachOnce(objects) : objects).toSorted(byPlace),
    problems: fetched.flatMap(({ problems }) => problems),
  };
}

async function fetchOne(api: Objects, { resource, name }: Wanted, { namespace }: Where): Promise<Fetched> {
  if (name === undefined) {
    const found = await api.list(resource, { ...(namespace !== undefined && { namespace }) }, (object) =>
      liveObject(resource, object),
    );
    if ('denied' in found) return { objects: [], problems: [`missing right: ${found.denied}`] };
    // A server without a kind has no object of it; and of what has ended nothing can be changed or seen.
    return { objects: 'value' in found ? found.value.filter(({ isFinished }) => !isFinished) : [], problems: [] };
  }
  const own = namespace ?? api.context.namespace;
  const found = await api.read(resource, { namespace: own, name });
  if ('value' in found) return { objects: [liveObject(resource, found.value)], problems: [] };
  const title = `${resource.kind.toLowerCase()}/${name}`;
  const problem = 'denied' in found ? `missing right: ${found.denied}` : `not in namespace ${own} (-n names another)`;
  return { objects: [], problems: [`${title}: ${problem}`] };
}

function liveObject(resource: Resource, object: Json): LiveObject {
  const { metadata, manifest } = asManifest(object);
  const namespace = asText(metadata['namespace']);
  const name = asText(metadata['name']);
  const { uid, creationTimestamp } = asRecord(object['metadata']);
  const owner = ownerOf({ metadata });
  const ownerUid = owner?.controller === true ? asText((owner as Json)['uid']) : '';
  return {
    file: `live:${namespace}/${resource.kind.toLowerCase()}/${name}`,
    text: printManifest(manifest),
    resource,
    namespace,
    name,
    uid: asText(uid),
    createdAt: Date.parse(asText(creationTimestamp)),
    metadata,
    ...(ownerUid !== '' && { ownerUid }),
    changes: changesOf(object),
    selector: valueAt(object, ['spec', 'selector']),
    isFinished:
      resource.kind === 'Pod' && ['Succeeded', 'Failed'].includes(asText(valueAt(object, ['status', 'phase']))),
  };
}

const serversOwn = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink', 'managedFields'];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without what only the server writes, and without the copy of it that kubectl keeps in an annotation. */
function asManifest({ apiVersion, kind, metadata, status: _, ...rest }: Json) {
  const all = Object.entries(asRecord(metadata)).filter(([key]) => !serversOwn.includes(key));
  const kept = Object.fromEntries(all.map(([key, value]) => [key, key === 'annotations' ? withoutCopy(value) : value]));
  return { metadata: kept, manifest: { apiVersion, kind, metadata: kept, ...rest } };
}

/** Annotations stay, even if none is left: a patch that adds the first one would replace what was left out. */
const withoutCopy = (annotations: unknown): unknown =>
  isRecord(annotations)
    ? Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== lastApplied))
    : annotations;

/**
 * Pods as they are, and of what makes Pods only what has none now: a Deployment that runs shows in its Pods, and its
 * ReplicaSets are its own business.
 */
function eachOnce(objects: readonly LiveObject[]): readonly LiveObject[] {
  const ownerOfUid = new Map(objects.map(({ uid, ownerUid }) => [uid, ownerUid]));
  const shown = new Set<string>();
  for (const { resource, ownerUid } of objects) {
    if (resource.kind !== 'Pod') continue;
    for (let uid = ownerUid; uid !== undefined && !shown.has(uid); uid = ownerOfUid.get(uid)) shown.add(uid);
  }
  return objects.filter(
    ({ resource: { kind }, uid, ownerUid }) =>
      kind === 'Pod' || kind === 'Service' || (ownerUid === undefined && !shown.has(uid)),
  );
}

const byPlace = (one: LiveObject, other: LiveObject): number =>
  compare(one.namespace, other.namespace) ||
  resources.indexOf(one.resource) - resources.indexOf(other.resource) ||
  compare(one.name, other.name);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
