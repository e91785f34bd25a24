import { matchesAny, matchesGlob } from '../model/glob.js';
import { matchesRepository, parseImage } from '../model/image.js';
import type { Kind, ObjectOf, Pod, StringMap } from '../model/kubernetes.js';
import { annotationOf, containersOf, labelOf, ownerOf, ownValue } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import { workloadOf } from '../model/workload.js';
import type { Context } from './context.js';
import type { Match } from './policy.js';

type AnyObject = ObjectOf<Kind>;

/** Why a check says no, or undefined where it lets the object through. */
export type Gate = (object: AnyObject, context: Context) => Reason | undefined;

const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-node-lease']);

/** What no policy can switch on: the system's namespaces, our own, and mirror Pods, which cannot be changed. */
export const everyRule: Gate = (object, { namespace, ownNamespace }) => {
  if (systemNamespaces.has(namespace)) return because('system-namespace', `namespace ${namespace}`);
  if (namespace === ownNamespace) return because('own-namespace', `namespace ${namespace}`);
  if (annotationOf(object, 'kubernetes.io/config.mirror') !== undefined) return because('mirror-pod');
  return undefined;
};

/** The gate that a policy's `match` describes for one kind; checks that are not asked for cost nothing. */
export function gateOf(match: Match, kind: Kind): Gate {
  const gates = [
    match.namespaces && namespaceGate(match.namespaces),
    match.namespaceLabels && namespaceLabelsGate(match.namespaceLabels),
    match.labels && labelsGate(match.labels),
    match.owners && ownersGate(match.owners),
    match.images && imagesGate(match.images, kind),
  ].filter((gate) => gate !== undefined);
  return (object, context) => {
    for (const gate of gates) {
      const reason = gate(object, context);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

const namespaceGate =
  (globs: readonly string[]): Gate =>
  (_, { namespace }) =>
    matchesAny(globs, namespace)
      ? undefined
      : because('namespace-out-of-scope', `namespace ${namespace} matches none of ${globs.join(', ')}`);

const namespaceLabelsGate =
  (wanted: StringMap): Gate =>
  (_, { namespace, namespaceLabels }) => {
    if (namespaceLabels === undefined) {
      return because('namespace-labels-unknown', `the labels of namespace ${namespace} are not known here`);
    }
    const missing = firstMismatch(wanted, (key) => ownValue(namespaceLabels, key));
    return missing === undefined
      ? undefined
      : because('namespace-labels-out-of-scope', `namespace ${namespace}: ${missing}`);
  };

const labelsGate =
  (wanted: StringMap): Gate =>
  (object) => {
    const missing = firstMismatch(wanted, (key) => labelOf(object, key));
    return missing === undefined ? undefined : because('labels-out-of-scope', missing);
  };

const ownersGate =
  (kinds: readonly string[]): Gate =>
  (object) => {
    const found = [ownerOf(object)?.kind, workloadOf(object as Pod)?.kind];
    if (found.some((kind) => kind !== undefined && kinds.includes(kind))) return undefined;
    return because('owner-out-of-scope', `owned by ${found[1] ?? 'nothing'}, not by ${kinds.join(' or ')}`);
  };

const imagesGate =
  (globs: readonly string[], kind: Kind): Gate =>
  (object) =>
    // Nothing is known of what a Service calls `containers`.
    kind === 'Pod' && containersOf(object as Pod).some(({ container }) => runsOneOf(globs, container.image))
      ? undefined
      : because('image-out-of-scope', `no image matches ${globs.join(', ')}`);

const runsOneOf = (globs: readonly string[], image: string | undefined): boolean =>
  image != null && globs.some((glob) => matchesRepository(glob, parseImage(image).repository));

/** The first wanted label that is missing or has another value, as a sentence. */
function firstMismatch(wanted: StringMap, read: (key: string) => string | undefined): string | undefined {
  for (const [key, glob] of Object.entries(wanted)) {
    const value = read(key);
    if (value === undefined) return `label ${key} is missing, ${glob} is wanted`;
    if (!matchesGlob(glob, value)) return `label ${key} is ${value}, ${glob} is wanted`;
  }
  return undefined;
}
