import { codesOf } from '../engine/review.js';
import type { Edit } from '../model/edit.js';
import { isSame } from '../model/json.js';
import type { Path } from '../model/problem.js';
import { closest } from '../policy/suggest.js';
import type { Check } from './compare.js';
import { compareEdits } from './compare-edits.js';
import type { Observed } from './observe.js';
import type { Expectation, ExpectedFinding } from './schema.js';

type Expected = NonNullable<Expectation['rules']>[string];

/** What is known of one rule: of a webhook that is somewhere else, the codes of its reasons and no more. */
type Seen = {
  readonly name: string;
  readonly codes: readonly string[];
  readonly outcome?: string;
  readonly edits?: readonly Edit[];
};

/** Holds what a case expects of a rule, or of every one (`*`), against what it came to. */
export function compareFindings(name: string, expected: Expected, observed: Observed): readonly Check[] {
  const path = ['rules', name];
  const finding = typeof expected === 'string' ? { outcome: expected } : expected;
  const outcomePath = typeof expected === 'string' ? path : [...path, 'outcome'];
  const all = seenOf(observed);
  const own = all.filter((seen) => name === '*' || seen.name === name);
  if (own.length === 0) return [missing(name, finding, path, observed)];
  const hasPatch = observed.operations.length > 0;
  return own.flatMap((seen) => compareOne(finding, seen, { path, outcomePath, hasPatch, isAll: name === '*' }));
}

const seenOf = ({ steps, auditAnnotations }: Observed): readonly Seen[] =>
  steps === undefined
    ? Object.entries(auditAnnotations).map(([name, text]) => ({ name, codes: text.split(',').filter(Boolean) }))
    : steps.map((step) => ({
        name: step.name,
        codes: codesOf(step),
        outcome: step.outcome,
        edits: 'edits' in step ? step.edits : [],
      }));

/** A webhook does not tell of rules that are off. */
function missing(name: string, { reason, reasons }: ExpectedFinding, path: Path, observed: Observed): Check {
  if (observed.steps === undefined && (reason ?? reasons?.[0]) === 'rule-off') return { path, is: 'unseen' };
  const known = seenOf(observed).map((seen) => seen.name);
  const hint = closest(name, known);
  const advice = hint === undefined ? `there are: ${known.join(', ') || 'none'}` : `did you mean "${hint}"?`;
  const what =
    observed.steps === undefined
      ? 'the webhook tells of no such rule for this object, or it is off'
      : 'the policy has no such rule for this object';
  return { path, is: 'failed', message: `${what}; ${advice}` };
}

type Asked = { readonly path: Path; readonly outcomePath: Path; readonly hasPatch: boolean; readonly isAll: boolean };

function compareOne(finding: ExpectedFinding, seen: Seen, asked: Asked): readonly Check[] {
  const { outcome, reason, reasons, edits } = finding;
  const { path, outcomePath, isAll } = asked;
  const check = (at: Path, isMet: boolean, expected: string): Check =>
    isMet
      ? { path: at, is: 'met' }
      : { path: at, is: 'failed', message: `${isAll ? `${seen.name}: ` : ''}expected ${expected}, got ${show(seen)}` };
  const checks: Check[] = [];
  if (outcome !== undefined) {
    const isMet = seen.outcome === undefined ? maybe(outcome, asked) : seen.outcome === outcome;
    checks.push(isMet === undefined ? { path: outcomePath, is: 'unseen' } : check(outcomePath, isMet, outcome));
  }
  if (reason !== undefined) {
    // A rule that skips has one reason.
    const isMet = seen.codes.includes(reason) && !(outcome === 'skipped' && seen.codes.length > 1);
    checks.push(check([...path, 'reason'], isMet, reason));
  }
  if (reasons !== undefined) {
    const all = [...new Set<string>(reasons)].sort();
    checks.push(check([...path, 'reasons'], isSame(all, seen.codes), listed(all)));
  }
  if (edits !== undefined) checks.push(compareEdits([...path, 'edits'], edits, seen.edits));
  return checks;
}

/** From outside, an outcome can be ruled out at most. */
const maybe = (outcome: string, { hasPatch }: Asked): false | undefined =>
  outcome === 'edited' && !hasPatch ? false : undefined;

const show = ({ outcome, codes }: Seen): string =>
  outcome === undefined ? listed(codes) : codes.length === 0 ? outcome : `${outcome} (${codes.join(', ')})`;

const listed = (codes: readonly string[]): string => codes.join(', ') || 'no reason';
