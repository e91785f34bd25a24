import type { CertificatePair } from './pair.js';

/** Times are milliseconds since 1970, by the API server's clock. */
type Ms = number;

/** A CA that API servers may trust; `id` is the fingerprint of its certificate. */
export type Ca = { readonly id: string; readonly notAfter: Ms; readonly pem: string };

/** A whole generation: a CA, and the one pair it signed. Its `id` is its CA's. */
export type Generation = {
  readonly id: string;
  readonly ca: Ca;
  readonly notBefore: Ms;
  readonly notAfter: Ms;
  /** Whether it has every name that is asked of us today. */
  readonly fits: boolean;
  readonly pair: CertificatePair;
};

/** How a rotation was asked for: in good time, or because a key may be in wrong hands. */
export type Rotate = 'now' | 'compromised';

/** What the Secret holds. A generation that cannot be read, or whose parts do not belong together, is not there. */
export type Stored = {
  readonly current?: Generation;
  /** Staged: its CA is being published, nobody serves it yet. */
  readonly next?: Generation;
  readonly previous?: Generation;
  /** Every CA that a replica may still serve under. */
  readonly trusted: readonly Ca[];
  /** Since when every bundle has held all of `trusted`, and which versions of the configurations these bundles are. */
  readonly published?: { readonly at: Ms; readonly versions: string };
  readonly promotedAt?: Ms;
  readonly rotate?: Rotate;
  /** CAs whose keys may be in wrong hands, and until when their certificates would be valid. */
  readonly revoked: readonly Revoked[];
};
export type Revoked = { readonly id: string; readonly notAfter: Ms };

/** A webhook configuration of ours. */
export type Configuration = {
  /** Kind and name. */
  readonly name: string;
  /** Changes whenever anything changes that API servers act upon. */
  readonly version: string;
  readonly entries: readonly Entry[];
};

/** One webhook of a configuration, and whom its `caBundle` trusts. */
export type Entry = {
  readonly name: string;
  readonly trusts: readonly Ca[];
  /** Whether the bundle also holds what is none of ours. */
  readonly foreign: boolean;
};

/** What certificates are made for. */
export type Terms = {
  readonly lifetime: Ms;
  /** The part of its life after which a certificate is replaced. */
  readonly renewAt: number;
  /** How late an API server may see a new bundle. */
  readonly trustDelay: Ms;
};

/** All that a replica knows when it decides. */
export type State = {
  readonly secret: Stored | 'absent';
  readonly configurations: readonly Configuration[];
  /** What this replica serves. */
  readonly serving?: Generation;
  /** When this replica began to look. */
  readonly startedAt: Ms;
  /** The bundles that this replica patched last, in order. */
  readonly patched: readonly Patched[];
  readonly terms: Terms;
};

/** A patch of a configuration's bundles. */
export type Patched = { readonly at: Ms; readonly configuration: string };

/** The one next step. Each is a single write that fails if what it is based on has changed meanwhile. */
export type Action =
  | SecretAction
  | { readonly do: 'create' }
  | { readonly do: 'trust'; readonly configuration: string; readonly bundle: readonly Ca[] }
  | { readonly do: 'wait'; readonly until: Ms; readonly because: string };

/** A step that changes what the Secret holds. */
export type SecretAction =
  /** Nothing is there to protect: a new generation is current at once. */
  | { readonly do: 'install'; readonly adopt: readonly Ca[] }
  /** The Secret lost what this replica still serves. */
  | { readonly do: 'restore'; readonly generation: Generation; readonly adopt: readonly Ca[] }
  /** CAs that are in use, and that the Secret does not know. */
  | { readonly do: 'adopt'; readonly adopt: readonly Ca[] }
  | { readonly do: 'stage'; readonly revoke: readonly Revoked[] }
  | { readonly do: 'record'; readonly versions: string }
  | { readonly do: 'promote' }
  | { readonly do: 'prune'; readonly drop: readonly string[] };
