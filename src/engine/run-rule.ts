import type { Kind, ObjectOf, Pod } from '../model/kubernetes.js';
import { because, type Reason, type ReasonCode } from '../model/reason.js';
import type { Context } from '../policy/context.js';
import type { ExemptionRef, RuleExemptions } from '../policy/exemptions.js';
import { applyEdits } from './apply.js';
import type { PlannedRule } from './plan.js';
import type { Outcome, Step } from './review.js';

/** What a rule made of an object, and the object afterwards. */
export type Ran<K extends Kind> = { readonly step: Step; readonly object: ObjectOf<K> };

/** One rule on one object: its gates, its decision, its edits. A fault in it costs its own edits and nothing else. */
export function runRule<K extends Kind>(planned: PlannedRule<K>, object: ObjectOf<K>, context: Context): Ran<K> {
  const { rule, name, mode, gates, exemptions, decide } = planned;
  const head = { rule, name, mode };
  try {
    for (const gate of gates) {
      const reason = gate(object, context);
      if (reason !== undefined) return { step: { ...head, outcome: 'skipped', reason }, object };
    }
    const exempt = exemptions?.find(object, context);
    if (exemptions !== undefined && exempt !== undefined) {
      return { step: { ...head, outcome: 'skipped', reason: exemptions.reasonFor(object, exempt) }, object };
    }
    const finding = decide(object, context);
    if ('skip' in finding) return { step: { ...head, outcome: 'skipped', reason: finding.skip }, object };
    if ('violations' in finding)
      return { step: { ...head, ...judge(finding.violations, object, context, exemptions) }, object };
    const { after, edits, inPlace, notes } = applyEdits(editable(object), finding.edits);
    const outcome = edits.length === 0 ? 'unchanged' : mode === 'audit' ? 'would-edit' : 'edited';
    const step: Step = { ...head, outcome, edits, inPlace, notes: [...(finding.notes ?? []), ...notes] };
    return { step, object: outcome === 'edited' ? (after as ObjectOf<K>) : object };
  } catch (error) {
    return { step: { ...head, outcome: 'failed', reason: because('rule-failed', `${name} stopped`), error }, object };
  }
}

/** An object as edits see it: those for a Service touch its metadata only, where the kinds agree. */
export const editable = (object: ObjectOf<Kind>): Pod => object as Pod;

/** Nobody mends more at a time, and an object may be made to have thousands; the rest shows on the next run. */
const most = 20;

/** What comes of violations: those under a code from which the object is exempt are left out. */
function judge(
  violations: readonly Reason[],
  object: ObjectOf<Kind>,
  context: Context,
  exemptions: RuleExemptions | undefined,
): Outcome {
  const refs = new Map<ReasonCode, ExemptionRef>();
  for (const code of new Set(violations.map((violation) => violation.code))) {
    const ref = exemptions?.find(object, context, code);
    if (ref !== undefined) refs.set(code, ref);
  }
  const left = violations.filter(({ code }) => !refs.has(code));
  // An annotation is one reason, however many of its entries hold.
  const exempt = [...new Map([...refs.values()].map((ref) => [ref.by === 'policy' ? ref.index : ref.by, ref])).values()]
    .sort((one, other) => one.by.localeCompare(other.by) || one.index - other.index)
    .flatMap((ref) => exemptions?.reasonFor(object, ref) ?? []);
  const [reason] = exempt;
  if (left.length === 0 && reason !== undefined) return { outcome: 'skipped', reason };
  const shown = { outcome: 'violated', violations: left.slice(0, most) } as const;
  return exempt.length === 0 ? shown : { ...shown, exempt };
}
