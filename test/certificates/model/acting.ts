import type { SecretAction } from '../../../src/certificates/state.js';
import type { Algorithm, Taken } from './algorithm.js';
import { note } from './ledger.js';
import { change, generation, type Plan, type Replica, replicaAt, rewrite, type World, writeSecret } from './world.js';

/** The one write that a replica has decided on, or none. */
export function act(world: World, index: number, stage: Plan, algorithm: Algorithm): Taken {
  const { action, secret } = stage;
  const one = replicaAt(world, index);
  const idle = change(world, index, { stage: { at: 'idle' } });
  switch (action.do) {
    case 'wait':
      return { world: idle, did: 'waits', action };
    case 'create':
      return world.secret === undefined
        ? { world: writeSecret(idle, { trusted: [], revoked: [] }), did: 'creates the Secret', action }
        : { world: idle, did: 'finds the Secret created', action };
    case 'trust': {
      const seen = stage.configurations.find(({ name }) => name === action.configuration)?.live;
      const live = world.configurations.find(({ name }) => name === action.configuration)?.live;
      if (!seen || !live || !algorithm.lands.onBundles(seen.serial, live.serial))
        return { world: idle, did: `cannot patch ${action.configuration}: conflict`, action };
      const entries = live.entries.map(({ name }) => ({ name, trusts: action.bundle, foreign: false }));
      const patches = [...one.patched, { at: secret.now, configuration: action.configuration }].slice(-20);
      const patched = change(rewrite(idle, action.configuration, entries, 'us'), index, { patched: patches });
      return { world: patched, did: `patches ${action.configuration} to ${idsOf(action.bundle)}`, action };
    }
    default:
      return write(idle, one, stage, action, algorithm);
  }
}

const idsOf = (some: readonly { readonly id: string }[]): string => `[${some.map(({ id }) => id).join(' ')}]`;

function write(
  world: World,
  one: Replica,
  { secret, configurations }: Plan,
  action: SecretAction,
  algorithm: Algorithm,
): Taken {
  const { found, now } = secret;
  const { version } = world.secret ?? {};
  if (found === undefined || version === undefined || !algorithm.lands.onSecret(found.version, version))
    return { world, did: `cannot ${action.do}: conflict`, action };
  const needsOne = action.do === 'install' || action.do === 'stage';
  const issued = needsOne ? generation(world.serial + 1, now, one.names) : undefined;
  const stored = algorithm.advance(found.stored, action, now, issued);
  const written = writeSecret(world, stored);
  const ledger = note({
    world,
    one,
    action,
    before: found.stored,
    now,
    seen: configurations,
    ...(issued && { issued }),
  });
  return { world: { ...written, ledger }, did: `${action.do}s${issued ? ` ${issued.id}` : ''}`, action };
}
