import { isAlive, minutes, revocationDelay } from '../../../src/certificates/facts.js';
import type { Ca, Generation } from '../../../src/certificates/state.js';
import { isLeafDead, isRefused, type Replica, terms, type Version, versionsInUse, type World } from './world.js';

/**
 * I1: the CA of each certificate that is served is in every bundle that an API server may still act upon. Excused is
 * what the design accepts:
 * - a revoked certificate, and, towards bundles that were replaced at least a minute ago, the one that follows it;
 * - a bundle that others wrote, until the replica has looked at it and chosen;
 * - after that, and for a certificate that took its place at once because there was nothing to protect (see `ledger.ts`)
 *   towards bundles from before its CA was first published: as long as the replica has, as far as it saw when it last
 *   chose, no other that all API servers would accept and that took its place in the ordinary way (of two that did not
 *   nobody can tell which was first); nor is it blamed where the clock was set back and brought one
 *   back to life.
 */
export function brokenTrust(world: World, lag = terms.trustDelay): string | undefined {
  const { replicas, configurations, clock, age, ledger } = world;
  const inUse = configurations.map((configuration) => versionsInUse(configuration, age, lag));
  for (const [index, one] of replicas.entries()) {
    const { serving } = one;
    if (serving === undefined || !isAlive(serving, clock)) continue;
    for (const [at, versions] of inUse.entries()) {
      const refusing = versions.find((version) => {
        if (!isRefused(version, serving)) return false;
        const hasBetter = one.options.some(
          (id) => !ledger.unprotected.includes(id) && !inUse.flat().some((any) => isRefused(any, { id })),
        );
        return !isExcused({ world, one, serving, version, versions, hasBetter, lag });
      });
      if (refusing !== undefined)
        return `I1: replica ${index} serves ${serving.id}, and an API server may still use version ${refusing.serial} of ${configurations[at]?.name}, which refuses it`;
    }
  }
  return undefined;
}

type Refusal = {
  readonly world: World;
  readonly one: Replica;
  readonly serving: Generation;
  readonly version: Version;
  readonly versions: readonly Version[];
  readonly hasBetter: boolean;
  readonly lag: number;
};

function isExcused({ world, one, serving, version, versions, hasBetter, lag }: Refusal): boolean {
  const { age, ledger } = world;
  const { id } = serving;
  if (ledger.revoked.some((revoked) => revoked.id === id)) return true;
  const replacedFor = version.until === undefined ? 0 : age - version.until;
  const shortLag = minutes(1) - (terms.trustDelay - lag);
  if (ledger.hasty.includes(id) && replacedFor >= shortLag) return true;
  if (version.by === 'others') return !hasBetter || !one.warned.includes(version.serial);
  const isOlder = !versions.some((other) => other.serial < version.serial && !isRefused(other, serving));
  const isConfused = ledger.setBack !== undefined && age - ledger.setBack < terms.trustDelay;
  return ledger.unprotected.includes(id) && isOlder && (!hasBetter || isConfused);
}

/** I2: no write of ours takes a CA out of a bundle, or out of `trusted`, before its certificate has expired. */
export function prunedEarly(before: World, after: World): string | undefined {
  for (const [index, { name, live }] of after.configurations.entries()) {
    const was = before.configurations[index]?.live;
    if (live === was || live?.by !== 'us') continue;
    for (const [at, entry] of live.entries.entries()) {
      const lost = firstLost(was?.entries[at]?.trusts ?? [], entry.trusts, after);
      if (lost !== undefined) return `I2: ${lost} left the bundle of ${name} before its time`;
    }
  }
  const lost = firstLost(before.secret?.stored.trusted ?? [], after.secret?.stored.trusted ?? [], after);
  return lost === undefined ? undefined : `I2: ${lost} left the Secret before its time`;
}

/** Those that are revoked leave as soon as every replica had the time to serve another. */
function firstLost(before: readonly Ca[], after: readonly Ca[], { clock, age, ledger }: World): string | undefined {
  const lost = before.find((ca) => {
    if (after.some(({ id }) => id === ca.id) || isLeafDead(ca, clock)) return false;
    const revoked = ledger.revoked.find(({ id }) => id === ca.id);
    return revoked === undefined || age - revoked.age < revocationDelay(terms);
  });
  return lost?.id;
}
