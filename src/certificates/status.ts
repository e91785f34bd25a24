import { X509Certificate } from 'node:crypto';
import { days, isAlive, isTrustedEverywhere, type Phase, phaseOf } from './facts.js';
import type { CertificatePair } from './pair.js';
import type { Configuration, Stored } from './state.js';

/** What is known of the certificates of an installation, for people; JSON as it stands. */
export type Status = {
  readonly phase: Phase;
  readonly generations: readonly GenerationStatus[];
  readonly webhooks: readonly WebhookStatus[];
  /** Sentences; none where all is well. */
  readonly problems: readonly string[];
};

export type GenerationStatus = PairStatus & {
  readonly slot: 'current' | 'next' | 'previous';
  /** The fingerprint of its CA. */
  readonly ca: string;
};

/** What a pair says about itself; dates in ISO 8601. */
export type PairStatus = {
  /** From the certificate to its CA, as their subjects name them. */
  readonly chain: readonly string[];
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
};

export type WebhookStatus = {
  readonly configuration: string;
  readonly webhook: string;
  /** CAs of ours by what they are in the Secret, or by their fingerprint. */
  readonly trusts: readonly string[];
  readonly foreign: boolean;
};

/** What the Secret and the webhook configurations hold, told together. */
export type Kept = { readonly secret: Stored | 'absent'; readonly configurations: readonly Configuration[] };

export function describeStatus(kept: Kept, now: number): Status {
  const stored = kept.secret === 'absent' ? undefined : kept.secret;
  const generations = (['current', 'next', 'previous'] as const).flatMap((slot) => {
    const generation = stored?.[slot];
    return generation === undefined ? [] : [{ slot, ca: generation.id, ...describePair(generation.pair, now) }];
  });
  return {
    phase: phaseOf(kept),
    generations,
    webhooks: kept.configurations.flatMap((configuration) => describeWebhooks(configuration, stored)),
    problems: [...secretProblems(stored, now), ...bundleProblems(kept.configurations, stored)],
  };
}

/** What a pair says about itself. Throws where its certificate cannot be read; see `checkPair`. */
export function describePair({ cert }: CertificatePair, now: number): PairStatus {
  const leaf = new X509Certificate(cert);
  const { validFromDate, validToDate, subjectAltName = '' } = leaf;
  return {
    chain: [commonName(leaf.subject), commonName(leaf.issuer)],
    names: subjectAltName.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')),
    notBefore: validFromDate.toISOString(),
    notAfter: validToDate.toISOString(),
    daysLeft: Math.floor((validToDate.getTime() - now) / days(1)),
  };
}

const commonName = (subject: string): string => subject.match(/^CN=(.*)$/m)?.[1] ?? subject;

function describeWebhooks({ name, entries }: Configuration, stored: Stored | undefined): readonly WebhookStatus[] {
  return entries.map((entry) => ({
    configuration: name,
    webhook: entry.name,
    trusts: entry.trusts.map(({ id }) => slotOf(id, stored) ?? id),
    foreign: entry.foreign,
  }));
}

const slotOf = (id: string, stored: Stored | undefined): string | undefined =>
  (['current', 'next', 'previous'] as const).find((slot) => stored?.[slot]?.id === id);

function secretProblems(stored: Stored | undefined, now: number): readonly string[] {
  if (stored === undefined) return ['the Secret is not there: is aloft running, and may it create its Secret?'];
  const { current, revoked } = stored;
  if (current === undefined) return ['the Secret holds no certificate that can be served: is aloft running?'];
  const until = new Date(current.notAfter).toISOString();
  const life = current.notAfter - current.notBefore;
  return [
    ...(isAlive(current, now) ? [] : [`the current certificate is not valid now (until ${until})`]),
    ...(isAlive(current, now) && current.notAfter - now < life * lateRenewal
      ? [`the current certificate should have been renewed long ago (valid until ${until}): is aloft running?`]
      : []),
    ...(current.fits ? [] : ['the current certificate lacks a name that clients verify; a rotation adds it']),
    ...(revoked.some(({ id }) => id === current.id)
      ? ['the current certificate is revoked, its rotation goes on']
      : []),
  ];
}

/** Renewal is due when a third of a certificate's life is left. */
const lateRenewal = 0.25;

function bundleProblems(configurations: readonly Configuration[], stored: Stored | undefined): readonly string[] {
  if (configurations.length === 0) return ['no webhook configuration of ours is there: nothing calls aloft'];
  return configurations.flatMap((configuration) => {
    const { name, entries } = configuration;
    if (entries.length === 0) return [`${name}: no webhook leads to our Service`];
    const missing = stored?.current !== undefined && !isTrustedEverywhere(stored.current, [configuration]);
    return [
      ...(missing ? [`${name}: its caBundle does not trust the current certificate`] : []),
      ...(entries.some(({ foreign }) => foreign) ? [`${name}: its caBundle holds what is none of ours`] : []),
    ];
  });
}
