import type { Edit } from '../model/edit.js';
import type { Kind, ObjectOf } from '../model/kubernetes.js';
import type { Path } from '../model/problem.js';
import { because, type Reason, type ReasonCode } from '../model/reason.js';
import { parseObject } from '../model/shape.js';
import type { Context } from '../policy/context.js';
import type { Mode } from '../policy/policy.js';
import type { ExplainedOperation } from './operation.js';
import { type AppliedEdit, patchOf } from './patch.js';
import { pointsIntoList, pointToReceived } from './places.js';
import type { Plan } from './plan.js';
import { editable, runRule } from './run-rule.js';
import { verifyPatch } from './verify.js';

/** All that the policy's rules say about one object, and what becomes of it. */
export type Review = {
  readonly kind: Kind;
  /** Every rule of the policy for this kind, in the order in which they ran. */
  readonly steps: readonly Step[];
  readonly operations: readonly ExplainedOperation[];
  /** The object with the operations applied. */
  readonly after: unknown;
  /** What went wrong with the review as a whole: the object, or our patch. */
  readonly fault?: Fault;
};

/** `at` is where in a malformed object, `error` what stopped us. */
export type Fault = { readonly reason: Reason; readonly at?: Path; readonly error?: unknown };

/** What one rule decided, and what became of it. */
export type Step = { readonly rule: string; readonly name: string; readonly mode: Mode } & Outcome;

export type Outcome =
  | {
      /** `would-edit` is an edit in mode `audit`; `unchanged` has nothing left to do. */
      readonly outcome: 'edited' | 'would-edit' | 'unchanged';
      readonly edits: readonly Edit[];
      readonly inPlace: readonly Edit[];
      readonly notes: readonly Reason[];
    }
  | { readonly outcome: 'skipped'; readonly reason: Reason }
  | {
      readonly outcome: 'violated';
      readonly violations: readonly Reason[];
      /** Why others are not among them. */
      readonly exempt?: readonly Reason[];
    }
  | { readonly outcome: 'failed'; readonly reason: Reason; readonly error: unknown };

/** Runs every rule of the plan over one object, each on the result of the one before; never throws. */
export function review<K extends Kind>(kind: K, raw: unknown, context: Context, plan: Plan): Review {
  const parsed = parseObject(kind, raw);
  if ('problem' in parsed) {
    const { path, expected, got } = parsed.problem;
    const reason = because('malformed-object', `expected ${expected}, got ${got}`);
    return { kind, steps: [], operations: [], after: raw, fault: { reason, at: path } };
  }
  const steps: Step[] = [];
  const applied: AppliedEdit[] = [];
  let after: ObjectOf<K> = parsed.value;
  for (const planned of plan[kind]) {
    const { step, object } = runRule(planned, after, context);
    steps.push(after === parsed.value ? step : pointing(step, after, parsed.value));
    if (step.outcome !== 'edited') continue;
    for (const edit of step.edits) applied.push({ rule: planned.name, edit });
    after = object;
  }
  try {
    const operations = patchOf(editable(parsed.value), editable(after), applied);
    if (operations.length > 0) verifyPatch(parsed.value, operations, after);
    return { kind, steps, operations, after };
  } catch (error) {
    return { kind, steps, operations: [], after: raw, fault: { reason: because('patch-failed'), error } };
  }
}

/** A step that points into the object that was received, where its rule saw what earlier ones had made of it. */
function pointing(step: Step, seen: unknown, received: unknown): Step {
  if (!reasonsOf(step).some(pointsIntoList)) return step;
  const point = (reason: Reason): Reason => pointToReceived(reason, seen, received);
  if ('violations' in step) return { ...step, violations: step.violations.map(point) };
  return 'notes' in step ? { ...step, notes: step.notes.map(point) } : { ...step, reason: point(step.reason) };
}

/** The reasons a step gives beside those of its edits: why not, what is wrong, or what was kept. */
export const reasonsOf = (step: Step): readonly Reason[] =>
  'reason' in step ? [step.reason] : 'violations' in step ? step.violations : step.notes;

/** The codes of every reason a step gives, each once and sorted: the same on the first run and on any later one. */
export function codesOf(step: Step): readonly ReasonCode[] {
  if ('reason' in step) return [step.reason.code];
  const codes: ReasonCode[] = [];
  if ('edits' in step) {
    for (const { reason } of step.edits) insert(codes, reason.code);
    for (const { reason } of step.inPlace) insert(codes, reason.code);
  }
  if ('exempt' in step) for (const { code } of step.exempt ?? []) insert(codes, code);
  for (const { code } of reasonsOf(step)) insert(codes, code);
  return codes;
}

/** Puts a code into a sorted list that lacks it: of a handful, this is faster than a set that is sorted afterwards. */
function insert(codes: ReasonCode[], code: ReasonCode): void {
  let at = 0;
  while ((codes[at] ?? code) < code) at++;
  if (codes[at] !== code) codes.splice(at, 0, code);
}
