import type { Path } from '../model/problem.js';
import type { DuplicateKey, Manifest } from './read.js';

/**
 * Hands out the keys that a document holds several times, each with the first object that is asked for and that it is
 * in, or above.
 */
export function createDuplicates({ duplicates }: Manifest): (object: Path) => readonly DuplicateKey[] {
  const given = new Set<DuplicateKey>();
  const byMap = Map.groupBy(duplicates, ({ path }) => startOf(path, path.length - 1));
  const byStart = new Map<number, ReadonlyMap<string, readonly DuplicateKey[]>>();
  const inside = (object: Path): readonly DuplicateKey[] => {
    const { length } = object;
    const found = byStart.get(length) ?? Map.groupBy(duplicates, ({ path }) => startOf(path, length));
    byStart.set(length, found);
    return found.get(startOf(object, length)) ?? [];
  };
  return (object) => {
    if (duplicates.length === 0) return [];
    const above = object.flatMap((_, depth) => byMap.get(startOf(object, depth)) ?? []);
    const own = [...above, ...inside(object)].filter((one) => !given.has(one));
    for (const one of own) given.add(one);
    return own;
  };
}

/** The first steps of a path, as a key. */
const startOf = (path: Path, length: number): string => JSON.stringify(path.slice(0, length));
