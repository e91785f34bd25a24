import { expect, test } from '@jest/globals';
import { choose } from '../../src/certificates/choose.js';
import { minutes } from '../../src/certificates/facts.js';
import type { Ca, Generation, State, Stored } from '../../src/certificates/state.js';
import { entriesOf, generation, terms } from './model/world.js';

const old = generation(1, minutes(-60));
const current = generation(2, minutes(-10));
const newer = generation(3, minutes(-1));
const dead = generation(4, minutes(-130));
const unborn = generation(5, minutes(90));
const names = new Map(
  [old, current, newer, dead, unborn].map(({ id }, at) => [id, ['old', 'current', 'newer', 'dead', 'unborn'][at]]),
);

const both = [old.ca, current.ca];
const settled = { at: minutes(-5), versions: 'hooks@5' };
const promoted: Stored = { current, previous: old, trusted: both, published: settled, revoked: [] };
const { published: _, ...unpublished } = promoted;
const alone: Stored = { current, trusted: [current.ca], revoked: [] };
const hooks = (trusts: readonly Ca[], version = '5') => ({ name: 'hooks', version, entries: entriesOf(trusts) });

test.each<[string, string | undefined, Stored | 'absent', readonly Ca[], Generation?]>([
  ['nothing is there', undefined, 'absent', []],
  ['the Secret is gone', 'old', 'absent', both, old],
  ['it is current and known to all', 'current', promoted, both, old],
  ['a replica starts', 'current', promoted, both],
  ['the bundle was rolled back', 'old', promoted, [old.ca], current],
  ['a replica starts while the bundle is rolled back', 'old', promoted, [old.ca]],
  ['the bundle is right again, but not yet for all', 'old', unpublished, both, old],
  ['a replica starts when the bundle has just become right', 'old', unpublished, both],
  [
    'the older one is revoked',
    'current',
    { ...unpublished, revoked: [{ id: old.id, notAfter: old.ca.notAfter }] },
    both,
    old,
  ],
  ['we serve the current one already', 'current', unpublished, both, current],
  ['the bundle was emptied', 'old', promoted, [], old],
  ['a replica starts while the bundle is empty', 'current', promoted, []],
  ['what we serve is newer than what was put back', 'current', alone, [current.ca, newer.ca], newer],
  ['what we serve is older than what was put back', 'old', { ...unpublished, current: newer }, [old.ca, newer.ca], old],
  ['the current one is dead', 'old', { ...promoted, current: dead }, both, old],
  ['the current one is not yet valid', 'old', { ...promoted, current: unborn }, [old.ca, unborn.ca], old],
  ['everything is dead', 'dead', { trusted: [], revoked: [] }, [], dead],
  [
    'what is only staged',
    'old',
    { ...unpublished, current: old, next: newer, trusted: [old.ca, newer.ca] },
    [old.ca, newer.ca],
  ],
])('%s: %s', (_sentence, expected, secret, trusts, serving = undefined) => {
  const known = { secret, configurations: [hooks(trusts)], startedAt: 0, patched: [], terms };
  const state: State = serving === undefined ? known : { ...known, serving };
  expect(names.get(choose(state, 0)?.id ?? '')).toBe(expected);
});

test('one webhook that does not trust it is enough', () => {
  const configurations = [hooks(both), { ...hooks([old.ca]), name: 'more' }];
  expect(choose({ secret: promoted, configurations, startedAt: 0, patched: [], terms, serving: current }, 0)).toBe(old);
});

test.each([
  ['at another version', { at: minutes(-9), versions: 'hooks@4' }, 0, 'old'],
  ['a moment too recently', settled, -1, 'old'],
  ['for long enough', settled, 0, 'current'],
])('published %s', (_sentence, published, now, expected) => {
  const state = {
    secret: { ...promoted, published },
    configurations: [hooks(both)],
    startedAt: 0,
    patched: [],
    terms,
  };
  expect(names.get(choose({ ...state, serving: old }, now)?.id ?? '')).toBe(expected);
});
