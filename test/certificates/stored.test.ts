import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBundle } from '../../src/certificates/bundle.js';
import { issuePair } from '../../src/certificates/issue.js';
import type { Generation, Stored } from '../../src/certificates/state.js';
import { parseGeneration, parseStored, patchStored } from '../../src/certificates/stored.js';
import type { Secret } from '../../src/cluster/cluster.js';
import { createMemoryCluster, issueOurs, ourNames } from '../support/cluster.js';

const now = new Date('2026-11-21T05:00:00Z');
const foreign = await issuePair({ names: ourNames, now, lifetimeDays: 90, subject: 'other' });
const narrow = await issueOurs(now, 90, ['aloft']);
const generations: readonly Generation[] = (
  await Promise.all([issueOurs(now), issueOurs(now), issueOurs(now, 1), issueOurs(new Date('2020-01-01'))])
).flatMap((pair) => parseGeneration(pair, ourNames) ?? []);
const [first, second] = generations as readonly [Generation, Generation];

const secretOf = (data: Record<string, string>, annotations: Record<string, string> = {}): Secret => ({
  version: '1',
  annotations,
  data,
});
const parts = (pair: Generation['pair'], prefix = ''): Record<string, string> => ({
  [`${prefix}tls.crt`]: pair.cert,
  [`${prefix}tls.key`]: pair.key,
  [`${prefix}ca.crt`]: pair.ca,
});

const generation = fc.constantFrom(...generations);
const time = fc.integer({ min: 0, max: Date.parse('2100-01-01') });
const stored: fc.Arbitrary<Stored> = fc
  .record(
    {
      current: generation,
      next: generation,
      previous: generation,
      trusted: fc.uniqueArray(
        generation.map(({ ca }) => ca),
        { selector: ({ id }) => id },
      ),
      published: fc.record({ at: time, versions: fc.constantFrom('', 'A/a@u/1', 'A/a@u/1 B/b@v/2') }),
      promotedAt: time,
      rotate: fc.constantFrom('now', 'compromised'),
      revoked: fc.uniqueArray(fc.record({ id: generation.map(({ id }) => id), notAfter: time }), {
        selector: ({ id }) => id,
      }),
    },
    { requiredKeys: ['trusted', 'revoked'] },
  )
  .map((value) => value as Stored);

describe('what is written is what is read,', () => {
  test('whatever was there before; and what is none of ours stays', async () => {
    await fc.assert(
      fc.asyncProperty(stored, stored, async (before, after) => {
        const memory = createMemoryCluster({
          secret: secretOf({ 'of-a-newer-version': 'x' }, { 'example.com/a': 'b' }),
        });
        const write = async (value: Stored) =>
          expect(await memory.cluster.patchSecret(patchStored(memory.secret?.version ?? '', value))).toBe('done');
        await write(before);
        await write(after);
        const secret = memory.secret ?? secretOf({});
        expect(parseStored(secret, ourNames)).toEqual(after);
        expect(secret.data['of-a-newer-version']).toBe('x');
        expect(secret.annotations['example.com/a']).toBe('b');
      }),
      { numRuns: 200 },
    );
  });

  test('under the keys that are documented', () => {
    const published = { at: Date.parse('2026-01-02T03:04:05.678Z'), versions: 'A/a@u/1 B/b@v/2' };
    const value: Stored = {
      current: first,
      previous: second,
      trusted: [first.ca, second.ca],
      published,
      revoked: [{ id: second.id, notAfter: 0 }],
    };
    expect(patchStored('9', value)).toEqual({
      version: '9',
      annotations: {
        'aloft.dev/published': '2026-01-02T03:04:05.678Z A/a@u/1 B/b@v/2',
        'aloft.dev/promoted-at': null,
        'aloft.dev/rotate': null,
        'aloft.dev/revoked': `${second.id}@1970-01-01T00:00:00.000Z`,
      },
      data: {
        ...parts(first.pair),
        'next-tls.crt': null,
        'next-tls.key': null,
        'next-ca.crt': null,
        ...parts(second.pair, 'prev-'),
        'trusted.crt': `${first.ca.pem}${second.ca.pem}`,
      },
    });
  });
});

describe('a slot is not there where no API server could accept it:', () => {
  const { pair } = first;
  test.each<[string, Record<string, string>]>([
    ['nothing in it', {}],
    ['no CA', { ...parts(pair), 'ca.crt': '' }],
    ['no key', { ...parts(pair), 'tls.key': '' }],
    ['no certificate', { ...parts(pair), 'tls.crt': '' }],
    ['only a CA', { 'ca.crt': pair.ca }],
    ['the key of another', { ...parts(pair), 'tls.key': second.pair.key }],
    ['the CA of another', { ...parts(pair), 'ca.crt': second.pair.ca }],
    ['two CAs', { ...parts(pair), 'ca.crt': `${pair.ca}${second.pair.ca}` }],
    ['a CA of somebody else', parts(foreign)],
    ['no PEM in it', { 'tls.crt': 'a', 'tls.key': 'b', 'ca.crt': 'c' }],
    ['half a certificate', { ...parts(pair), 'tls.crt': pair.cert.slice(0, 400) }],
    ['the CA for a certificate', { ...parts(pair), 'tls.crt': pair.ca }],
    ['certificate and key swapped', { ...parts(pair), 'tls.crt': pair.key, 'tls.key': pair.cert }],
  ])('%s', (_, data) => {
    for (const prefix of ['', 'next-', 'prev-']) {
      const named = Object.fromEntries(Object.entries(data).map(([key, value]) => [`${prefix}${key}`, value]));
      const beside = { ...parts(second.pair, prefix === '' ? 'next-' : ''), ...named };
      const { current, next, previous } = parseStored(secretOf(beside), ourNames);
      const slots = { '': current, 'next-': next, 'prev-': previous };
      expect(slots[prefix as keyof typeof slots]).toBeUndefined();
      // What is beside it is read.
      expect(prefix === '' ? next?.id : current?.id).toBe(second.id);
    }
  });
});

describe('a generation', () => {
  test('is called by its CA, and knows its dates, also when they are over', () => {
    expect(generations).toHaveLength(4);
    expect(first).toEqual({
      id: parseBundle(first.pair.ca).cas[0]?.id,
      ca: parseBundle(first.pair.ca).cas[0],
      notBefore: Date.parse('2026-11-21T04:00:00Z'),
      notAfter: Date.parse('2027-02-19T05:00:00Z'),
      fits: true,
      pair: first.pair,
    });
  });

  test.each<[string, typeof narrow, readonly string[], boolean]>([
    ['every name', first.pair, ourNames, true],
    ['more names than are asked', first.pair, ['aloft'], true],
    ['one name too few', narrow, ourNames, false],
    ['no address that is asked', first.pair, [...ourNames, '10.0.0.1'], false],
  ])('with %s', (_, pair, names, fits) => expect(parseGeneration(pair, names)?.fits).toBe(fits));
});

describe('annotations that are not as aloft writes them are not there:', () => {
  test.each<[string, string, string]>([
    ['a time that is none', 'aloft.dev/published', 'yesterday A/a@u/1'],
    ['nothing', 'aloft.dev/published', ''],
    ['a promotion at no time', 'aloft.dev/promoted-at', 'soon'],
    ['another wish', 'aloft.dev/rotate', 'please'],
    ['a wish in capitals', 'aloft.dev/rotate', 'NOW'],
    ['revoked without a time', 'aloft.dev/revoked', 'AA:BB'],
    ['revoked at no time', 'aloft.dev/revoked', 'AA:BB@never'],
  ])('%s', (_, key, value) => {
    expect(parseStored(secretOf({}, { [key]: value }), ourNames)).toEqual({ trusted: [], revoked: [] });
  });

  test('what is right beside what is wrong is read', () => {
    const annotations = { 'aloft.dev/revoked': 'AA:BB CC:DD@2030-01-01T00:00:00.000Z ' };
    expect(parseStored(secretOf({}, annotations), ourNames).revoked).toEqual([
      { id: 'CC:DD', notAfter: Date.parse('2030-01-01') },
    ]);
  });
});

test('trusted CAs of somebody else are left out', () => {
  const data = { 'trusted.crt': `${first.ca.pem}${foreign.ca}garbage` };
  expect(parseStored(secretOf(data), ourNames).trusted).toEqual([first.ca]);
});
