import type { Ca, Configuration, Generation, State, Stored, Terms } from './state.js';

/** Whether API servers would accept the certificate now, if they trusted its CA. */
export const isAlive = ({ notBefore, notAfter }: Generation, now: number): boolean =>
  notBefore <= now && now < notAfter;

/** Whether every webhook of ours trusts the CA of a generation. */
export const isTrustedEverywhere = (
  { id }: Pick<Generation, 'id'>,
  configurations: readonly Configuration[],
): boolean => configurations.every(({ entries }) => entries.every(({ trusts }) => trusts.some((ca) => ca.id === id)));

/** The CAs of ours in any bundle, each as often as it is there. */
export const liveBundles = (configurations: readonly Configuration[]): readonly Ca[] =>
  configurations.flatMap(({ entries }) => entries.flatMap(({ trusts }) => trusts));

/** Which versions of all configurations a replica has before it. */
export const versionsOf = (configurations: readonly Configuration[]): string =>
  configurations.map(({ name, version }) => `${name}@${version}`).join(' ');

/** Whether a CA may leave the bundles: nobody can serve under it any more, or should. */
export function isDue(ca: Ca, secret: Stored, terms: Terms, now: number): boolean {
  // The CA outlives its certificate by a day, so that this is long after anyone could have served it.
  if (ca.notAfter <= now) return true;
  const { revoked, current, promotedAt } = secret;
  const isRevoked = (id: string | undefined): boolean => revoked.some((one) => one.id === id);
  if (!isRevoked(ca.id) || current === undefined || isRevoked(current.id)) return false;
  return promotedAt !== undefined && now >= promotedAt + revocationDelay(terms);
}

/** How long all API servers get to see a new bundle; while a key may be in wrong hands, not a minute more. */
export const trustDelayOf = ({ revoked, current }: Stored, { trustDelay }: Terms): number =>
  revoked.some(({ id }) => id === current?.id) ? Math.min(trustDelay, minutes(1)) : trustDelay;

/** How long all replicas get to serve the next pair before the CA of a revoked one leaves the bundles. */
export const revocationDelay = ({ trustDelay }: Terms): number => 2 * Math.min(trustDelay, minutes(1));

/** How far a rotation has come. */
export type Phase = 'absent' | 'stable' | 'staged' | 'published';

export function phaseOf({ secret, configurations }: Pick<State, 'secret' | 'configurations'>): Phase {
  if (secret === 'absent' || secret.current === undefined) return 'absent';
  if (secret.next === undefined) return 'stable';
  return secret.published?.versions === versionsOf(configurations) && isTrustedEverywhere(secret.next, configurations)
    ? 'published'
    : 'staged';
}

export const minutes = (count: number): number => count * 60_000;
export const days = (count: number): number => minutes(count * 24 * 60);
