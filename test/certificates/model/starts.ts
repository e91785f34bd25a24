import { minutes } from '../../../src/certificates/facts.js';
import type { Stored } from '../../../src/certificates/state.js';
import { emptyLedger, entriesOf, generation, replica, type Version, type World } from './world.js';

/** The pairs that the worlds below begin with: `old` came before `running`, and `fresh` comes after it. */
export const old = generation(1, minutes(-120) + 1);
export const running = generation(2, minutes(-60));
export const fresh = generation(3, minutes(-4));

type Start = {
  readonly replicas: World['replicas'];
  readonly stored?: Stored;
  readonly bundle: Version['entries'];
  readonly by?: Version['by'];
  readonly clock?: number;
};

/** A world with one webhook configuration that has not been touched for long. */
export function begin({ replicas, stored, bundle, by = 'us', clock = 0 }: Start): World {
  return {
    clock,
    age: 0,
    serial: 10,
    ...(stored === undefined ? {} : { secret: { version: 9, stored } }),
    configurations: [{ name: 'hooks', live: { serial: 5, entries: bundle, by }, replaced: [] }],
    replicas,
    ledger: emptyLedger,
  };
}

/** One generation, published long ago. */
export const stable: Stored = {
  current: running,
  trusted: [running.ca],
  published: { at: minutes(-50), versions: 'hooks@5' },
  revoked: [],
};

/** The next generation waits, and its CA is nowhere yet. */
export const staged: Stored = { ...withoutPublished(stable), next: fresh, trusted: [running.ca, fresh.ca] };

/** The CA of the next one is in every bundle, and was there a moment ago. */
export const published: Stored = { ...staged, published: { at: 0, versions: 'hooks@5' } };

/** The next one has just become current. */
export const promoted: Stored = {
  current: fresh,
  previous: running,
  trusted: [running.ca, fresh.ca],
  published: { at: minutes(-5), versions: 'hooks@5' },
  promotedAt: 0,
  revoked: [],
};

function withoutPublished({ published: _, ...rest }: Stored): Stored {
  return rest;
}

export const both = entriesOf([running.ca, fresh.ca]);
export const one = entriesOf([running.ca]);
export const none = entriesOf([]);
export const serving = (count: number, what = running) => Array.from({ length: count }, () => replica(what));
export const starting = (count: number) => Array.from({ length: count }, () => replica());
export const nothing: Stored = { trusted: [], revoked: [] };

export function withoutCurrent({ current: _, ...rest }: Stored): Stored {
  return rest;
}
