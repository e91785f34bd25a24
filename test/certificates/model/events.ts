import type { Stored } from '../../../src/certificates/state.js';
import type { Event } from './explore.js';
import { entriesOf, replica, rewrite, type World, writeSecret } from './world.js';

export const crash = (index: number): Event => ({
  name: `replica ${index} crashes and is started again`,
  happens: (world) => {
    const replicas = world.replicas.map((one, at) => (at === index ? replica(undefined, one.names) : one));
    return { ...world, replicas };
  },
});

export const deleteSecret: Event = {
  name: 'someone deletes the Secret',
  happens: (world) => (world.secret === undefined ? undefined : writeSecret(world, undefined)),
};

/** Changes what the Secret holds behind everyone's back. */
export const editSecret = (name: string, edit: (stored: Stored) => Stored): Event => ({
  name: `someone ${name}`,
  happens: (world) => (world.secret === undefined ? undefined : writeSecret(world, edit(world.secret.stored))),
});

export const emptySecret = editSecret('empties the Secret', () => ({ trusted: [], revoked: [] }));

export const corrupt = (slot: 'current' | 'next' | 'previous'): Event =>
  editSecret(`corrupts the ${slot} pair in the Secret`, ({ [slot]: _, ...rest }) => rest);

export const forgetTrusted = editSecret('corrupts trusted.crt in the Secret', (stored) => ({ ...stored, trusted: [] }));

/** A wish never makes an earlier one less urgent. */
export const ask = (rotate: 'now' | 'compromised'): Event =>
  editSecret(`asks for a rotation: ${rotate}`, (stored) => ({
    ...stored,
    rotate: stored.rotate === 'compromised' ? stored.rotate : rotate,
  }));

export const rollBackSecret = (past: Stored): Event =>
  editSecret(`rolls the Secret back to ${past.current?.id ?? 'nothing'}`, () => past);

/** Replaces the bundle of a configuration. */
export const wipe = (name: string): Event => setBundle(`wipes the caBundle of ${name}`, name, []);

export const setBundle = (
  what: string,
  name: string,
  trusts: Parameters<typeof entriesOf>[0],
  foreign = false,
): Event => ({
  name: `someone ${what}`,
  happens: (world) => {
    const live = world.configurations.find((one) => one.name === name)?.live;
    if (live === undefined) return undefined;
    const entries = live.entries.map((entry) => ({ ...entry, trusts, foreign }));
    return rewrite(world, name, entries, 'others');
  },
});

/** Changes something else, of which the API server counts a new generation. */
export const touch = (name: string): Event => ({
  name: `someone edits ${name}`,
  happens: (world) => {
    const live = liveOf(world, name);
    return live === undefined ? undefined : rewrite(world, name, live.entries, live.by);
  },
});

export const remove = (name: string): Event => ({
  name: `someone deletes ${name}`,
  happens: (world) => (liveOf(world, name) === undefined ? undefined : rewrite(world, name, undefined, 'others')),
});

export const recreate = (name: string, names: readonly string[]): Event => ({
  name: `someone creates ${name}`,
  happens: (world) =>
    liveOf(world, name) === undefined ? rewrite(world, name, entriesOf([], names), 'others') : undefined,
});

const liveOf = ({ configurations }: World, name: string) => configurations.find((one) => one.name === name)?.live;
