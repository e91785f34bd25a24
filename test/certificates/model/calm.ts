import { isAlive, minutes } from '../../../src/certificates/facts.js';
import type { Algorithm } from './algorithm.js';
import { brokenTrust, prunedEarly } from './invariants.js';
import { tick } from './replica.js';
import { type World, wait } from './world.js';

export type Peace = {
  readonly algorithm: Algorithm;
  readonly lag: number;
  readonly log: (did: string) => void;
};
export type Calm = { readonly world: World; readonly until: number; readonly broken?: string };

/** Lets everyone act without a fault until all is well: all replicas look when they said they would. */
export function converge(start: World, ms: number, peace: Peace): Calm {
  let world = start;
  for (;;) {
    const settled = settle(world, peace);
    if (settled.broken !== undefined) return settled;
    const unwell = ailmentOf(settled.world);
    if (unwell === undefined) return settled;
    if (settled.world.clock >= start.clock + ms)
      return { ...settled, broken: `I3: without a fault for ${ms / 60_000} minutes, and ${unwell}` };
    const pause = Math.min(settled.until - settled.world.clock, minutes(1));
    world = wait(settled.world, Math.max(pause, 1_000));
    const broken = brokenTrust(world, peace.lag);
    if (broken !== undefined) return { world, until: 0, broken };
  }
}

/** I4: while no time passes, everyone comes to rest. */
export function settle(start: World, { algorithm, lag, log }: Peace): Calm {
  let world = start;
  for (let round = 0; round < 40; round++) {
    let rest = true;
    let until = Number.POSITIVE_INFINITY;
    for (const index of world.replicas.keys()) {
      const taken = tick(world, index, algorithm);
      const broken = prunedEarly(world, taken.world) ?? brokenTrust(taken.world, lag);
      if (taken.action?.do !== 'wait') log(`${world.clock / 1000}s replica ${index} ${taken.did}`);
      world = taken.world;
      if (broken !== undefined) return { world, until, broken };
      if (taken.action?.do === 'wait') until = Math.min(until, taken.action.until);
      else rest = false;
    }
    if (rest) return { world, until };
  }
  return { world, until: 0, broken: 'I4: no time passes, and they act without end' };
}

/** What is not as it should be when nothing has happened for long. */
export function ailmentOf({ secret, configurations, replicas, clock }: World): string | undefined {
  if (secret === undefined) return 'there is no Secret';
  const { current, next, trusted, revoked } = secret.stored;
  if (current === undefined || !isAlive(current, clock)) return 'no certificate is current and alive';
  if (next !== undefined) return `${next.id} is still waiting`;
  if (replicas.some(({ serving }) => serving?.id !== current.id)) return `not every replica serves ${current.id}`;
  const wanted = trusted
    .map(({ id }) => id)
    .sort()
    .join();
  if (!trusted.some(({ id }) => id === current.ca.id)) return `${current.id} is not trusted`;
  if (trusted.some((ca) => ca.notAfter <= clock)) return 'CAs are trusted that have expired';
  if (revoked.some(({ id }) => id === current.id)) return `${current.id} is current and revoked`;
  if (trusted.some(({ id }) => revoked.some((one) => one.id === id))) return 'CAs are trusted that are revoked';
  const bundles = configurations.flatMap(({ live }) => live?.entries ?? []);
  const isWrong = bundles.some(
    ({ trusts, foreign }) =>
      foreign ||
      trusts
        .map(({ id }) => id)
        .sort()
        .join() !== wanted,
  );
  return isWrong ? 'a bundle does not hold what is trusted' : undefined;
}
