import { asRecord, valueAt } from '../model/json.js';
import type { Kind, ObjectOf } from '../model/kubernetes.js';
import type { ReasonCode } from '../model/reason.js';
import { parseObject } from '../model/shape.js';
import type { Context } from '../policy/context.js';
import { type ExemptionRef, exemptEntries, exemptReason } from '../policy/exemptions.js';
import type { Exemption } from '../policy/policy.js';
import { applyEdits } from './apply.js';
import type { Plan, PlannedRule } from './plan.js';
import { editable, runRule } from './run-rule.js';

/** What exemptions do for one object. */
export type ObjectExemptions = {
  /** What its annotation names, each once it is there, and whether it keeps anything from the object. */
  readonly entries: readonly { readonly names: string; readonly used: boolean }[];
  /** Why, as its author says it; empty where nothing is said. */
  readonly reason: string;
  /** The exemptions of the policy that keep something from it, by index, in order. */
  readonly used: readonly number[];
  /** Those that would, had they not expired. */
  readonly missed: readonly number[];
};

/**
 * Which exemptions an object needs: those without which a rule would have edited it, or found something wrong with it.
 * Where several hold, the first one counts. To tell, every rule that is kept away decides after all, which no webhook has
 * the time for: this is for reports. Undefined for an object that no exemption can be about.
 */
export function exemptionsOf<K extends Kind>(
  kind: K,
  raw: unknown,
  context: Context,
  plan: Plan,
): ObjectExemptions | undefined {
  const parsed = parseObject(kind, raw);
  if ('problem' in parsed) return undefined;
  const entries = exemptEntries(parsed.value);
  if (entries.length === 0 && !plan[kind].some(({ exemptions }) => exemptions?.inPolicy)) return undefined;
  const needed: Needed = { annotation: new Set(), policy: new Set(), expired: new Set() };
  let object: ObjectOf<K> = parsed.value;
  for (const planned of plan[kind]) {
    collect(planned, object, context, needed);
    object = runRule(planned, object, context).object;
  }
  return {
    entries: entries.map((names, index) => ({ names, used: needed.annotation.has(index) })),
    reason: exemptReason(parsed.value),
    used: inOrder(needed.policy),
    missed: inOrder(needed.expired),
  };
}

type Needed = { readonly [by in ExemptionRef['by'] | 'expired']: Set<number> };

const inOrder = (indexes: ReadonlySet<number>): readonly number[] => [...indexes].sort((one, other) => one - other);

/** Adds the exemptions that one rule comes up against. */
function collect<K extends Kind>(planned: PlannedRule<K>, object: ObjectOf<K>, context: Context, needed: Needed): void {
  const { exemptions } = planned;
  const wanted = exemptions === undefined ? 'nothing' : wantedBy(planned, object, context);
  if (exemptions === undefined || wanted === 'nothing') return;
  const whole = exemptions.find(object, context);
  const expired = exemptions.findExpired(object, context);
  if (wanted === 'edits' || whole !== undefined) {
    need(needed, whole, expired);
    return;
  }
  for (const code of wanted) {
    need(needed, exemptions.find(object, context, code), expired ?? exemptions.findExpired(object, context, code));
  }
}

function need(needed: Needed, ref: ExemptionRef | undefined, expired?: ExemptionRef): void {
  if (ref !== undefined) needed[ref.by].add(ref.index);
  else if (expired !== undefined) needed.expired.add(expired.index);
}

/** What a rule would do whatever exempts the object: edit it, or find something wrong under some codes. */
function wantedBy<K extends Kind>(
  { gates, decide }: PlannedRule<K>,
  object: ObjectOf<K>,
  context: Context,
): 'nothing' | 'edits' | ReadonlySet<ReasonCode> {
  try {
    if (gates.some((gate) => gate(object, context) !== undefined)) return 'nothing';
    const finding = decide(object, context);
    if ('skip' in finding) return 'nothing';
    if ('violations' in finding) return new Set(finding.violations.map(({ code }) => code));
    return applyEdits(editable(object), finding.edits).edits.length === 0 ? 'nothing' : 'edits';
  } catch {
    return 'nothing'; // the review itself tells of it
  }
}

/** An exemption of the policy, and what came of it in a run. */
export type PolicySuppression = {
  readonly by: 'policy';
  readonly index: number;
  readonly rules: readonly string[];
  readonly reason: string;
  /** How many objects it keeps something from, or would, had it not expired. */
  readonly objects: number;
  /** Never, once it has expired. */
  readonly used: boolean;
  readonly expired: boolean;
};

/** Every exemption of a policy, in its order, with what came of it over all objects of a run. */
export function policySuppressions(
  exemptions: readonly Exemption[],
  objects: readonly ObjectExemptions[],
  today: string,
): readonly PolicySuppression[] {
  const counts = exemptions.map(() => 0);
  for (const { used, missed } of objects) {
    for (const index of [...used, ...missed]) counts[index] = (counts[index] ?? 0) + 1;
  }
  return exemptions.map(({ rules, reason, expires }, index) => {
    const expired = expires !== undefined && today > expires;
    const count = counts[index] ?? 0;
    return { by: 'policy', index, rules, reason, objects: count, used: count > 0 && !expired, expired };
  });
}

/** The entries of one object's annotation, in their order. */
export const annotationSuppressions = ({ entries, reason }: ObjectExemptions) =>
  entries.map(({ names, used }) => ({
    by: 'annotation' as const,
    rules: [names],
    reason,
    objects: used ? 1 : 0,
    used,
    expired: false,
  }));

/**
 * The entries of an annotation that stands on a workload itself, and not on the template of its Pods: no webhook ever sees
 * it, so none of them exempts from anything.
 */
export function misplacedSuppressions(workload: unknown) {
  const annotations = Object.entries(asRecord(valueAt(workload, ['metadata', 'annotations'])));
  const texts = annotations.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const object = { metadata: { annotations: Object.fromEntries(texts) } };
  const entries = exemptEntries(object).map((names) => ({ names, used: false }));
  return annotationSuppressions({ entries, reason: exemptReason(object), used: [], missed: [] });
}
