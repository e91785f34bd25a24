import { isAlive, isTrustedEverywhere, liveBundles, minutes } from '../../../src/certificates/facts.js';
import type { Generation, SecretAction, Stored } from '../../../src/certificates/state.js';
import { isLeafDead, type Ledger, type Replica, type SeenConfigurations, type World } from './world.js';

type Written = {
  readonly world: World;
  readonly one: Replica;
  readonly action: SecretAction;
  readonly before: Stored;
  readonly now: number;
  readonly seen: SeenConfigurations;
  readonly issued?: Generation;
};

/** What the invariants have to remember of a write to the Secret. */
export function note(written: Written): Ledger {
  const { world, action, before, issued } = written;
  const { ledger } = world;
  if (action.do === 'stage') {
    const revoked = action.revoke.map(({ id }) => ({ id, age: world.age }));
    return revoked.length === 0 ? ledger : { ...ledger, revoked: [...ledger.revoked, ...revoked] };
  }
  const becomes = action.do === 'install' ? issued : action.do === 'promote' ? before.next : undefined;
  if (becomes === undefined) return ledger;
  if (mayHurry(written)) return { ...ledger, unprotected: [...ledger.unprotected, becomes.id] };
  const wasRevoked = ledger.revoked.some(({ id }) => id === before.current?.id);
  return wasRevoked ? { ...ledger, hasty: [...ledger.hasty, becomes.id] } : ledger;
}

/**
 * Whether a generation may be current before anyone trusts it: the Secret has none that is alive, and nobody is known to
 * serve one either. Who has waited long enough for others to put theirs back may take it that there are none, and so
 * may who sees no CA in any bundle.
 */
function mayHurry({ world, one, before, now, seen }: Written): boolean {
  if (before.current !== undefined && isAlive(before.current, now)) return false;
  const bundles = seen.map(({ live: { serial, entries } }) => ({ name: '', version: `${serial}`, entries }));
  if (!liveBundles(bundles).some((ca) => !isLeafDead(ca, now))) return true;
  const isRevoked = (id: string): boolean => world.ledger.revoked.some((revoked) => revoked.id === id);
  const mayServe = ({ serving }: Replica): boolean =>
    serving !== undefined && isAlive(serving, now) && !isRevoked(serving.id) && isTrustedEverywhere(serving, bundles);
  if (one.startedAt !== undefined && now - one.startedAt >= minutes(0.5)) return !mayServe(one);
  return !world.replicas.some(mayServe);
}
