import { annotationPath, labelPath } from '../model/field-paths.js';
import { matchesAny, matchesGlob } from '../model/glob.js';
import { matchesRepository, parseImage } from '../model/image.js';
import type { Kind, ObjectOf, Pod, StringMap } from '../model/kubernetes.js';
import { annotationOf, containersOf, ownerOf, ownValue } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import { because, type Reason } from '../model/reason.js';
import { workloadOf } from '../model/workload.js';
import type { Context } from './context.js';
import type { Match } from './policy.js';

type AnyObject = ObjectOf<Kind>;

/** Why a check says no, or undefined where it lets the object through. */
export type Gate = (object: AnyObject, context: Context) => Reason | undefined;

const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-node-lease']);

const mirrorKey = 'kubernetes.io/config.mirror';
const mirrorPath = annotationPath(mirrorKey);

/** What no policy can switch on: the system's namespaces, our own, and mirror Pods, which cannot be changed. */
export const everyRule: Gate = (object, { namespace, ownNamespace }) => {
  if (systemNamespaces.has(namespace)) return because('system-namespace', `namespace ${namespace}`);
  if (namespace === ownNamespace) return because('own-namespace', `namespace ${namespace}`);
  if (annotationOf(object, mirrorKey) !== undefined) return because('mirror-pod', undefined, mirrorPath);
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

function namespaceLabelsGate(globs: StringMap): Gate {
  const wanted = wantedLabels(globs);
  return (_, { namespace, namespaceLabels }) => {
    if (namespaceLabels === undefined) {
      return because('namespace-labels-unknown', `the labels of namespace ${namespace} are not known here`);
    }
    const missing = firstMismatch(wanted, namespaceLabels);
    if (missing === undefined) return undefined;
    return because('namespace-labels-out-of-scope', `namespace ${namespace}: ${sayMismatch(missing, namespaceLabels)}`);
  };
}

function labelsGate(globs: StringMap): Gate {
  const wanted = wantedLabels(globs);
  return ({ metadata }) => {
    const missing = firstMismatch(wanted, metadata?.labels);
    if (missing === undefined) return undefined;
    return because('labels-out-of-scope', sayMismatch(missing, metadata?.labels), missing.at);
  };
}

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

/** A label that is wanted, and where it stands on an object. */
type WantedLabel = { readonly key: string; readonly glob: string; readonly at: Path };

const wantedLabels = (globs: StringMap): readonly WantedLabel[] =>
  Object.entries(globs).map(([key, glob]) => ({ key, glob, at: labelPath(key) }));

/** The first wanted label that is missing or has another value. */
const firstMismatch = (wanted: readonly WantedLabel[], labels: StringMap | undefined): WantedLabel | undefined =>
  wanted.find(({ key, glob }) => {
    const value = ownValue(labels, key);
    return value === undefined || !matchesGlob(glob, value);
  });

function sayMismatch({ key, glob }: WantedLabel, labels: StringMap | undefined): string {
  const value = ownValue(labels, key);
  return `label ${key} is ${value ?? 'missing'}, ${glob} is wanted`;
}
