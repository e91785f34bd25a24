import { afterAll, expect, test } from '@jest/globals';
import type { Algorithm } from './algorithm.js';
import { explore } from './explore.js';
import { kindsOf } from './faults.js';
import { searches } from './searches.js';
import { simulate } from './simulate.js';
import { twins } from './twins.js';

const caught: string[] = [];

test.each(twins)('a twin that %s is caught', (name, invariants, twin) => {
  const found = findFault(twin);
  expect(found).toEqual({
    invariant: expect.stringMatching(new RegExp(`^(${invariants.join('|')}):`)),
    where: expect.any(String),
  });
  caught.push(`  ${name}: ${found?.where}, ${found?.invariant}`);
});

/** By a long run if it can be, else by some order of steps. */
function findFault(twin: Algorithm): { readonly invariant: string; readonly where: string } | undefined {
  for (let seed = 0; seed < 300; seed++) {
    const { broken } = simulate(seed, { kinds: kindsOf(seed), steps: 300 }, twin);
    if (broken !== undefined) return { invariant: broken, where: `run ${seed}` };
  }
  for (const [start, search] of searches) {
    const { broken } = explore({ ...search, steps: 10 }, twin);
    if (broken !== undefined)
      return { invariant: broken.invariant, where: `after ${broken.trace.length - 1} steps of "${start}"` };
  }
  return undefined;
}

afterAll(() => {
  process.stdout.write(`model: ${caught.length} of ${twins.length} broken twins caught\n${caught.join('\n')}\n`);
});
