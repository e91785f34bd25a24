import { type Operation, pointerTokens } from '../engine/operation.js';
import type { Review } from '../engine/review.js';
import { asRecord, isRecord, type Json, valueAt } from '../model/json.js';
import type { Reason, ReasonCode } from '../model/reason.js';
import { makersOfReplicaSets } from '../model/workload.js';

/** Parts of an object, each with what is in it. */
type LookedAt = readonly (readonly [Part, readonly string[]])[];

/**
 * Where in an object a rule looked in vain, for a reason that says so: who expected it to find something sees there what
 * is not as they thought. Empty for any other reason.
 */
export const lookedAt = (review: Review, { code }: Reason): LookedAt =>
  (searched[code] ?? []).map((part) => [part, read[part](review)]);

/** What each part holds, as a person writes it. */
const read = {
  labels: (review: Review) => pairs(asReceived(review, 'labels')),
  // Values may be secret, and those under other keys than a rule knows are not looked at.
  annotations: (review: Review) => asReceived(review, 'annotations').map(([key]) => key),
  images: ({ after }: Review) => imagesIn(after, 'containers'),
  containers: ({ after }: Review) => [...imagesIn(after, 'initContainers'), ...imagesIn(after, 'containers')],
  selector: ({ after }: Review) => pairs(Object.entries(asRecord(valueAt(after, ['spec', 'selector'])))),
  ports: ({ after }: Review) => recordsAt(after, ['spec', 'ports']).map(showPort),
} as const;
type Part = keyof typeof read;

const searched: { readonly [code in ReasonCode]?: readonly Part[] } = {
  'image-out-of-scope': ['containers'],
  'not-an-agent': ['labels', 'images'],
  'not-control-plane': ['labels', 'selector', 'ports'],
  'no-metrics-port': ['ports'],
  'no-application-container': ['containers'],
  'nothing-to-check': ['annotations', 'labels'],
  'not-istio': ['labels', 'images'],
  'no-proxy': ['labels', 'images'],
  'no-proxy-container': ['containers'],
  'no-istio-container': ['containers'],
  'no-datadog-agent': ['labels', 'images'],
};

const pairs = (entries: readonly (readonly [string, unknown])[]): readonly string[] =>
  entries.map(([key, value]) => `${key}=${String(value)}`);

/** Without what the review adds and the hash that a controller does, which nobody finds in a manifest. */
function asReceived({ after, operations }: Review, map: 'labels' | 'annotations') {
  const hashes = makersOfReplicaSets.map(({ hashLabel }): string => hashLabel);
  const added = new Set([...hashes, ...operations.flatMap((operation) => keysAdded(operation, map))]);
  return Object.entries(asRecord(valueAt(after, ['metadata', map]))).filter(([key]) => !added.has(key));
}

function keysAdded({ op, path, value }: Operation, map: string): readonly string[] {
  const [metadata, name = map, key] = pointerTokens(path);
  if (op !== 'add' || metadata !== 'metadata' || name !== map) return [];
  if (key !== undefined) return [key];
  return Object.keys(asRecord(path === '/metadata' ? asRecord(value)[map] : value));
}

const imagesIn = (pod: unknown, list: string): readonly string[] =>
  recordsAt(pod, ['spec', list]).map(({ name, image }) => `${image ?? 'no image'} in ${name}`);

function recordsAt(object: unknown, path: readonly string[]): readonly Json[] {
  const list = valueAt(object, path);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

const showPort = ({ port, targetPort = port, name }: Json): string =>
  `${name === undefined ? '' : `${name} `}${port}${targetPort === port ? '' : ` to ${targetPort}`}`;
