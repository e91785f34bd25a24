import type { Secret, SecretPatch } from '../cluster/cluster.js';
import { joinBundle, parseBundle } from './bundle.js';
import { type CertificatePair, checkPair, firstCertificate } from './pair.js';
import type { Generation, Revoked, Rotate, Stored } from './state.js';

/** The Secret as decisions see it. What cannot be read is left out: it will be made anew. */
export function parseStored({ annotations, data }: Secret, names: readonly string[]): Stored {
  const published = parsePublished(annotations[keys.published]);
  const promotedAt = Date.parse(annotations[keys.promotedAt] ?? '');
  const rotate = annotations[keys.rotate];
  const generations = slots.flatMap(({ slot, prefix }) => {
    const generation = parseGeneration(pairAt(data, prefix), names);
    return generation === undefined ? [] : [[slot, generation] as const];
  });
  return {
    ...Object.fromEntries(generations),
    trusted: parseBundle(data['trusted.crt'] ?? '').cas,
    ...(published === undefined ? {} : { published }),
    ...(Number.isNaN(promotedAt) ? {} : { promotedAt }),
    ...(isRotate(rotate) ? { rotate } : {}),
    revoked: parseRevoked(annotations[keys.revoked] ?? ''),
  };
}

/** What has to be written so that a Secret holds this; what it holds beside it stays. */
export function patchStored(version: string, stored: Stored): SecretPatch {
  const { trusted, published, promotedAt, rotate, revoked } = stored;
  const data = slots.flatMap(({ slot, prefix }) => {
    const pair = stored[slot]?.pair;
    return parts.map(({ part, file }) => [`${prefix}${file}`, pair?.[part] ?? null] as const);
  });
  const time = (at: number): string => new Date(at).toISOString();
  return {
    version,
    annotations: {
      [keys.published]: published === undefined ? null : `${time(published.at)} ${published.versions}`,
      [keys.promotedAt]: promotedAt === undefined ? null : time(promotedAt),
      [keys.rotate]: rotate ?? null,
      [keys.revoked]: revoked.map(({ id, notAfter }) => `${id}@${time(notAfter)}`).join(' ') || null,
    },
    data: { ...Object.fromEntries(data), 'trusted.crt': joinBundle(trusted) },
  };
}

/** The annotation that asks for a rotation. */
export const rotateKey = 'aloft.dev/rotate';

const keys = {
  published: 'aloft.dev/published',
  promotedAt: 'aloft.dev/promoted-at',
  rotate: rotateKey,
  revoked: 'aloft.dev/revoked',
} as const;

const slots = [
  { slot: 'current', prefix: '' },
  { slot: 'next', prefix: 'next-' },
  { slot: 'previous', prefix: 'prev-' },
] as const;

const parts = [
  { part: 'cert', file: 'tls.crt' },
  { part: 'key', file: 'tls.key' },
  { part: 'ca', file: 'ca.crt' },
] as const satisfies readonly { part: keyof CertificatePair; file: string }[];

const pairAt = (data: Secret['data'], prefix: string): CertificatePair => ({
  cert: data[`${prefix}tls.crt`] ?? '',
  key: data[`${prefix}tls.key`] ?? '',
  ca: data[`${prefix}ca.crt`] ?? '',
});

/** A pair as a generation, or undefined where no API server could ever accept it. */
export function parseGeneration(pair: CertificatePair, names: readonly string[]): Generation | undefined {
  const { cas } = parseBundle(pair.ca);
  const [ca] = cas;
  const leaf = firstCertificate(pair.cert);
  if (ca === undefined || cas.length !== 1 || leaf === undefined) return undefined;
  const { validFromDate, validToDate } = leaf;
  // Dates are for those who decide; here everything is asked about a moment at which it is valid.
  const problems = checkPair(pair, { names: [], now: validFromDate });
  if (problems.length > 0) return undefined;
  const fits = checkPair(pair, { names, now: validFromDate }).length === 0;
  return { id: ca.id, ca, notBefore: validFromDate.getTime(), notAfter: validToDate.getTime(), fits, pair };
}

const isRotate = (value: string | undefined): value is Rotate => value === 'now' || value === 'compromised';

function parsePublished(text: string | undefined): Stored['published'] {
  const [time = '', ...versions] = (text ?? '').split(' ');
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : { at, versions: versions.join(' ') };
}

const parseRevoked = (text: string): readonly Revoked[] =>
  text.split(' ').flatMap((entry) => {
    const [id = '', time = ''] = entry.split('@');
    const notAfter = Date.parse(time);
    return Number.isNaN(notAfter) ? [] : [{ id, notAfter }];
  });
