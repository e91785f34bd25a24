import { annotationPath } from '../model/field-paths.js';
import type { Kind, ObjectOf } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import { because, type Reason, type ReasonCode } from '../model/reason.js';
import type { Context } from './context.js';
import type { Exemption } from './policy.js';
import { type Gate, gateOf } from './scope.js';

type AnyObject = ObjectOf<Kind>;

/**
 * On an object: what leaves it alone, with commas between. Each entry is the id or name of a rule, `*` for all of them, or
 * `<rule>/<code>` for what the rule finds wrong under one code.
 */
const exemptAnnotation = 'aloft.dev/exempt';
export const exemptPath = annotationPath(exemptAnnotation);

/** Beside it: why. */
const reasonAnnotation = 'aloft.dev/exempt-reason';

/** What the annotation of an object names. */
export const exemptEntries = (object: AnyObject): readonly string[] =>
  entriesOf(annotationOf(object, exemptAnnotation));

const entriesOf = (annotation: string | undefined): readonly string[] =>
  (annotation ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Why, as the author of an object says it, in one line; empty where nothing is said. */
export const exemptReason = (object: AnyObject): string =>
  (annotationOf(object, reasonAnnotation) ?? '').replaceAll(/\s+/g, ' ').trim();

/** An exemption: an entry of the object's annotation, or of the policy, by its index. */
export type ExemptionRef = { readonly by: 'annotation' | 'policy'; readonly index: number };

/** What keeps one rule of the policy from objects, or from what it finds wrong under one code. */
export type RuleExemptions = {
  /** The first exemption that holds for an object. Without a code: from the rule as a whole, and only from that. */
  readonly find: (object: AnyObject, context: Context, code?: ReasonCode) => ExemptionRef | undefined;
  /** The first of the policy that would hold, had it not expired. */
  readonly findExpired: (object: AnyObject, context: Context, code?: ReasonCode) => ExemptionRef | undefined;
  readonly reasonFor: (object: AnyObject, ref: ExemptionRef) => Reason;
  /** Whether the policy has any, in force or not. */
  readonly inPolicy: boolean;
};

/** A rule by its id and by the name that the policy gives it. */
type Names = { readonly rule: string; readonly name: string };

/** An exemption of the policy, ready to be asked. */
type Granted = { readonly index: number; readonly expires: string | undefined; readonly gate: Gate };

/** Makes the exemptions from one rule ready: those of the policy, and the annotation. */
export function exemptionsFrom(names: Names, exemptions: readonly Exemption[], kind: Kind): RuleExemptions {
  const whole: Granted[] = [];
  const byCode = new Map<string, Granted[]>();
  for (const [index, { rules, match, expires }] of exemptions.entries()) {
    const granted: Granted = { index, expires, gate: gateOf(match, kind) };
    if (rules.some((entry) => coversRule(entry, names))) whole.push(granted);
    for (const code of new Set(rules.flatMap((entry) => codeOf(entry, names)))) {
      byCode.set(code, [...(byCode.get(code) ?? []), granted]);
    }
  }
  const first = (object: AnyObject, context: Context, code: ReasonCode | undefined, expired: boolean) => {
    for (const { index, expires, gate } of (code === undefined ? whole : byCode.get(code)) ?? []) {
      const isExpired = expires !== undefined && context.today > expires;
      if (isExpired === expired && gate(object, context) === undefined) return { by: 'policy', index } as const;
    }
    return undefined;
  };
  return {
    find: (object, context, code) =>
      inAnnotation(annotationOf(object, exemptAnnotation), names, code) ?? first(object, context, code, false),
    findExpired: (object, context, code) => first(object, context, code, true),
    reasonFor: (object, { by, index }) =>
      by === 'annotation' ? annotated(object) : because('exempt-by-policy', describeExemption(exemptions[index])),
    inPolicy: whole.length + byCode.size > 0,
  };
}

function inAnnotation(annotation: string | undefined, names: Names, code?: ReasonCode): ExemptionRef | undefined {
  if (annotation === undefined) return undefined;
  const covers = (entry: string) =>
    code === undefined ? coversRule(entry, names) : codeOf(entry, names).includes(code);
  const index = entriesOf(annotation).findIndex(covers);
  return index < 0 ? undefined : { by: 'annotation', index };
}

/** Whether an entry is about a rule as a whole. */
const coversRule = (entry: string, { rule, name }: Names): boolean => entry === '*' || entry === rule || entry === name;

/** Whether an entry is about a rule, as a whole or under one code. */
export const isAbout = (entry: string, names: Names): boolean =>
  coversRule(entry, names) || codeOf(entry, names).length > 0;

/** The code of an entry such as `annotation-lint/istio-port`, where it is about the rule. */
function codeOf(entry: string, { rule, name }: Names): readonly string[] {
  const slash = entry.indexOf('/');
  const own = entry.slice(0, slash);
  return slash >= 0 && (own === rule || own === name) ? [entry.slice(slash + 1)] : [];
}

function annotated(object: AnyObject): Reason {
  const reason = exemptReason(object);
  const message = `annotation ${exemptAnnotation}: ${annotationOf(object, exemptAnnotation)}`;
  return because('exempt-by-annotation', reason === '' ? message : `${message} (${reason})`, exemptPath);
}

/** Why an exemption of the policy holds, and for how long. */
export const describeExemption = (exemption: Exemption | undefined): string =>
  exemption?.expires === undefined ? (exemption?.reason ?? '') : `${exemption.reason} (until ${exemption.expires})`;
