import { matchesGlob } from '../model/glob.js';
import { parseImage } from '../model/image.js';
import { memoize } from '../model/memoize.js';

type Row<T> = { readonly pattern: string; readonly value: T };

/**
 * Finds the values of all patterns that an image matches. A pattern is a glob over the end of the repository, from a
 * segment boundary on, so that neither registry nor mirror, tag nor digest matters.
 */
export function createImageIndex<T>(rows: readonly Row<T>[]): (image: string) => readonly T[] {
  // Every Pod of the cluster passes here, and next to none matches: one look at the last segment has to do for most.
  const isNamed = ({ pattern }: Row<T>) => !wildcard.test(lastSegment(pattern));
  const named = Map.groupBy(rows.filter(isNamed), ({ pattern }) => lastSegment(pattern));
  const unnamed = rows.filter((row) => !isNamed(row)).map((row) => ({ ...row, tail: literalTail(row.pattern) }));
  return memoize((image) => {
    const { repository } = parseImage(image);
    const found: T[] = [];
    for (const { pattern, value } of named.get(lastSegment(repository)) ?? []) {
      if (matchesEnd(pattern, repository)) found.push(value);
    }
    for (const { pattern, tail, value } of unnamed) {
      if (repository.endsWith(tail) && matchesEnd(pattern, repository)) found.push(value);
    }
    return found;
  });
}

/** The last segment of a repository: `agent` of `docker.io/datadog/agent`. */
export const lastSegment = (repository: string): string => repository.slice(repository.lastIndexOf('/') + 1);

const wildcard = /[*?]/;

const literalTail = (glob: string): string => glob.slice(Math.max(glob.lastIndexOf('*'), glob.lastIndexOf('?')) + 1);

const matchesEnd = (pattern: string, repository: string): boolean =>
  matchesGlob(pattern, repository) || matchesGlob(`*/${pattern}`, repository);
