import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { issuePair } from '../../src/certificates/issue.js';

const now = new Date('2026-11-21T05:00:00Z');
const request = { names: ['aloft.aloft.svc', 'localhost'], ips: ['127.0.0.1', '::1'], lifetimeDays: 90, now };
const pair = await issuePair(request);
const again = await issuePair(request);
const ca = new X509Certificate(pair.ca);
const leaf = new X509Certificate(pair.cert);

test.each<[string, unknown, unknown]>([
  ['the CA signs the leaf', leaf.checkIssued(ca) && leaf.verify(ca.publicKey), true],
  ['the CA is one', ca.ca, true],
  ['the leaf is none', leaf.ca, false],
  ['the key is the leaf’s', leaf.checkPrivateKey(createPrivateKey(pair.key)), true],
  ['the key has 2048 bits', createPrivateKey(pair.key).asymmetricKeyDetails?.modulusLength, 2048],
  [
    'the leaf has names and addresses',
    leaf.subjectAltName,
    'DNS:aloft.aloft.svc, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  ],
  ['the leaf is for servers', leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']],
  [
    'both were valid an hour ago',
    [leaf.validFromDate, ca.validFromDate].map((date) => date.toISOString()),
    ['2026-11-21T04:00:00.000Z', '2026-11-21T04:00:00.000Z'],
  ],
  ['the leaf lives 90 days', leaf.validToDate.toISOString(), '2027-02-19T05:00:00.000Z'],
  ['the CA lives a day longer', ca.validToDate.toISOString(), '2027-02-20T05:00:00.000Z'],
  ['a generation has a CA of its own', new X509Certificate(again.ca).subject === ca.subject, false],
  ['the CA says of what and when it is', ca.subject.replace(/[0-9a-f]{8}$/, '…'), 'CN=aloft CA 2026-11-21 …'],
  ['the CA’s key is nowhere', Object.keys(pair).sort(), ['ca', 'cert', 'key']],
])('%s', (_, actual, expected) => {
  expect(actual).toEqual(expected);
});

test('a subject of one’s own names CA and leaf', async () => {
  const local = await issuePair({ ...request, subject: 'aloft local' });
  expect(new X509Certificate(local.ca).subject).toMatch(/^CN=aloft local CA 2026-11-21 [0-9a-f]{8}$/);
  expect(new X509Certificate(local.cert).subject).toBe('CN=aloft local');
});

test('serials are positive, of 128 bits, and never the same', () => {
  const serials = [pair, again]
    .flatMap((made) => [made.ca, made.cert])
    .map((pem) => new X509Certificate(pem).serialNumber);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(new Set(serials).size).toBe(4);
});

test('each part is one PEM block that ends with a newline, so that parts can be joined', () => {
  expect(pair.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----\n$/);
  for (const pem of [pair.ca, pair.cert]) {
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-\r]+\n-----END CERTIFICATE-----\n$/);
  }
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

(hasOpenssl ? test : test.skip)('OpenSSL at its strictest accepts the chain, for a server of this name', () => {
  const dir = mkdtempSync(join(tmpdir(), 'aloft-issue-'));
  writeFileSync(join(dir, 'ca.crt'), pair.ca);
  writeFileSync(join(dir, 'tls.crt'), pair.cert);
  const at = String(now.getTime() / 1000);
  const options = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'aloft.aloft.svc', '-attime', at];
  const run = spawnSync('openssl', ['verify', ...options, '-CAfile', 'ca.crt', 'tls.crt'], {
    cwd: dir,
    encoding: 'utf8',
  });
  expect(run.stdout + run.stderr).toBe('tls.crt: OK\n');
});

(hasOpenssl ? test : test.skip)('signatures are SHA-256', () => {
  for (const input of [pair.ca, pair.cert]) {
    const run = spawnSync('openssl', ['x509', '-noout', '-text'], { input, encoding: 'utf8' });
    expect(run.stdout).toContain('Signature Algorithm: sha256WithRSAEncryption');
  }
});
