import type { Ca, Generation, Revoked, SecretAction, Stored } from './state.js';

/** What the Secret holds after a step; `issued` is the new generation of a step that asks for one. */
export function advance(secret: Stored, action: SecretAction, now: number, issued?: Generation): Stored {
  const kept = withoutDead(secret, now);
  switch (action.do) {
    case 'install': {
      const { rotate, ...rest } = replaceCurrent(trusting(kept, action.adopt), demand(issued));
      return { ...rest, ...(rotate === 'compromised' ? { rotate } : {}), promotedAt: now };
    }
    case 'restore':
      return { ...replaceCurrent(trusting(kept, action.adopt), action.generation), promotedAt: now };
    case 'adopt':
      return trusting(kept, action.adopt);
    case 'stage': {
      const { rotate: _, published: __, ...rest } = kept;
      const next = demand(issued);
      return { ...trusting(rest, [next.ca]), next, revoked: [...kept.revoked, ...action.revoke] };
    }
    case 'record':
      return { ...kept, published: { at: now, versions: action.versions } };
    case 'promote': {
      const { next, current, rotate, ...rest } = kept;
      // Whoever takes this step because the current one is dead has not answered yet that all may be compromised.
      const wish = rotate === 'compromised' ? { rotate } : {};
      const promoted = { ...rest, ...wish, current: demand(next), promotedAt: now };
      return current === undefined ? promoted : { ...promoted, previous: current };
    }
    case 'prune':
      return dropping(kept, new Set(action.drop));
    default:
      return unreachable(action);
  }
}

/** The phase in which it was published ends with a generation; what was published stays. */
function replaceCurrent(secret: Stored, current: Generation): Stored {
  const { previous, ...rest } = secret;
  const kept = previous === undefined || previous.id === current.id ? rest : { ...rest, previous };
  return { ...trusting(kept, [current.ca]), current };
}

function trusting(secret: Stored, cas: readonly Ca[]): Stored {
  const known = new Set(secret.trusted.map(({ id }) => id));
  return { ...secret, trusted: [...secret.trusted, ...cas.filter(({ id }) => !known.has(id))] };
}

function dropping(secret: Stored, ids: ReadonlySet<string>): Stored {
  const { previous, ...rest } = secret;
  const trusted = secret.trusted.filter(({ id }) => !ids.has(id));
  return previous === undefined || ids.has(previous.id) ? { ...rest, trusted } : { ...rest, previous, trusted };
}

/** Nobody can serve under a revoked CA for longer than its certificates are valid, so it may be forgotten then. */
const withoutDead = (secret: Stored, now: number): Stored => ({
  ...secret,
  revoked: secret.revoked.filter(({ notAfter }: Revoked) => notAfter > now),
});

function demand(generation: Generation | undefined): Generation {
  if (generation === undefined) throw new Error('a step that needs a generation was taken without one');
  return generation;
}

const unreachable = (action: never): never => {
  throw new Error(`unknown step ${JSON.stringify(action)}`);
};
