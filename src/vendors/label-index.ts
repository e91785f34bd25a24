import { matchesAny } from '../model/glob.js';
import type { Pod } from '../model/kubernetes.js';
import { labelOf } from '../model/metadata.js';
import type { Evidence } from './vendor.js';

type Row<T> = { readonly evidence: Evidence; readonly value: T };

/** A row, ready to be compared: the rank is its place in the list that was given. */
type Entry<T> = Row<T> & { readonly rank: number; readonly wanted: readonly (readonly [string, readonly string[]])[] };

/** The entries whose first label has one key: those that name its value, by value, and the rest. */
type Shelf<T> = { readonly exact: Map<string, Entry<T>[]>; readonly globs: Entry<T>[] };

/**
 * Finds the first row whose labels a Pod carries; `runsImage` answers for those that need an image too. Evidence without
 * labels is never found: it would hold for every Pod.
 */
export function createLabelIndex<T>(
  rows: readonly Row<T>[],
): (pod: Pod, runsImage?: (value: T) => boolean) => Row<T> | undefined {
  const shelves = shelve(rows);
  return (pod, runsImage) => {
    let best: Entry<T> | undefined;
    const consider = (entries: readonly Entry<T>[] | undefined) => {
      for (const entry of entries ?? []) {
        if (best !== undefined && best.rank < entry.rank) continue;
        if (carries(pod, entry) && (!entry.evidence.withImage || runsImage?.(entry.value))) best = entry;
      }
    };
    const labels = pod.metadata?.labels ?? {};
    for (const key of Object.keys(labels)) {
      const shelf = shelves.get(key);
      if (shelf === undefined) continue;
      consider(shelf.exact.get(labels[key] ?? ''));
      consider(shelf.globs);
    }
    return best;
  };
}

/** How a Pod fits evidence, as a fragment of a sentence: `by label app=datadog-agent`. */
export function describeLabels(pod: Pod, { labels }: Evidence): string {
  const pairs = Object.keys(labels).map((key) => `${key}=${labelOf(pod, key)}`);
  return `by ${pairs.length > 1 ? 'labels' : 'label'} ${pairs.join(' and ')}`;
}

function shelve<T>(rows: readonly Row<T>[]): ReadonlyMap<string, Shelf<T>> {
  const shelves = new Map<string, Shelf<T>>();
  for (const [rank, row] of rows.entries()) {
    const wanted = Object.entries(row.evidence.labels).map(([key, globs]) => [key, [globs].flat()] as const);
    const [first] = wanted;
    if (first === undefined) continue;
    const [key, globs] = first;
    const shelf: Shelf<T> = shelves.get(key) ?? { exact: new Map(), globs: [] };
    shelves.set(key, shelf);
    const entry = { ...row, rank, wanted };
    if (globs.some((glob) => /[*?]/.test(glob))) shelf.globs.push(entry);
    else for (const value of globs) shelf.exact.set(value, [...(shelf.exact.get(value) ?? []), entry]);
  }
  return shelves;
}

const carries = <T>(pod: Pod, { wanted }: Entry<T>): boolean =>
  wanted.every(([key, globs]) => {
    const value = labelOf(pod, key);
    return value != null && matchesAny(globs, value);
  });
