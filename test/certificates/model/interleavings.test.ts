import { afterAll, expect, test } from '@jest/globals';
import { minutes } from '../../../src/certificates/facts.js';
import { aloft } from './algorithm.js';
import { converge } from './calm.js';
import { explore } from './explore.js';
import { searches } from './searches.js';
import { terms } from './world.js';

const steps = Number(process.env['MODEL_STEPS'] ?? 12);
const total = { worlds: 0, transitions: 0, recovered: 0 };

test.each(searches)('%s: no order of steps breaks an invariant', (_, search) => {
  const { worlds, transitions, broken, last } = explore({ ...search, steps });
  expect(broken).toBeUndefined();
  const ends = last.filter((_world, at) => at % 40 === 0);
  const peace = { algorithm: aloft, lag: terms.trustDelay, log: () => undefined };
  expect(ends.flatMap((world) => converge(world, minutes(60), peace).broken ?? [])).toEqual([]);
  expect(worlds).toBeGreaterThan(5_000);
  total.worlds += worlds;
  total.transitions += transitions;
  total.recovered += ends.length;
});

afterAll(() => {
  const { worlds, transitions, recovered } = total;
  process.stdout.write(
    `model: ${worlds} worlds and ${transitions} transitions within ${steps} steps of ${searches.length} starts; ${recovered} of the last worlds recovered\n`,
  );
});
