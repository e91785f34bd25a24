import { readdirSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { ExplainedOperation } from '../../src/engine/operation.js';
import { type Review, reasonsOf, type Step } from '../../src/engine/review.js';
import { showPath } from '../../src/model/problem.js';
import type { Reason } from '../../src/model/reason.js';

const root = new URL('../fixtures/rules/', import.meta.url);

/** One folder of `test/fixtures/rules`: an object, the policy it is reviewed under, and what should come of it. */
export type Fixture = {
  readonly rule: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
  /** Absent where the rule alone is on, with its default settings. */
  readonly policy?: unknown;
  /** Absent where the file is missing. */
  readonly expected?: string;
  readonly expectedFile: URL;
};

/** Every folder there is, in the order of their names. */
export function readFixtures(): readonly Fixture[] {
  return foldersOf(root).flatMap((rule) =>
    foldersOf(new URL(`${rule}/`, root)).map((name) => readFixture(rule, name, new URL(`${rule}/${name}/`, root))),
  );
}

const foldersOf = (folder: URL): readonly string[] => readdirSync(folder).sort();

function readFixture(rule: string, name: string, folder: URL): Fixture {
  const files = readdirSync(folder).sort();
  const read = (file: string) => (files.includes(file) ? readFileSync(new URL(file, folder), 'utf8') : undefined);
  const policy = read('policy.yaml');
  const expected = read('expected.yaml');
  return {
    rule,
    name,
    files,
    input: parse(read('input.yaml') ?? '{}'),
    ...(policy === undefined ? {} : { policy: parse(policy) }),
    ...(expected === undefined ? {} : { expected }),
    expectedFile: new URL('expected.yaml', folder),
  };
}

/** What came of a review, as the text of `expected.yaml`. */
export function describeReview({ steps, fault }: Review, operations: readonly ExplainedOperation[]): string {
  const patch = operations.map(({ op, path, value }) => ({ op, path, value }));
  const outcome = {
    ...(fault ? { fault: `${showPath(fault.at ?? [])}: ${sayReason(fault.reason)}` } : {}),
    steps: steps.map(sayStep),
    patch,
  };
  // Which parts are one and the same object is no part of the outcome.
  return stringify(outcome, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A step in one line: `tracer-env: edited, entity-id (the Pod by its UID), kept: author-decided (…)`. */
function sayStep(step: Step): string {
  const reasons = !('edits' in step)
    ? [
        ...reasonsOf(step).map(sayReason),
        ...('exempt' in step ? (step.exempt ?? []).map((reason) => `exempt: ${sayReason(reason)}`) : []),
      ]
    : [
        ...step.edits.map(({ reason }) => sayReason(reason)),
        ...step.inPlace.map(({ reason }) => `in place: ${sayReason(reason)}`),
        ...step.notes.map((reason) => `kept: ${sayReason(reason)}`),
      ];
  return [`${step.name}: ${step.outcome}`, ...new Set(reasons)].join(', ');
}

const sayReason = ({ code, message }: Reason): string => `${code} (${message})`;
