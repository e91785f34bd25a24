import { isAlive, isTrustedEverywhere, trustDelayOf, versionsOf } from './facts.js';
import type { Generation, State } from './state.js';

/**
 * The generation that a replica should serve: the newest that API servers surely trust. Where a bundle was rolled back,
 * that is the one before; where nothing is trusted, what is served already, because another would be no better.
 */
export function choose({ secret, configurations, serving, terms }: State, now: number): Generation | undefined {
  const stored = secret === 'absent' ? undefined : secret;
  const revoked = new Set(stored?.revoked.map(({ id }) => id));
  const alive = [stored?.current, serving, stored?.previous].flatMap((generation) =>
    generation !== undefined && isAlive(generation, now) ? [generation] : [],
  );
  const usable = alive.filter((generation) => isTrustedEverywhere(generation, configurations));
  const [first] = usable;
  if (stored === undefined || first === undefined) {
    return alive.find(({ id }) => id === serving?.id) ?? alive[0] ?? serving;
  }
  if (first.id !== stored.current?.id || first.id === serving?.id) return first;

  const { published } = stored;
  const isSettled =
    published?.versions === versionsOf(configurations) && now - published.at >= trustDelayOf(stored, terms);
  const older = usable.find(({ id, notBefore }) => id !== first.id && !revoked.has(id) && notBefore <= first.notBefore);
  // Some API servers may not have seen yet that this one is trusted; the older one they have known for long.
  return isSettled || older === undefined ? first : older;
}
