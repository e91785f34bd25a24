import { isSame } from '../model/json.js';
import type { Path } from '../model/problem.js';
import { compareFindings } from './compare-findings.js';
import type { Observed } from './observe.js';
import type { Expectation } from './schema.js';

/** One thing that a case expects, and whether it is so; `path` leads to it from `expect`. */
export type Check = { readonly path: Path } & (
  | { readonly is: 'met' }
  /** Nothing that a webhook tells from outside could show it. */
  | { readonly is: 'unseen' }
  | ({ readonly is: 'failed'; readonly message: string } & Partial<Difference>)
);

/** Two values that were to be equal. */
export type Difference = { readonly difference: { readonly expected: unknown; readonly got: unknown } };

/** Holds everything that a case expects against what became of it; `golden` is what `afterFile` holds. */
export function compareCase(expected: Expectation, observed: Observed, golden: unknown): readonly Check[] {
  const { unchanged, after, afterFile, patch, rules = {}, verdict, message, warnings } = expected;
  const { operations } = observed;
  return [
    ...(unchanged ? [equal(['unchanged'], [], operations)] : []),
    ...(after === undefined ? [] : [equal(['after'], after, observed.after)]),
    ...(afterFile === undefined ? [] : [equal(['afterFile'], golden ?? null, observed.after)]),
    ...(patch === undefined ? [] : [equal(['patch'], patch, operations)]),
    ...Object.entries(rules).flatMap(([name, finding]) => compareFindings(name, finding, observed)),
    ...(verdict === undefined ? [] : [word(['verdict'], verdict, observed.verdict, observed.message)]),
    ...(message === undefined ? [] : [equal(['message'], message, observed.message)]),
    ...(warnings === undefined ? [] : [equal(['warnings'], warnings, observed.warnings)]),
    ...faults(observed, warnings !== undefined),
  ];
}

/** Values are compared, whatever the order of their members; what is still to be filled in equals nothing. */
function equal(path: Path, expected: unknown, got: unknown): Check {
  if (expected === null) return { path, is: 'failed', message: 'nothing is there yet: --update fills it' };
  if (isSame(expected, got)) return { path, is: 'met' };
  return { path, is: 'failed', message: 'not as expected', difference: { expected, got } };
}

const word = (path: Path, expected: string, got: string, why: string): Check =>
  expected === got
    ? { path, is: 'met' }
    : { path, is: 'failed', message: `expected ${expected}, got ${got}${why === '' ? '' : ` (${why})`}` };

/** An object that no rule could look at passes for one that needs nothing, unless the suite shows that it knows. */
function faults({ warnings, auditAnnotations }: Observed, knowsWarnings: boolean): readonly Check[] {
  const unread = knowsWarnings ? undefined : warnings.find((warning) => warning.startsWith('aloft: '));
  const stopped = Object.entries(auditAnnotations).filter(([, codes]) => codes.split(',').includes('rule-failed'));
  return [
    ...(unread === undefined ? [] : [`no rule looked at the object, which only \`warnings\` can expect: ${unread}`]),
    ...stopped.map(([name]) => `a fault of aloft: ${name} stopped`),
  ].map((message) => ({ path: [], is: 'failed', message }));
}
