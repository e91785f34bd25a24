import { choose } from '../../../src/certificates/choose.js';
import { decide } from '../../../src/certificates/decide.js';
import { isAlive, isTrustedEverywhere, minutes, versionsOf } from '../../../src/certificates/facts.js';
import type { Action, State, Stored } from '../../../src/certificates/state.js';
import { type Algorithm, aloft } from './algorithm.js';

type Invariant = 'I1' | 'I2' | 'I3' | 'I4';

/** Twins of the algorithm, each with a mistake put in: what cannot tell them from the real one proves nothing. */
export const twins: readonly (readonly [string, readonly Invariant[], Algorithm])[] = [
  [
    'promotes without waiting',
    ['I1', 'I2'],
    deciding((state, now) => decide({ ...state, terms: { ...state.terms, trustDelay: 0 } }, now)),
  ],
  ['waits from the staging on, not from the publication', ['I1'], deciding(promoteAfterStaging)],
  ['promotes what is staged at once', ['I1'], deciding(promoteAtOnce)],
  ['takes the old CA out as soon as the new pair is current', ['I2'], deciding(pruneAfterPromotion)],
  ['replaces the CA in the bundle, with no overlap', ['I1', 'I2'], deciding(replaceBundle)],
  ['takes a revoked CA out as soon as the next pair is current', ['I2'], deciding(pruneRevoked)],
  ['forgets the CAs that the Secret does not know', ['I1', 'I2'], deciding(adoptNothing)],
  [
    'does not wait for others to put back what the Secret lost',
    ['I1'],
    deciding((state, now) => decide({ ...state, startedAt: now - minutes(60) }, now)),
  ],
  ['takes any version of a bundle for the one that was published', ['I3'], deciding(ignoreVersions)],
  ['never promotes', ['I3'], deciding(neverPromote)],
  ['never gives up a wish', ['I4'], deciding((state, now) => restage(state, decide(state, now)))],
  [
    'serves what is only staged',
    ['I1'],
    {
      ...aloft,
      choose: (state, now) => {
        const next = storedOf(state)?.next;
        return next !== undefined && isAlive(next, now) ? next : choose(state, now);
      },
    },
  ],
  [
    'serves what is current, whatever bundles hold',
    ['I1'],
    {
      ...aloft,
      choose: (state, now) => {
        const current = storedOf(state)?.current;
        return current !== undefined && isAlive(current, now) ? current : choose(state, now);
      },
    },
  ],
  [
    'serves the current one as soon as a bundle holds it again',
    ['I1'],
    {
      ...aloft,
      choose: (state, now) => {
        const current = storedOf(state)?.current;
        return current !== undefined && isAlive(current, now) && isTrustedEverywhere(current, state.configurations)
          ? current
          : choose(state, now);
      },
    },
  ],
  ['reads the Secret before the configurations', ['I1'], { ...aloft, readsFirst: 'secret' }],
  [
    'overwrites bundles that have changed meanwhile',
    ['I1', 'I2'],
    { ...aloft, lands: { ...aloft.lands, onBundles: () => true } },
  ],
  [
    'overwrites a Secret that has changed meanwhile',
    ['I1', 'I2'],
    { ...aloft, lands: { ...aloft.lands, onSecret: () => true } },
  ],
];

function deciding(mistaken: typeof decide): Algorithm {
  return { ...aloft, decide: mistaken };
}

const storedOf = ({ secret }: State): Stored | undefined => (secret === 'absent' ? undefined : secret);

function promoteAfterStaging(state: State, now: number): Action {
  const next = storedOf(state)?.next;
  const isLate =
    next !== undefined && isAlive(next, now) && now - (next.notBefore + minutes(60)) >= state.terms.trustDelay;
  return isLate ? { do: 'promote' } : decide(state, now);
}

function promoteAtOnce(state: State, now: number): Action {
  const next = storedOf(state)?.next;
  return next !== undefined && isAlive(next, now) ? { do: 'promote' } : decide(state, now);
}

function pruneAfterPromotion(state: State, now: number): Action {
  const action = decide(state, now);
  const { current, previous, next } = storedOf(state) ?? {};
  if (action.do !== 'wait' || current === undefined || previous === undefined) return action;
  const holding = state.configurations.find(({ entries }) =>
    entries.some(({ trusts }) => trusts.some(({ id }) => id === previous.id)),
  );
  const bundle = [current, next].flatMap((one) => one?.ca ?? []);
  return holding === undefined ? action : { do: 'trust', configuration: holding.name, bundle };
}

function replaceBundle(state: State, now: number): Action {
  const action = decide(state, now);
  const { current, next } = storedOf(state) ?? {};
  const newest = next ?? current;
  return action.do === 'trust' && newest !== undefined ? { ...action, bundle: [newest.ca] } : action;
}

function pruneRevoked(state: State, now: number): Action {
  const stored = storedOf(state);
  return decide(stored === undefined ? state : { ...state, secret: { ...stored, promotedAt: now - minutes(60) } }, now);
}

/** To it, what is not in the Secret is none of ours. */
function adoptNothing({ serving: _, ...state }: State, now: number): Action {
  const stored = storedOf(state);
  const known = new Set(stored?.trusted.map(({ id }) => id));
  const configurations = state.configurations.map((configuration) => ({
    ...configuration,
    entries: configuration.entries.map((entry) => {
      const trusts = entry.trusts.filter(({ id }) => known.has(id));
      return { ...entry, trusts, foreign: entry.foreign || trusts.length < entry.trusts.length };
    }),
  }));
  return decide({ ...state, configurations }, now);
}

function ignoreVersions(state: State, now: number): Action {
  const stored = storedOf(state);
  const published = stored?.published;
  if (stored === undefined || published === undefined) return decide(state, now);
  const versions = versionsOf(state.configurations);
  return decide({ ...state, secret: { ...stored, published: { ...published, versions } } }, now);
}

function neverPromote(state: State, now: number): Action {
  const action = decide(state, now);
  return action.do === 'promote' ? { do: 'wait', until: now + minutes(60), because: 'why hurry' } : action;
}

function restage(state: State, action: Action): Action {
  return action.do === 'wait' && storedOf(state)?.next !== undefined ? { do: 'stage', revoke: [] } : action;
}
