import { expect, test } from '@jest/globals';
import { advance } from '../../src/certificates/advance.js';
import type { Generation, SecretAction, Stored } from '../../src/certificates/state.js';
import { generation } from './model/world.js';

const now = 60_000;
const a = generation(1, 0);
const b = generation(2, 0);
const c = generation(3, 0);
const published = { at: 5, versions: 'hooks@5' };
const stable: Stored = { current: a, trusted: [a.ca], published, revoked: [] };
const { published: _, ...unpublished } = stable;
const staged: Stored = { ...stable, next: b, trusted: [a.ca, b.ca] };
const revoked = [{ id: a.id, notAfter: a.ca.notAfter }];
const drop = [a.ca.id];

test.each<[string, Stored, SecretAction, Stored, Generation?]>([
  [
    'install',
    { trusted: [], revoked: [] },
    { do: 'install', adopt: [b.ca] },
    { current: c, trusted: [b.ca, c.ca], promotedAt: now, revoked: [] },
    c,
  ],
  [
    'install in place of a dead one',
    { ...staged, rotate: 'now' },
    { do: 'install', adopt: [] },
    { ...staged, current: c, trusted: [a.ca, b.ca, c.ca], promotedAt: now },
    c,
  ],
  [
    'install does not settle that all may be compromised',
    { ...stable, rotate: 'compromised' },
    { do: 'install', adopt: [] },
    { ...stable, current: c, trusted: [a.ca, c.ca], promotedAt: now, rotate: 'compromised' },
    c,
  ],
  [
    'restore',
    { trusted: [], rotate: 'now', revoked: [] },
    { do: 'restore', generation: b, adopt: [a.ca] },
    { current: b, trusted: [a.ca, b.ca], rotate: 'now', promotedAt: now, revoked: [] },
  ],
  [
    'restore what was the previous one',
    { ...stable, previous: b },
    { do: 'restore', generation: b, adopt: [] },
    { ...stable, current: b, trusted: [a.ca, b.ca], promotedAt: now },
  ],
  [
    'restore beside another previous one',
    { ...stable, previous: c },
    { do: 'restore', generation: b, adopt: [] },
    { ...stable, current: b, previous: c, trusted: [a.ca, b.ca], promotedAt: now },
  ],
  ['adopt', stable, { do: 'adopt', adopt: [a.ca, b.ca] }, { ...stable, trusted: [a.ca, b.ca] }],
  [
    'stage',
    { ...stable, rotate: 'now' },
    { do: 'stage', revoke: [] },
    { ...unpublished, next: b, trusted: [a.ca, b.ca] },
    b,
  ],
  [
    'stage in place of another',
    staged,
    { do: 'stage', revoke: [] },
    { ...unpublished, next: c, trusted: [a.ca, b.ca, c.ca] },
    c,
  ],
  [
    'stage and revoke',
    { ...stable, rotate: 'compromised' },
    { do: 'stage', revoke: revoked },
    { ...unpublished, next: b, trusted: [a.ca, b.ca], revoked },
    b,
  ],
  [
    'record',
    unpublished,
    { do: 'record', versions: 'hooks@6' },
    { ...stable, published: { at: now, versions: 'hooks@6' } },
  ],
  [
    'promote',
    { ...staged, rotate: 'now' },
    { do: 'promote' },
    { ...stable, current: b, previous: a, trusted: [a.ca, b.ca], promotedAt: now },
  ],
  [
    'promote does not settle that all may be compromised',
    { ...staged, rotate: 'compromised' },
    { do: 'promote' },
    { ...stable, current: b, previous: a, trusted: [a.ca, b.ca], rotate: 'compromised', promotedAt: now },
  ],
  [
    'promote where nothing was current',
    { next: b, trusted: [b.ca], revoked: [] },
    { do: 'promote' },
    { current: b, trusted: [b.ca], promotedAt: now, revoked: [] },
  ],
  [
    'prune',
    { ...stable, current: b, previous: a, trusted: [a.ca, b.ca] },
    { do: 'prune', drop },
    { ...stable, current: b, trusted: [b.ca] },
  ],
  [
    'prune another than the previous one',
    { ...stable, current: c, previous: b, trusted: [a.ca, b.ca, c.ca] },
    { do: 'prune', drop },
    { ...stable, current: c, previous: b, trusted: [b.ca, c.ca] },
  ],
  [
    'any step forgets what was revoked and is dead',
    { ...unpublished, revoked: [{ id: c.id, notAfter: now }, ...revoked] },
    { do: 'adopt', adopt: [] },
    { ...unpublished, revoked },
  ],
])('%s', (_sentence, before, action, expected, issued = undefined) => {
  expect(advance(before, action, now, issued)).toEqual(expected);
});

test.each<SecretAction>([
  { do: 'install', adopt: [] },
  { do: 'stage', revoke: [] },
])('$do needs a generation', (action) => {
  expect(() => advance(stable, action, now)).toThrow('a step that needs a generation was taken without one');
});

test('a step that nobody knows is a bug', () => {
  expect(() => advance(stable, { do: 'dance' } as never, now)).toThrow('unknown step {"do":"dance"}');
});
