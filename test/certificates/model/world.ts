import { minutes } from '../../../src/certificates/facts.js';
import type { Action, Ca, Entry, Generation, State, Stored, Terms } from '../../../src/certificates/state.js';

/**
 * A cluster in which certificates are kept, without any cryptography: a generation is its name and its dates. Worlds
 * never change; each step makes a new one, so that a search can go on from any of them in several ways.
 */
export type World = {
  /** What API servers say that the time is. */
  readonly clock: number;
  /**
   * For how long things have been there. Runs with the clock and, unlike it, never back: what API servers see late is
   * late by this measure. A clock set forward counts as time that passed: nobody who counts by the clock can tell.
   */
  readonly age: number;
  /** Counts the writes: resource versions, uids and generations are made of it. */
  readonly serial: number;
  readonly secret?: StoredSecret;
  readonly configurations: readonly WebhookConfiguration[];
  readonly replicas: readonly Replica[];
  readonly ledger: Ledger;
};

export type StoredSecret = { readonly version: number; readonly stored: Stored };

export type WebhookConfiguration = {
  readonly name: string;
  /** Undefined while it is deleted. */
  readonly live?: Version;
  /** What an API server that is late may still act upon. */
  readonly replaced: readonly Version[];
};

/** What a webhook configuration said from one write to the next. */
export type Version = {
  readonly serial: number;
  readonly entries: readonly Entry[];
  readonly by: 'us' | 'others';
  /** The `age` at which it was replaced. */
  readonly until?: number;
};

export type Replica = {
  readonly names: string;
  readonly serving?: Generation;
  readonly startedAt?: number;
  readonly patched: State['patched'];
  readonly stage: Stage;
  /** Generations that it could have served when it last chose: alive, not revoked, trusted by all it saw. */
  readonly options: readonly string[];
  /** Versions that others wrote, and that it saw while it could serve something that they trust. */
  readonly warned: readonly number[];
};

/** How far a replica has come with one look, decision and action; it may be late, or crash, between any two. */
export type Stage =
  | { readonly at: 'idle' }
  | { readonly at: 'half'; readonly secret?: SeenSecret; readonly configurations?: SeenConfigurations }
  /** It knows what to serve and what to do, from what it has read and what it remembers. */
  | ({ readonly at: 'decided' } & Plan)
  | ({ readonly at: 'served' } & Plan);
export type SeenSecret = { readonly now: number; readonly found?: StoredSecret };
export type SeenConfigurations = readonly { readonly name: string; readonly live: Version }[];
export type Plan = {
  readonly secret: SeenSecret;
  readonly configurations: SeenConfigurations;
  readonly serving?: Generation;
  readonly options: readonly string[];
  readonly action: Action;
};

/** What the invariants have to remember. */
export type Ledger = {
  /** Those that became current at once because there was nothing to protect. */
  readonly unprotected: readonly string[];
  /** Promoted early because the one before was compromised. */
  readonly hasty: readonly string[];
  readonly revoked: readonly { readonly id: string; readonly age: number }[];
  /** When the clock was last set back: what had expired may live again. */
  readonly setBack?: number;
};

export const terms: Terms = { lifetime: minutes(120), renewAt: 2 / 3, trustDelay: minutes(5) };

/** The CA outlives its certificate: by a day in truth, by less here, so that a run sees its end. */
const caOutlives = minutes(40);
const backdated = minutes(60);

/** A generation made at `now` by someone who was asked for these names. */
export function generation(serial: number, now: number, names = 'a'): Generation {
  const id = `g${serial}@${now / 1000}/${names}`;
  const notAfter = now + terms.lifetime;
  const ca = { id, notAfter: notAfter + caOutlives, pem: '' };
  return { id, ca, notBefore: now - backdated, notAfter, fits: true, pair: { ca: '', cert: '', key: '' } };
}

/** Whether nobody can serve under a CA any more. */
export const isLeafDead = (ca: Ca, now: number): boolean => ca.notAfter - caOutlives <= now;

export const fitting = (one: Generation, names: string): Generation => {
  const fits = one.id.endsWith(`/${names}`);
  return fits === one.fits ? one : { ...one, fits };
};

export const replica = (serving?: Generation, names = 'a'): Replica => ({
  names,
  patched: [],
  stage: { at: 'idle' },
  options: serving === undefined ? [] : [serving.id],
  warned: [],
  ...(serving === undefined ? {} : { serving, startedAt: 0 }),
});

export const entriesOf = (trusts: readonly Ca[], names: readonly string[] = ['pods']): readonly Entry[] =>
  names.map((name) => ({ name, trusts, foreign: false }));

export const emptyLedger: Ledger = { unprotected: [], hasty: [], revoked: [] };

/** Every version that an API server may act upon now: it is late by less than `lag`. */
export const versionsInUse = (configuration: WebhookConfiguration, age: number, lag: number): readonly Version[] => {
  const { live, replaced } = configuration;
  const late = replaced.filter(({ until = age }) => age - until < lag);
  return live === undefined ? late : [...late, live];
};

/** Whether an API server that acts upon a version would refuse a certificate. */
export const isRefused = ({ entries }: Version, { id }: Pick<Generation, 'id'>): boolean =>
  entries.some(({ trusts }) => !trusts.some((ca) => ca.id === id));

/** Time passes, or the clock is set. */
export function wait(world: World, ms: number): World {
  const age = world.age + Math.max(ms, 0);
  const configurations = world.configurations.map((configuration) => ({
    ...configuration,
    replaced: configuration.replaced.filter(({ until = age }) => age - until < terms.trustDelay),
  }));
  const ledger = ms < 0 ? { ...world.ledger, setBack: age } : world.ledger;
  return { ...world, clock: world.clock + ms, age, configurations, ledger };
}

/** Whoever writes a configuration makes a new version of it. */
export function rewrite(world: World, name: string, entries: Version['entries'] | undefined, by: Version['by']): World {
  const serial = world.serial + 1;
  const configurations = world.configurations.map((configuration) => {
    if (configuration.name !== name) return configuration;
    const { live, replaced } = configuration;
    // Who still calls a webhook that has been deleted is nobody's concern.
    if (entries === undefined) return { name, replaced: [] };
    const past = live === undefined ? replaced : [...replaced, { ...live, until: world.age }];
    return { name, replaced: past, live: { serial, entries, by } };
  });
  return { ...world, serial, configurations };
}

export function writeSecret(world: World, stored: Stored | undefined): World {
  const { secret: _, ...rest } = world;
  const version = world.serial + 1;
  return stored === undefined
    ? { ...rest, serial: version }
    : { ...rest, serial: version, secret: { version, stored } };
}

export function change(world: World, index: number, changes: Partial<Replica>): World {
  return { ...world, replicas: world.replicas.map((one, at) => (at === index ? { ...one, ...changes } : one)) };
}

export function replicaAt({ replicas }: World, index: number): Replica {
  const one = replicas[index];
  if (one === undefined) throw new Error(`there is no replica ${index}`);
  return one;
}
