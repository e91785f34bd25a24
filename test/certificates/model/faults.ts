import { minutes } from '../../../src/certificates/facts.js';
import type { Stored } from '../../../src/certificates/state.js';
import * as event from './events.js';
import type { Event } from './explore.js';
import type { Random } from './random.js';
import { nothing } from './starts.js';
import { change, isRefused, replica, type Version, type World, wait } from './world.js';

/** Kinds of faults, each switched on or off for a whole run. That looks are stale and writes late is so in every run. */
const ordinary = ['crash', 'outage', 'compromise', 'upgrade'] as const;
/** What makes the cluster forget. Two of them at once could make it forget what only one replica still knows. */
const foreign = ['deletion', 'bundles', 'secret', 'clocks'] as const;
export const faultKinds = [...ordinary, ...foreign] as const;
export type FaultKind = (typeof faultKinds)[number];

/** The ordinary ones in every combination, with at most one kind of the others. */
export function kindsOf(seed: number): readonly FaultKind[] {
  const other = foreign[seed % (foreign.length + 1)];
  const drawn = Math.floor(seed / (foreign.length + 1));
  return [...ordinary.filter((_, at) => (drawn >> at) & 1), ...(other === undefined ? [] : [other])];
}

type Fault = { readonly kind: FaultKind | 'wishes'; readonly did: string; readonly after: World };

/** What happens beside the replicas' steps: always now and then a wish to rotate, and faults of the kinds given. */
export function createFaults(kinds: readonly FaultKind[], random: Random): (world: World) => Fault {
  const secrets: Stored[] = [];
  const bundles: Version[] = [];
  return (world) => {
    // What others may put back. A Secret whose certificate was not trusted when it was copied would be bad luck indeed.
    const live = world.configurations.flatMap((configuration) => configuration.live ?? []);
    const { current } = world.secret?.stored ?? {};
    if (world.secret && current && !live.some((version) => isRefused(version, current)))
      secrets.push(world.secret.stored);
    bundles.push(...live);
    const kind = kinds.length === 0 || random.chance(0.15) ? 'wishes' : random.pick(kinds);
    const { name, happens } = random.pick(makers[kind])(world, random, { secrets, bundles });
    return { kind, did: name, after: happens(world) ?? world };
  };
}

type Past = { readonly secrets: readonly Stored[]; readonly bundles: readonly Version[] };
type Make = (world: World, random: Random, past: Past) => Event;

const someReplica = (random: Random, { replicas }: World): number => random.below(replicas.length);
const someConfiguration = (random: Random, { configurations }: World): string => random.pick(configurations).name;

const makers: Record<FaultKind | 'wishes', readonly Make[]> = {
  wishes: [() => event.ask('now')],
  crash: [(world, random) => event.crash(someReplica(random, world))],
  // The call that comes next fails: the replica begins anew, with what it remembers.
  outage: [
    (world, random) => {
      const index = someReplica(random, world);
      return {
        name: `a call of replica ${index} fails`,
        happens: (one) => change(one, index, { stage: { at: 'idle' } }),
      };
    },
  ],
  deletion: [() => event.deleteSecret],
  bundles: [
    (world, random) => event.wipe(someConfiguration(random, world)),
    (world, random, { bundles }) => {
      const before = random.pick(bundles);
      const trusts = before.entries[0]?.trusts ?? [];
      return event.setBundle('rolls back the caBundle', someConfiguration(random, world), trusts);
    },
    (world, random) => {
      const name = someConfiguration(random, world);
      const live = world.configurations.find((one) => one.name === name)?.live;
      return event.setBundle('adds a foreign CA', name, live?.entries[0]?.trusts ?? [], true);
    },
    (world, random) => event.remove(someConfiguration(random, world)),
    (world, random) => event.recreate(someConfiguration(random, world), ['pods']),
    (world, random) => event.recreate(someConfiguration(random, world), ['pods']),
    (world, random) => event.touch(someConfiguration(random, world)),
  ],
  secret: [
    () => event.emptySecret,
    () => event.forgetTrusted,
    (_, random) => event.corrupt(random.pick(['current', 'next', 'previous'])),
    (_, random, { secrets }) => event.rollBackSecret(random.pick(secrets.length === 0 ? [nothing] : secrets)),
  ],
  clocks: [
    (_, random) => {
      const ms = minutes(random.pick([-10, -6, -3, 3, 6, 10]));
      return { name: `the clock is set by ${ms / 60_000} minutes`, happens: (world) => wait(world, ms) };
    },
  ],
  compromise: [() => event.ask('compromised')],
  upgrade: [
    (world, random) => {
      const index = someReplica(random, world);
      const names = random.pick(['a', 'b']);
      const upgrade = (one: World): World => ({
        ...one,
        replicas: one.replicas.toSpliced(index, 1, replica(undefined, names)),
      });
      return { name: `replica ${index} is replaced by one that wants the names ${names}`, happens: upgrade };
    },
  ],
};
