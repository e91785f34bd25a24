import { generateKeyPair, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import type { CertificatePair } from './pair.js';

/** What a generation is issued for. `subject` names it: its CA is called `<subject> CA <date> <serial>`. */
export type IssueRequest = {
  readonly names: readonly string[];
  readonly ips?: readonly string[];
  readonly lifetimeDays: number;
  readonly now: Date;
  readonly subject?: string;
};

/**
 * A whole generation: a new CA and the one certificate it will ever sign. The CA's key is not in the result: nobody can
 * steal a key that nobody has.
 */
export async function issuePair(request: IssueRequest): Promise<CertificatePair> {
  const { names, ips = [], lifetimeDays, now, subject = 'aloft' } = request;
  const [caKeys, leafKeys] = await Promise.all([rsaKeys(), rsaKeys()]);
  // Clocks differ: a client that runs late must not take us for a server from the future.
  const notBefore = new Date(now.getTime() - hourMs);
  const notAfter = new Date(now.getTime() + lifetimeDays * dayMs);

  const ca = certificate(caKeys, { notBefore, notAfter: new Date(notAfter.getTime() + dayMs) });
  // Clients look a CA up by its subject, and two generations stand in one bundle: the names must differ.
  const caName = [commonName(`${subject} CA ${now.toISOString().slice(0, 10)} ${ca.serialNumber.slice(0, 8)}`)];
  ca.setSubject(caName);
  ca.setIssuer(caName);
  ca.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);

  const leaf = certificate(leafKeys, { notBefore, notAfter });
  leaf.setSubject([commonName(subject)]);
  leaf.setIssuer(caName);
  leaf.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: altNames(names, ips) },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes() },
  ]);

  return { ca: signed(ca, caKeys), cert: signed(leaf, caKeys), key: leafKeys.privateKey };
}

type Keys = { readonly publicKey: string; readonly privateKey: string };

// Node's own generator works on another thread; node-forge's would block the event loop for up to 200 ms.
const rsaKeys = (): Promise<Keys> =>
  promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

function certificate(keys: Keys, validity: { readonly notBefore: Date; readonly notAfter: Date }) {
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  made.serialNumber = randomSerial();
  Object.assign(made.validity, validity);
  return made;
}

/** 128 random bits but for the first two: 01 keeps the number positive, and its encoding free of leading zeros. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const commonName = (value: string) => ({ name: 'commonName', value });

/** The numbers are RFC 5280's: 2 is a DNS name, 7 an IP address. */
const altNames = (names: readonly string[], ips: readonly string[]) => [
  ...names.map((value) => ({ type: 2, value })),
  ...ips.map((ip) => ({ type: 7, ip })),
];

/** The certificate as PEM, signed by Node: node-forge would block the event loop for 20 ms to do it. */
function signed(made: forge.pki.Certificate, { privateKey }: Keys): string {
  const signWithNode = (): string => {
    const content = Buffer.from(forge.asn1.toDer(made.tbsCertificate).getBytes(), 'binary');
    return sign('sha256', content, privateKey).toString('binary');
  };
  // Of the key, `Certificate.sign` uses this one method.
  made.sign({ sign: signWithNode } as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(made).replaceAll('\r\n', '\n');
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
