import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its key, and the CA that clients should trust; all PEM. `ca` is empty where nobody gave us one. */
export type CertificatePair = { readonly ca: string; readonly cert: string; readonly key: string };

/** What a pair has to be good for: each name (or IP address) that clients verify, at this moment. */
export type Demand = { readonly names: readonly string[]; readonly now: Date };

/** Every reason not to serve this pair, as sentences; none if it is good. */
export function checkPair(pair: CertificatePair, { names, now }: Demand): readonly string[] {
  const problems = [...checkKey(pair)];
  const leaf = firstCertificate(pair.cert);
  if (leaf === undefined) return problems;
  problems.push(...checkDates('certificate', leaf, now), ...checkNames(leaf, names), ...checkUse(leaf));
  if (pair.ca.trim() === '') return problems;
  const ca = signerOf(pair);
  return ca === undefined
    ? [...problems, 'ca does not sign the certificate']
    : [...problems, ...checkDates('ca', ca, now)];
}

/** Every reason why no handshake could succeed with this pair: a part is missing, unreadable, or of another pair. */
export function checkKey(pair: CertificatePair): readonly string[] {
  const leaf = firstCertificate(pair.cert);
  const key = privateKey(pair.key);
  const problems: string[] = [];
  if (leaf === undefined) problems.push(pair.cert.trim() === '' ? 'certificate missing' : 'certificate is not PEM');
  if (key === undefined) problems.push(pair.key.trim() === '' ? 'key missing' : 'key is not PEM without a passphrase');
  if (leaf && key && !leaf.checkPrivateKey(key)) problems.push('key does not belong to certificate');
  return problems;
}

/** Whether certificate, key and CA come from one generation; not so while somebody replaces them file by file. */
export const fitsTogether = (pair: CertificatePair): boolean =>
  checkKey(pair).length === 0 && (pair.ca.trim() === '' || signerOf(pair) !== undefined);

/** When the pair's certificate stops being valid. */
export const expiryOf = (pair: CertificatePair): Date => new X509Certificate(pair.cert).validToDate;

/** When a third of the certificate's life is left: time for the next one. */
export function renewalOf(pair: CertificatePair): Date {
  const { validFromDate, validToDate } = new X509Certificate(pair.cert);
  return new Date(validFromDate.getTime() + ((validToDate.getTime() - validFromDate.getTime()) * 2) / 3);
}

/** Whether the pair's key is good and a CA issued its certificate whose common name starts like this. */
export const isIssuedBy = (pair: CertificatePair, commonName: string): boolean =>
  checkKey(pair).length === 0 &&
  (firstCertificate(pair.cert)?.issuer.split('\n') ?? []).some((part) => part.startsWith(`CN=${commonName}`));

function checkDates(what: string, certificate: X509Certificate, now: Date): readonly string[] {
  const { validFromDate, validToDate } = certificate;
  if (validToDate <= now) return [`${what} expired on ${validToDate.toISOString()}`];
  return validFromDate > now ? [`${what} not valid before ${validFromDate.toISOString()}`] : [];
}

function checkNames(leaf: X509Certificate, names: readonly string[]): readonly string[] {
  const has = leaf.subjectAltName?.replaceAll('DNS:', '').replaceAll('IP Address:', '') ?? 'none';
  // Go, and so the API server, has not looked at the common name since 1.15.
  const covers = (name: string): boolean =>
    (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name, { subject: 'never' })) !== undefined;
  return names.filter((name) => !covers(name)).map((name) => `certificate lacks the name "${name}" (has: ${has})`);
}

function checkUse(leaf: X509Certificate): readonly string[] {
  const serverAuth = '1.3.6.1.5.5.7.3.1';
  const anyUse = '2.5.29.37.0';
  // What Node calls `keyUsage` is the extended one; without it, any use is allowed.
  const uses: readonly string[] = leaf.keyUsage ?? [anyUse];
  return uses.includes(serverAuth) || uses.includes(anyUse) ? [] : ['certificate is not made for servers (serverAuth)'];
}

/** The trusted certificate that vouches for the leaf, be it through intermediates that are sent along with the leaf. */
function signerOf(pair: CertificatePair): X509Certificate | undefined {
  const trusted = certificatesIn(pair.ca);
  const [leaf, ...intermediates] = certificatesIn(pair.cert);
  const seen = new Set<X509Certificate>();
  for (let at = leaf; at !== undefined; ) {
    const certificate = at;
    seen.add(certificate);
    const signs = (ca: X509Certificate): boolean => certificate.checkIssued(ca) && certificate.verify(ca.publicKey);
    const found = trusted.find((ca) => ca.fingerprint256 === certificate.fingerprint256 || signs(ca));
    if (found) return found;
    at = intermediates.find((ca) => !seen.has(ca) && signs(ca));
  }
  return undefined;
}

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificatesIn = (pem: string): readonly X509Certificate[] =>
  [...pem.matchAll(block)].flatMap(([text]) => attempt(() => new X509Certificate(text)) ?? []);

/** The certificate that a PEM text begins with, or undefined where none can be read. */
export const firstCertificate = (pem: string): X509Certificate | undefined =>
  pem.includes('-----BEGIN') ? attempt(() => new X509Certificate(pem)) : undefined;

const privateKey = (pem: string): KeyObject | undefined => attempt(() => createPrivateKey(pem));

/** Node's parsers throw on text from outside; here that is an expected failure. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
