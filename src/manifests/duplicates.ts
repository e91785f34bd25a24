import type { Path } from '../model/problem.js';
import type { DuplicateKey, Manifest } from './read.js';

/**
 * Hands out the keys that a document holds several times, each with the first object that is asked for and that it is
 * in, or above.
 */
export function createDuplicates({ duplicates }: Manifest): (object: Path) => readonly DuplicateKey[] {
  let left = duplicates;
  return (object) => {
    const own = left.filter(({ path }) => isInOrAbove(path, object));
    left = left.filter((one) => !own.includes(one));
    return own;
  };
}

/** Whether a key is in an object, or in a map that the object is in. */
const isInOrAbove = (key: Path, object: Path): boolean =>
  key.slice(0, -1).every((step, depth) => depth >= object.length || step === object[depth]);
