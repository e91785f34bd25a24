import type { z } from 'zod';
import type { Finding } from '../model/finding.js';
import type { Kind, ObjectOf } from '../model/kubernetes.js';
import type { ReasonCode } from '../model/reason.js';
import type { Context } from '../policy/context.js';
import type { Cluster } from '../policy/policy.js';

/** What a rule says about one object; it never touches the object, and has no other input. */
export type Decide<K extends Kind> = (object: ObjectOf<K>, context: Context) => Finding;

/** One thing aloft can do. */
export type Rule<K extends Kind, S> = {
  readonly id: string;
  readonly kind: K;
  /** What it does, as `aloft` lists it: one sentence, no full stop. */
  readonly summary: string;
  /** The codes of the violations it finds; absent where it only edits. */
  readonly finds?: readonly ReasonCode[];
  /** Every setting has a default: `settings: {}` is always valid. */
  readonly settings: z.ZodType<S>;
  /** Works out once, when the policy is loaded, what depends on the policy alone. */
  readonly prepare: (settings: S, cluster: Cluster) => Decide<K>;
};

/** A rule in a list of rules of any kind and settings: what `settings` parsed is what `prepare` takes. */
export type AnyRule = {
  readonly [K in Kind]: Omit<Rule<K, never>, 'settings'> & { readonly settings: z.ZodType };
}[Kind];
