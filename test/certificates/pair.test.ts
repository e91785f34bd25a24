import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import forge from 'node-forge';
import { issuePair } from '../../src/certificates/issue.js';
import {
  type CertificatePair,
  checkKey,
  checkPair,
  expiryOf,
  fitsTogether,
  isIssuedBy,
  renewalOf,
} from '../../src/certificates/pair.js';

const now = new Date('2026-11-21T05:00:00Z');
const names = ['aloft.aloft.svc', '127.0.0.1'];
const request = { names: ['aloft.aloft.svc', 'aloft'], ips: ['127.0.0.1'], lifetimeDays: 90, now };
const pair = await issuePair(request);
const other = await issuePair({ ...request, subject: 'other' });

const passphrase = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
const locked = createPrivateKey(pair.key)
  .export({ type: 'pkcs8', format: 'pem', ...passphrase })
  .toString();
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

const has = '(has: aloft.aloft.svc, aloft, 127.0.0.1)';

test.each<[string, Partial<CertificatePair>, readonly string[]]>([
  ['a good pair', {}, []],
  ['no CA, as cert-manager may leave it', { ca: '' }, []],
  ['two CAs in the bundle', { ca: other.ca + pair.ca }, []],
  ['the leaf itself as what is trusted', { ca: pair.cert }, []],
  ['no key', { key: '' }, ['key missing']],
  ['no certificate', { cert: ' \n' }, ['certificate missing']],
  ['nothing', { key: '', cert: '' }, ['certificate missing', 'key missing']],
  ['a text for a certificate', { cert: 'hello' }, ['certificate is not PEM']],
  ['PEM around garbage', { cert: garbage }, ['certificate is not PEM']],
  ['base64 of PEM, as it stands in a Secret', { key: btoa(pair.key) }, ['key is not PEM without a passphrase']],
  ['a key with a passphrase', { key: locked }, ['key is not PEM without a passphrase']],
  ['a certificate for a key', { key: pair.cert }, ['key is not PEM without a passphrase']],
  ['the key of another pair', { key: other.key }, ['key does not belong to certificate']],
  [
    'a key of another kind',
    { key: elliptic.export({ type: 'pkcs8', format: 'pem' }).toString() },
    ['key does not belong to certificate'],
  ],
  ['the CA of another pair', { ca: other.ca }, ['ca does not sign the certificate']],
  ['a CA that cannot be read', { ca: garbage }, ['ca does not sign the certificate']],
  [
    'two faults',
    { key: other.key, ca: other.ca },
    ['key does not belong to certificate', 'ca does not sign the certificate'],
  ],
])('%s', (_, change, expected) => {
  expect(checkPair({ ...pair, ...change }, { names, now })).toEqual(expected);
});

test.each<[string, string, readonly string[]]>([
  ['an hour before it was made', '2026-11-21T04:00:00Z', []],
  [
    'a second earlier',
    '2026-11-21T03:59:59Z',
    ['certificate not valid before 2026-11-21T04:00:00.000Z', 'ca not valid before 2026-11-21T04:00:00.000Z'],
  ],
  ['its last second', '2027-02-19T04:59:59Z', []],
  ['its end', '2027-02-19T05:00:00Z', ['certificate expired on 2027-02-19T05:00:00.000Z']],
  [
    'the end of its CA',
    '2027-02-20T05:00:00Z',
    ['certificate expired on 2027-02-19T05:00:00.000Z', 'ca expired on 2027-02-20T05:00:00.000Z'],
  ],
])('at %s', (_, at, expected) => {
  expect(checkPair(pair, { names, now: new Date(at) })).toEqual(expected);
});

test.each<[string, string, readonly string[]]>([
  ['a name it has', 'aloft', []],
  ['an address it has', '127.0.0.1', []],
  ['a name it lacks', 'localhost', [`certificate lacks the name "localhost" ${has}`]],
  ['an address it lacks', '10.0.0.1', [`certificate lacks the name "10.0.0.1" ${has}`]],
  ['a name below one it has', 'x.aloft', [`certificate lacks the name "x.aloft" ${has}`]],
])('asked for %s', (_, name, expected) => {
  expect(checkPair(pair, { names: [name], now })).toEqual(expected);
});

test('checkKey leaves names, dates and CA alone', () => {
  expect(checkKey({ ...pair, ca: other.ca })).toEqual([]);
});

test.each<[string, CertificatePair, boolean]>([
  ['one generation', pair, true],
  ['no CA', { ...pair, ca: '' }, true],
  ['a new CA beside an old pair', { ...pair, ca: other.ca }, false],
  ['a new key beside an old certificate', { ...pair, key: other.key }, false],
])('fits together: %s', (_, candidate, expected) => {
  expect(fitsTogether(candidate)).toBe(expected);
});

test('expiry and renewal: two thirds of 90 days and an hour', () => {
  expect(expiryOf(pair)).toEqual(new Date('2027-02-19T05:00:00Z'));
  expect(renewalOf(pair)).toEqual(new Date('2027-01-20T04:40:00Z'));
});

test.each<[string, CertificatePair, string, boolean]>([
  ['its own CA', pair, 'aloft CA ', true],
  ['another CA', pair, 'other CA ', false],
  ['a name inside the CA’s', pair, 'CA', false],
  ['somebody’s key', { ...pair, key: other.key }, 'aloft CA ', false],
  ['no certificate', { ...pair, cert: '' }, 'aloft CA ', false],
])('issued by: %s', (_, candidate, commonName, expected) => {
  expect(isIssuedBy(candidate, commonName)).toBe(expected);
});

const chain = chainOfThree();
const forged = chainOfThree();

test.each<[string, string, string, readonly string[]]>([
  ['an intermediate sent along with the leaf', chain.root, chain.leaf + chain.intermediate, []],
  ['the same intermediate twice', chain.root, chain.leaf + chain.intermediate + chain.intermediate, []],
  ['the intermediate forgotten', chain.root, chain.leaf, ['ca does not sign the certificate']],
  ['a root of the same name', forged.root, chain.leaf + chain.intermediate, ['ca does not sign the certificate']],
  [
    'no end to the chain',
    forged.root,
    chain.leaf + chain.intermediate + chain.root,
    ['ca does not sign the certificate'],
  ],
])('a foreign chain: %s', (_, ca, cert, expected) => {
  expect(checkPair({ ca, cert, key: chain.key }, { names: ['foreign'], now })).toEqual(expected);
});

test('a certificate for clients, without any name', () => {
  expect(checkPair({ ca: '', cert: chain.client, key: chain.key }, { names: ['foreign'], now })).toEqual([
    'certificate lacks the name "foreign" (has: none)',
    'certificate is not made for servers (serverAuth)',
  ]);
});

/** Root, intermediate and leaf, as a company's CA issues them; one key for all keeps it short. */
function chainOfThree() {
  // Short, because node-forge is slow under jest; Node reads such a key, though it would not serve with it.
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const forgeKey = forge.pki.privateKeyFromPem(key);
  const make = (name: string, issuer: string, extensions: object[]): string => {
    const made = forge.pki.createCertificate();
    made.publicKey = forge.pki.setRsaPublicKey(forgeKey.n, forgeKey.e);
    Object.assign(made.validity, { notBefore: now, notAfter: new Date('2030-01-01') });
    made.setSubject([{ name: 'commonName', value: name }]);
    made.setIssuer([{ name: 'commonName', value: issuer }]);
    made.setExtensions(extensions);
    made.sign(forgeKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(made);
  };
  const ca = { name: 'basicConstraints', cA: true };
  const altNames = [{ type: 2, value: 'foreign' }];
  return {
    key,
    root: make('root', 'root', [ca]),
    intermediate: make('intermediate', 'root', [ca]),
    leaf: make('leaf', 'intermediate', [{ name: 'subjectAltName', altNames }]),
    client: make('foreign', 'root', [{ name: 'extKeyUsage', clientAuth: true }]),
  };
}
