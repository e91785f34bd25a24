import { isAlive, isTrustedEverywhere } from '../../../src/certificates/facts.js';
import type { Generation, State, Stored } from '../../../src/certificates/state.js';
import { act } from './acting.js';
import { type Algorithm, aloft, type Taken } from './algorithm.js';
import {
  change,
  fitting,
  type Plan,
  type Replica,
  replicaAt,
  type SeenConfigurations,
  type SeenSecret,
  type Stage,
  terms,
  type World,
} from './world.js';

/** The next step of one replica, as `keeper.ts` takes it: two reads, serving, and one write or none. */
export function step(world: World, index: number, algorithm: Algorithm = aloft, skew = 0): Taken {
  const one = replicaAt(world, index);
  const { stage } = one;
  switch (stage.at) {
    case 'idle': {
      const half: Stage =
        algorithm.readsFirst === 'secret'
          ? { at: 'half', secret: readSecret(world, one, skew) }
          : { at: 'half', configurations: readConfigurations(world) };
      return { world: change(world, index, { stage: half }), did: `reads the ${algorithm.readsFirst}` };
    }
    case 'half': {
      const secret = stage.secret ?? readSecret(world, one, skew);
      const configurations = stage.configurations ?? readConfigurations(world);
      const looked = change(world, index, { startedAt: one.startedAt ?? secret.now });
      return serveAtOnce(plan(looked, index, { secret, configurations }, algorithm), index);
    }
    case 'decided':
      return serve(world, index, stage);
    case 'served':
      return act(world, index, stage, algorithm);
  }
}

/** One whole look, decision and action, during which nothing else happens. */
export function tick(world: World, index: number, algorithm: Algorithm = aloft, skew = 0): Taken {
  let taken = step(world, index, algorithm, skew);
  while (taken.world.replicas[index]?.stage.at !== 'idle') taken = step(taken.world, index, algorithm, skew);
  return taken;
}

type Gathered = Pick<Plan, 'secret' | 'configurations'>;

function readSecret({ clock, secret }: World, { names }: Replica, skew: number): SeenSecret {
  const now = clock + skew;
  return secret === undefined ? { now } : { now, found: { ...secret, stored: asAsked(secret.stored, names) } };
}

function asAsked(stored: Stored, names: string): Stored {
  const slots = (['current', 'next', 'previous'] as const).flatMap((slot) => {
    const held = stored[slot];
    return held === undefined || fitting(held, names) === held ? [] : [[slot, fitting(held, names)] as const];
  });
  return slots.length === 0 ? stored : { ...stored, ...Object.fromEntries(slots) };
}

const readConfigurations = ({ configurations }: World): SeenConfigurations =>
  configurations.flatMap(({ name, live }) => (live === undefined ? [] : [{ name, live }]));

function plan(world: World, index: number, seen: Gathered, algorithm: Algorithm): World {
  const { serving, startedAt = 0, patched } = replicaAt(world, index);
  const { now, found } = seen.secret;
  const configurations = seen.configurations.map(({ name, live: { serial, entries } }) => ({
    name,
    version: `${serial}`,
    entries,
  }));
  const known = {
    secret: found?.stored ?? ('absent' as const),
    configurations,
    startedAt,
    patched,
    terms,
  };
  const state: State = serving === undefined ? known : { ...known, serving };
  const chosen = algorithm.choose(state, now) ?? serving;
  const after: State = chosen === undefined ? known : { ...known, serving: chosen };
  const action = algorithm.decide(after, now);
  const options = optionsOf(state, now);
  return change(world, index, {
    stage: { at: 'decided', ...seen, options, action, ...(chosen && { serving: chosen }) },
  });
}

/** Where nothing new is to be served, or nothing to be done, there is nothing to interrupt. */
function serveAtOnce(world: World, index: number): Taken {
  const one = replicaAt(world, index);
  if (one.stage.at !== 'decided' || one.stage.serving?.id !== one.serving?.id) return { world, did: 'reads the other' };
  return serve(world, index, one.stage);
}

function serve(world: World, index: number, stage: Plan): Taken {
  const one = replicaAt(world, index);
  const { options, serving, action } = stage;
  const seen = stage.configurations.flatMap(({ live }) => (live.by === 'others' ? [live.serial] : []));
  const warned = options.length === 0 ? one.warned : [...new Set([...one.warned, ...seen])];
  const waits = action.do === 'wait';
  const next = change(world, index, {
    options,
    warned,
    stage: waits ? { at: 'idle' } : { ...stage, at: 'served' },
    ...(serving && { serving }),
  });
  const did = serving?.id === one.serving?.id ? 'serves on' : `serves ${serving?.id ?? 'nothing'}`;
  return { world: next, did: waits ? `${did}, waits: ${action.because}` : did, action };
}

/** Said once more in other words than `choose` has for it: what API servers accept, as far as this replica can see. */
function optionsOf({ secret, serving, configurations }: State, now: number): readonly string[] {
  const stored = secret === 'absent' ? undefined : secret;
  const isRevoked = (id: string): boolean => stored?.revoked.some((one) => one.id === id) ?? false;
  const held = [stored?.current, stored?.previous, serving].filter((one): one is Generation => one !== undefined);
  const fine = held.filter(
    (one) => isAlive(one, now) && !isRevoked(one.id) && isTrustedEverywhere(one, configurations),
  );
  return [...new Set(fine.map(({ id }) => id))];
}
