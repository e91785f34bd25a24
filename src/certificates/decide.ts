import { isAlive, isDue, liveBundles, minutes, revocationDelay, trustDelayOf, versionsOf } from './facts.js';
import type { Action, Ca, Entry, Patched, State, Stored } from './state.js';

/**
 * The one next step towards certificates that are published, fresh and no more than needed. Every replica decides for
 * itself, and any of them may act: a step is safe whoever takes it, and whatever the others do at the same moment.
 */
export function decide(state: State, now: number): Action {
  const { secret } = state;
  if (secret === 'absent') return { do: 'create' };
  return (
    ensureCurrent(state, secret, now) ??
    answerCompromise(secret) ??
    adoptUnknown(state, secret, now) ??
    ensureTrust(state, secret, now) ??
    recordPublication(state, secret, now) ??
    promote(state, secret, now) ??
    prune(state, secret, now) ??
    stage(state, secret, now) ?? { do: 'wait', until: nextTime(state, secret, now), because: nothingToDo }
  );
}

/** Why to wait where all is well. */
export const nothingToDo = 'nothing to do';

/** Something has to be served, even if nobody trusts it yet. */
function ensureCurrent(state: State, secret: Stored, now: number): Action | undefined {
  const { current, next, revoked } = secret;
  if (current !== undefined && isAlive(current, now)) return undefined;
  const { serving, configurations, startedAt } = state;
  const adopt = unknownCas(state, secret, now);
  const mayServe = serving !== undefined && isAlive(serving, now) && !revoked.some(({ id }) => id === serving.id);
  if (mayServe) return { do: 'restore', generation: serving, adopt };
  const ours = new Set([current?.id, next?.id]);
  const inUse = liveBundles(configurations).some((ca) => ca.notAfter > now && !ours.has(ca.id));
  const until = startedAt + graceForOthers;
  if (inUse && now < until)
    return { do: 'wait', until, because: 'another replica may still serve what the Secret lost, and put it back' };
  // A dead certificate serves nobody: the next one need not wait for its time.
  if (next !== undefined && isAlive(next, now)) return { do: 'promote' };
  return { do: 'install', adopt };
}

/** Longer than any replica takes to look at the Secret again. */
const graceForOthers = minutes(0.75);

/** All that exists may be in wrong hands: also what is only staged. */
function answerCompromise({ rotate, current, next, previous, revoked }: Stored): Action | undefined {
  if (rotate !== 'compromised') return undefined;
  const known = new Set(revoked.map(({ id }) => id));
  const suspects = [current, next, previous].flatMap((generation) => generation ?? []);
  const revoke = suspects.filter(({ id }) => !known.has(id)).map(({ id, ca }) => ({ id, notAfter: ca.notAfter }));
  return { do: 'stage', revoke };
}

/** A Secret that was rolled back may have forgotten what is in use. */
function adoptUnknown(state: State, secret: Stored, now: number): Action | undefined {
  const adopt = unknownCas(state, secret, now);
  return adopt.length === 0 ? undefined : { do: 'adopt', adopt };
}

/** CAs of ours that a bundle trusts or that this replica serves under, and that the Secret does not know. */
function unknownCas({ configurations, serving, terms }: State, secret: Stored, now: number): readonly Ca[] {
  const { trusted, current, next, previous } = secret;
  const known = new Set(trusted.map(({ id }) => id));
  const held = [current, next, previous, serving].flatMap((generation) => generation?.ca ?? []);
  const inUse = [...liveBundles(configurations), ...held];
  const unknown = inUse.filter((ca) => !known.has(ca.id) && !isDue(ca, secret, terms, now));
  return [...new Map(unknown.map((ca) => [ca.id, ca])).values()];
}

/** Every bundle holds every CA that may be served under, and nothing else. */
function ensureTrust(state: State, secret: Stored, now: number): Action | undefined {
  const wanted = secret.trusted.filter((ca) => !isDue(ca, secret, state.terms, now));
  const wrong = state.configurations
    .filter(({ entries }) => entries.some((entry) => !holdsExactly(entry, wanted)))
    .map(({ name }) => ({ name, until: endOfPatience(state.patched, name, now) }))
    .toSorted((one, other) => one.until - other.until);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const { name, until } = first;
  // Somebody else writes the same field again and again: to answer each time helps nobody.
  if (until > now) return { do: 'wait', until, because: `someone keeps rewriting the caBundle of ${name}` };
  return { do: 'trust', configuration: name, bundle: wanted };
}

const holdsExactly = ({ trusts, foreign }: Entry, wanted: readonly Ca[]): boolean =>
  !foreign && trusts.length === wanted.length && wanted.every(({ id }) => trusts.some((ca) => ca.id === id));

/** After five patches in ten minutes each further one waits twice as long as the one before, ten minutes at most. */
function endOfPatience(patched: readonly Patched[], configuration: string, now: number): number {
  const own = patched.filter((one) => one.configuration === configuration).map(({ at }) => at);
  const recent = own.filter((at) => at > now - minutes(10) && at <= now);
  const last = recent.at(-1);
  if (last === undefined || recent.length < 5) return now;
  return last + Math.min(minutes(1 / 6) * 2 ** (recent.length - 5), minutes(10));
}

/** From here on the time runs in which slow API servers see the bundles. */
function recordPublication({ configurations }: State, { published }: Stored, now: number): Action | undefined {
  const versions = versionsOf(configurations);
  // A time that is yet to come was written under a clock that has been set back.
  const isRecorded = published?.versions === versions && published.at <= now;
  return isRecorded ? undefined : { do: 'record', versions };
}

/** `published` was checked by the step before. */
function promote({ terms }: State, secret: Stored, now: number): Action | undefined {
  const { next, published } = secret;
  if (next === undefined || published === undefined || !isAlive(next, now)) return undefined;
  return now - published.at >= trustDelayOf(secret, terms) ? { do: 'promote' } : undefined;
}

function prune({ terms }: State, secret: Stored, now: number): Action | undefined {
  const drop = secret.trusted.filter((ca) => isDue(ca, secret, terms, now)).map(({ id }) => id);
  return drop.length === 0 ? undefined : { do: 'prune', drop };
}

function stage({ terms }: State, secret: Stored, now: number): Action | undefined {
  const { current, next, rotate } = secret;
  if (current === undefined) return undefined;
  if (next !== undefined) return isAlive(next, now) ? undefined : { do: 'stage', revoke: [] };
  const isWanted = rotate !== undefined || !current.fits || now >= renewalTime(current, terms);
  return isWanted ? { do: 'stage', revoke: [] } : undefined;
}

type Lifetime = { readonly notBefore: number; readonly notAfter: number };

const renewalTime = ({ notBefore, notAfter }: Lifetime, { renewAt }: State['terms']): number =>
  notBefore + (notAfter - notBefore) * renewAt;

/** When, if nothing happens, there will be something to do. */
function nextTime({ terms, configurations }: State, secret: Stored, now: number): number {
  const { current, next, published, trusted, promotedAt, revoked } = secret;
  const times = [
    ...(published ? [published.at + trustDelayOf(secret, terms)] : []),
    ...(current && !next ? [renewalTime(current, terms)] : []),
    ...(current ? [current.notAfter] : []),
    ...trusted.map(({ notAfter }) => notAfter),
    ...(promotedAt === undefined || revoked.length === 0 ? [] : [promotedAt + revocationDelay(terms)]),
    ...(configurations.length === 0 ? [now + minutes(1)] : []),
  ];
  return Math.min(...times.filter((time) => time > now), now + minutes(60));
}
