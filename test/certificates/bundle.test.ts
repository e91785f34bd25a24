import { expect, test } from '@jest/globals';
import { joinBundle, parseBundle } from '../../src/certificates/bundle.js';
import { issuePair } from '../../src/certificates/issue.js';
import { issueOurs } from '../support/cluster.js';

const now = new Date('2026-11-21T05:00:00Z');
const [one, other, foreign, local] = await Promise.all([
  issueOurs(now),
  issueOurs(now),
  issuePair({ names: ['x'], now, lifetimeDays: 1, subject: 'other' }),
  issuePair({ names: ['x'], now, lifetimeDays: 1, subject: 'aloft local' }),
]);
const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const text = (pem: string): string => pem.trim();

type Row = readonly [name: string, pem: string, cas: readonly { readonly ca: string }[], foreign: boolean];
test.each<Row>([
  ['nothing', '', [], false],
  ['white space', ' \n\n', [], false],
  ['one CA', one.ca, [one], false],
  ['two CAs', `${one.ca}${other.ca}`, [one, other], false],
  ['two CAs, the other way round', `${other.ca}${one.ca}`, [other, one], false],
  ['the same CA twice', `${one.ca}${other.ca}${one.ca}`, [one, other], false],
  ['Windows line ends', one.ca.replaceAll(/\r?\n/g, '\r\n'), [one], false],
  ['no newline at the end', text(one.ca), [one], false],
  ['text around', `Bundle of ours\n${one.ca}# and another\n${other.ca}the end`, [one, other], false],
  ['a CA of somebody else', foreign.ca, [], true],
  ['a CA that a server without a cluster made', local.ca, [], true],
  ['a CA of somebody else beside ours', `${one.ca}${foreign.ca}`, [one], true],
  ['a certificate of ours that is no CA', `${one.ca}${one.cert}`, [one], true],
  ['a block that is no certificate', `${garbage}${one.ca}`, [one], true],
  ['a key', one.key, [], true],
  ['what is no PEM at all', 'xx', [], true],
  ['half a certificate', one.ca.slice(0, 300), [], true],
  // Go drops the whole bundle: nobody in it is trusted, and it has to be written anew.
  ['no newline between two', `${text(one.ca)}${text(other.ca)}\n`, [], true],
])('a bundle of %s', (_, pem, cas, isForeign) => {
  const bundle = parseBundle(pem);
  expect(bundle.cas.map((ca) => text(ca.pem).replaceAll('\r', ''))).toEqual(
    cas.map(({ ca }) => text(ca).replaceAll('\r', '')),
  );
  expect(bundle.foreign).toBe(isForeign);
});

test('a CA is told by its fingerprint, and outlives its certificate by a day', () => {
  const [ca] = parseBundle(one.ca).cas;
  expect(ca?.id).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(new Date(ca?.notAfter ?? 0)).toEqual(new Date('2027-02-20T05:00:00Z'));
});

test('what is joined has a newline behind each CA, and is read as the same CAs', () => {
  const { cas } = parseBundle(`${text(one.ca)}\n\n\n${text(other.ca)}`);
  const joined = joinBundle(cas);
  expect(joined.match(/-----END CERTIFICATE-----\n/g)).toHaveLength(2);
  expect(parseBundle(joined)).toEqual({ cas, foreign: false });
  expect(joinBundle([])).toBe('');
});

test('a name that only begins like ours is none of ours', async () => {
  const fake = await issuePair({ names: ['x'], now, lifetimeDays: 1, subject: 'aloft CAmel' });
  expect(parseBundle(fake.ca)).toEqual({ cas: [], foreign: true });
});
