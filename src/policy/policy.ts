import type { CustomAgent } from '../vendors/vendor.js';

/** The policy of a platform team, parsed: what `schema.ts` accepts, with every default filled in. */
export type Policy = {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly cluster: Cluster;
    readonly onOversize: 'allow' | 'deny';
    readonly rules: readonly RuleEntry[];
    readonly exemptions: readonly Exemption[];
  };
};

/** What the policy says about the cluster, and no object can tell. */
export type Cluster = {
  readonly name?: string | undefined;
  readonly dataPlaneMode: 'sidecar' | 'ambient' | 'both';
  readonly istioNamespace: string;
  /** MAJOR.MINOR; absent where it is not known, or where there are several. */
  readonly istioVersion?: string | undefined;
  readonly agents: readonly CustomAgent[];
};

export const modes = ['enforce', 'warn', 'audit', 'off'] as const;
export type Mode = (typeof modes)[number];

/** One line of the policy: a rule, how it acts, where, and with which settings. */
export type RuleEntry = {
  readonly rule: string;
  /** What reports call it; the rule's id unless the policy uses the rule twice. */
  readonly name: string;
  readonly mode: Mode;
  readonly match: Match;
  /** Parsed by the schema of the rule that `rule` names. */
  readonly settings: unknown;
};

/** Which objects: every part that is given has to hold; within a part one of its globs is enough. */
export type Match = {
  readonly namespaces?: readonly string[] | undefined;
  readonly namespaceLabels?: { readonly [key: string]: string } | undefined;
  readonly labels?: { readonly [key: string]: string } | undefined;
  readonly owners?: readonly string[] | undefined;
  readonly images?: readonly string[] | undefined;
};

/** Objects that some rules leave alone, with the reason and, if it is not for good, the last day it holds. */
export type Exemption = {
  /** Ids or names of rules, `*`, or `<rule>/<code>`. */
  readonly rules: readonly string[];
  readonly match: Match;
  readonly reason: string;
  /** YYYY-MM-DD, inclusive. */
  readonly expires?: string | undefined;
};
