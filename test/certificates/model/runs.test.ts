import { expect, test } from '@jest/globals';
import { faultKinds, kindsOf } from './faults.js';
import { tick } from './replica.js';
import { type Counts, simulate } from './simulate.js';
import { begin, one, running, stable } from './starts.js';
import { replica, wait } from './world.js';

const runs = Number(process.env['MODEL_RUNS'] ?? 3000);

test(`${runs} long runs, drawn from their seeds, break no invariant and end well`, () => {
  const broken: string[] = [];
  const counts: Counts = {};
  for (let seed = 0; seed < runs && broken.length < 3; seed++) {
    const kinds = kindsOf(seed);
    const run = simulate(seed, { kinds, steps: 300 });
    for (const [key, count] of Object.entries(run.counts)) counts[key] = (counts[key] ?? 0) + count;
    if (run.broken !== undefined)
      broken.push(`${run.broken}\nseed ${seed} (${kinds})\n${run.trace.slice(-40).join('\n')}`);
  }
  process.stdout.write(`model: ${JSON.stringify(counts)}\n`);
  expect(broken).toEqual([]);
  for (const kind of ['rotations', 'conflicts', ...faultKinds]) expect(counts[kind]).toBeGreaterThan(runs / 2);
});

test('replicas that want different names do not answer each other with ever more certificates', () => {
  let world = begin({ replicas: [replica(running), replica(undefined, 'b')], stored: stable, bundle: one });
  let staged = 0;
  for (let second = 0; second <= 600; second++) {
    for (const index of world.replicas.keys()) {
      const taken = tick(world, index);
      if (taken.did.startsWith('stages')) staged++;
      world = taken.world;
    }
    world = wait(world, 1000);
  }
  expect(staged).toBeLessThanOrEqual(3);
});
