import type { Step } from '../engine/review.js';
import type { Place } from '../manifests/place.js';
import type { Reason } from '../model/reason.js';
import type { ReviewedObject } from './reviewed.js';

/** Objects with how each rule decided on them, as plain data: what `aloft explain` shows. */
export type Explanation = {
  readonly policy: ExplainedPolicy;
  /** Where objects come from a cluster. */
  readonly cluster?: ExplainedCluster;
  readonly items: readonly Explained[];
  readonly decidedAt: DecidedAt;
};

/** Where in the input stands what a reason is about, where it is about something there. */
export type DecidedAt = (object: ReviewedObject, reason: Reason) => Place | undefined;

export type ExplainedPolicy = {
  readonly name: string;
  /** The file, the ConfigMap, or that it is the embedded one. */
  readonly source: string;
  /** When it was last changed in the cluster. */
  readonly changed?: string;
  /** Why it is not the one that runs in the cluster, where nobody chose it. */
  readonly instead?: string;
  readonly places: PolicyPlaces;
};

/** Where in the policy stands what decided. */
export type PolicyPlaces = {
  /** The entry of the rule. */
  readonly entryOf: (step: Step) => Place | undefined;
  /** The part of the policy that a reason is about, where it is about one. */
  readonly partOf: (step: Step, reason: Reason) => Place | undefined;
};

export type ExplainedCluster = {
  readonly context: string;
  /** Those of aloft; absent where they may not be read. */
  readonly configurations?: readonly { readonly name: string; readonly created: string }[];
  /** Rights that would tell more, in the words of `kubectl auth can-i`. */
  readonly missingRights: readonly string[];
};

/** `live` is there for objects of a cluster, whose `object` is then what the API server has. */
export type Explained = { readonly object: ReviewedObject; readonly live?: ExplainedLive };

/** How an object of a cluster compares with what the policy wants. */
export type ExplainedLive = {
  /** When it was created, as the API server writes it. */
  readonly created: string;
  readonly verdict: Verdict;
  /** Why something is missing. */
  readonly causes: readonly Cause[];
  /** What to do about it, or where to look. */
  readonly next?: string;
};

/** Every verdict on an object of a cluster, with what it means. */
export const verdicts = {
  'as-wanted': 'nothing is missing: aloft did it, or the author; an object does not tell which',
  missing: 'something is missing that the policy wants',
  'nothing-wanted': 'no rule is to add anything to it',
  template: 'a template stays as it is: aloft changes the Pods that are made of it',
} as const;
export type Verdict = keyof typeof verdicts;

/** Every cause for which something may be missing on an object of a cluster, with what it means. */
export const causes = {
  'not-installed': 'the cluster has no webhook configuration of aloft',
  'created-before': 'the object is older than the webhook configuration',
  'not-called': 'no webhook of aloft is called for the object',
  'perhaps-not-called': 'whether a webhook of aloft is called for the object cannot be told here',
  'injector-first': "a webhook that injects Istio's sidecar runs before aloft's",
  'no-ca-bundle': 'API servers do not trust aloft now',
  'not-ready': 'no replica of aloft is ready now',
  'policy-changed': 'the policy is younger than the object',
  'other-policy': 'the policy here may be another one than that in the cluster',
  'configuration-changed': 'the webhook configuration was changed after the object was created',
  'object-changed': 'somebody changed the object after it was created',
  'namespace-labels': 'aloft needs a right of its own to see the labels of namespaces',
  'call-failed': 'a call may have failed, and the webhook lets objects pass then',
  'not-known': 'a right to see more is missing',
} as const;
export type CauseCode = keyof typeof causes;

/** `isSure`: it is enough to explain what is missing. */
export type Cause = { readonly code: CauseCode; readonly isSure: boolean; readonly message: string };
