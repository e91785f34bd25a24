import { expect, test } from '@jest/globals';
import { memoize } from '../../src/model/memoize.js';

/** How often a memoized function looks for itself, asked for these keys in turn. */
function countLooks(keys: readonly string[]): number {
  let looks = 0;
  const find = memoize((key) => {
    looks++;
    return { key };
  });
  for (const key of keys) expect(find(key)).toEqual({ key });
  return looks;
}

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `key-${index}`);

test.each<[string, readonly string[], number]>([
  ['a key once', ['a', 'a', 'a'], 1],
  ['each of several', ['a', 'b', 'a', 'b', ''], 3],
  ['a thousand keys once', [...many(1000), ...many(1000)], 1000],
  ['what was forgotten again, when there are more', [...many(1001), 'key-0'], 1002],
  ['a long key each time, because it could be anything', ['x'.repeat(301), 'x'.repeat(301)], 2],
  ['a key of the longest length once', ['x'.repeat(300), 'x'.repeat(300)], 1],
])('looks for %s', (_, keys, looks) => {
  expect(countLooks(keys)).toBe(looks);
});
