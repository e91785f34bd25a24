import { minutes } from '../../../src/certificates/facts.js';
import { type Algorithm, aloft } from './algorithm.js';
import { converge, type Peace, settle } from './calm.js';
import { ask } from './events.js';
import { createFaults, type FaultKind } from './faults.js';
import { brokenTrust, prunedEarly } from './invariants.js';
import { createRandom, type Random } from './random.js';
import { step } from './replica.js';
import { begin, none, nothing, starting } from './starts.js';
import { entriesOf, replica, terms, type World, wait } from './world.js';

/** How often something happened, by what it is called. */
export type Counts = Record<string, number>;
export type Run = { readonly broken?: string; readonly trace: readonly string[]; readonly counts: Counts };
export type Setting = { readonly kinds: readonly FaultKind[]; readonly steps: number };

/**
 * A long run in which the seed decides who does what when; then the faults stop. Bundles are seen by any number of API
 * servers, each as late as it may be (see `versionsInUse`); replicas ask one to three, whose clocks may differ.
 */
export function simulate(seed: number, { kinds, steps }: Setting, algorithm: Algorithm = aloft): Run {
  const random = createRandom(seed);
  const skew = kinds.includes('clocks') ? 5_000 : 0;
  // The waiting covers what clocks differ by as well.
  const lag = terms.trustDelay - 2 * skew;
  const servers = Array.from({ length: 1 + random.below(3) }, () => (random.below(3) - 1) * skew);
  const counts: Counts = { runs: 1 };
  const trace: string[] = [];
  const happen = createHappening({ random, servers, algorithm, fault: createFaults(kinds, random) });
  let world = draw(random);
  let suspects: readonly string[] = [];

  for (let at = 0; at < steps; at++) {
    const { what, did, after } = happen(world);
    for (const key of ['steps', ...what]) counts[key] = (counts[key] ?? 0) + 1;
    trace.push(`${after.clock / 1000} s: ${did}`);
    const broken = brokenTrust(after, lag) ?? pruned(what, world, after);
    if (broken !== undefined) return { broken, trace, counts };
    if (what.includes('compromise') && after !== world) suspects = heldIn(world);
    world = after;
  }
  // A Secret that others put back may have lost the wish.
  const canForget = kinds.includes('secret') || kinds.includes('deletion');
  const broken = recover(world, canForget ? [] : suspects, { algorithm, lag, log: (did) => trace.push(did) });
  return broken === undefined ? { trace, counts } : { broken, trace, counts };
}

/** Only what we write ourselves is ours to answer for. */
const pruned = (what: readonly string[], before: World, after: World): string | undefined =>
  what.includes('looks') ? prunedEarly(before, after) : undefined;

/** What happened, as keys to count it by and as a sentence. */
type Happening = { readonly what: readonly string[]; readonly did: string; readonly after: World };
type Course = {
  readonly random: Random;
  readonly servers: readonly number[];
  readonly algorithm: Algorithm;
  readonly fault: ReturnType<typeof createFaults>;
};

function createHappening({ random, servers, algorithm, fault }: Course): (world: World) => Happening {
  return (world) => {
    if (random.chance(0.72)) return look(world, random.below(world.replicas.length), random.pick(servers), algorithm);
    if (random.chance(0.7)) return { what: ['waits'], did: 'time has passed', after: wait(world, random.pick(pauses)) };
    const { kind, did, after } = fault(world);
    return { what: after === world ? [] : [kind], did, after };
  };
}

function look(world: World, index: number, skew: number, algorithm: Algorithm): Happening {
  const { did, world: after } = step(world, index, algorithm, skew);
  const isWritten = after.serial !== world.serial;
  const what = [
    'looks',
    ...(isWritten ? ['writes'] : []),
    ...(did.endsWith('conflict') ? ['conflicts'] : []),
    ...(isWritten && did === 'promotes' ? ['rotations'] : []),
  ];
  return { what, did: `replica ${index} ${did}`, after };
}

const pauses = [1_000, 10_000, 30_000, minutes(1), minutes(1), minutes(2.5), minutes(5), minutes(5), minutes(12)];

const heldIn = ({ secret }: World): readonly string[] =>
  [secret?.stored.current, secret?.stored.next, secret?.stored.previous].flatMap((one) => one?.id ?? []);

/** Nothing is there yet but one configuration or two, and the empty Secret that the manifests bring. */
function draw(random: Random): World {
  const replicas = starting(1 + random.below(4));
  const start = begin({ replicas, stored: nothing, bundle: entriesOf([], ['pods', 'services']), by: 'others' });
  const more = { name: 'more', live: { serial: 6, entries: none, by: 'others' }, replaced: [] } as const;
  return random.chance(2 / 3) ? start : { ...start, configurations: [...start.configurations, more] };
}

/** I3 and I4: once faults have stopped all is well within the hour, and a rotation that is asked for comes to its end. */
function recover(start: World, suspects: readonly string[], peace: Peace): string | undefined {
  const rest = settle(start, peace);
  if (rest.broken !== undefined) return rest.broken;
  // Whatever version is being rolled out is rolled out everywhere now.
  const names = start.replicas[0]?.names ?? '';
  const replicas = rest.world.replicas.map((one) => (one.names === names ? one : replica(undefined, names)));
  const calm = converge({ ...rest.world, replicas }, minutes(60), peace);
  if (calm.broken !== undefined) return calm.broken;
  const suspect = calm.world.replicas.find(({ serving }) => serving !== undefined && suspects.includes(serving.id));
  if (suspect !== undefined) return `I3: ${suspect.serving?.id} is said to be compromised, and is served`;
  const rotated = converge(ask('now').happens(calm.world) ?? calm.world, minutes(60), peace);
  if (rotated.broken !== undefined) return rotated.broken;
  const isSame = rotated.world.secret?.stored.current?.id === calm.world.secret?.stored.current?.id;
  return isSame ? 'I3: a rotation that was asked for did not happen' : undefined;
}
