import { reasonsOf, type Step } from '../engine/review.js';
import { inputRule } from './remarks.js';
import {
  type InputProblem,
  objectsOf,
  type Remark,
  type Report,
  type ReviewedManifest,
  type ReviewedObject,
  type ReviewedRun,
  showPlace,
  showProblem,
  titleOf,
} from './reviewed.js';
import { pathOf } from './source-path.js';
import { element } from './xml.js';

/**
 * JUnit XML: a suite for each file, in it a test for each object and each rule that the policy has on for it. A test
 * that passes stays in the report, because that is how GitLab and Jenkins learn that what failed before is mended.
 */
export const junitReport: Report = (run) => {
  const suites = suitesOf(run).map(({ file, cases }) => ({ file, cases, counts: countOf(cases) }));
  const body = element(
    'testsuites',
    { name: 'aloft', tests: sum(suites, 'tests'), failures: sum(suites, 'failures'), errors: sum(suites, 'errors') },
    suites.map(({ file, cases, counts }) => element('testsuite', { name: file, ...counts, file }, cases.map(caseText))),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
};

type Suite = { readonly file: string; readonly cases: readonly Case[] };

type Case = {
  readonly suite: string;
  /** What is tested, and which rule tests it. */
  readonly classname: string;
  readonly name: string;
  readonly line?: number;
  readonly outcome: Outcome;
};

type Outcome =
  | { readonly kind: 'passed'; readonly output: string }
  | { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly lines: readonly string[] };

function suitesOf({ manifests, problems }: ReviewedRun): readonly Suite[] {
  const files = new Set([...problems, ...manifests].map(({ file }) => file));
  const texts = Map.groupBy(manifests, ({ file }) => file);
  const readable = [...files].map((file) => inputCase(file, problems, texts.get(file) ?? []));
  const cases = manifests.flatMap(({ objects }) => objects.flatMap(objectCases));
  const suites = new Map<string, Case[]>();
  for (const one of [...readable, ...numbered(cases)]) {
    const suite = suites.get(one.suite) ?? [];
    suite.push(one);
    suites.set(one.suite, suite);
  }
  return [...suites].map(([file, own]) => ({ file, cases: own }));
}

/** Whether all of a file could be reviewed, and means what whoever wrote it sees there. */
function inputCase(file: string, problems: readonly InputProblem[], manifests: readonly ReviewedManifest[]): Case {
  const own = problems.filter((problem) => problem.file === file);
  const remarks = objectsOf({ manifests }).flatMap((object) => object.remarks.filter(({ rule }) => rule === inputRule));
  const outcome: Outcome =
    own.length > 0
      ? { kind: 'error', type: 'input', lines: own.map(showProblem) }
      : remarks.length > 0
        ? { kind: 'skipped', type: 'warning', lines: remarks.map(lineOn) }
        : passed('');
  const line = own[0]?.line ?? remarks[0]?.place.line;
  return {
    suite: pathOf(file),
    classname: 'input',
    name: 'can be reviewed',
    ...(line === undefined ? {} : { line }),
    outcome,
  };
}

function objectCases(object: ReviewedObject): readonly Case[] {
  const { place, review } = object;
  const head = { suite: pathOf(place.file), classname: classOf(object) };
  const fault = review.fault;
  // What is wrong with the object itself is a problem of the input, and told there.
  const own: readonly Case[] =
    fault === undefined || fault.at !== undefined
      ? []
      : [
          {
            ...head,
            name: 'review',
            line: place.line,
            outcome: { kind: 'error', type: 'fault', lines: [`${showPlace(place)}: ${fault.reason.message}`] },
          },
        ];
  const cases = review.steps
    .filter(({ mode }) => mode !== 'off')
    .map((step): Case => {
      const remarks = object.remarks.filter(({ name }) => name === step.name);
      return { ...head, name: step.name, line: (remarks[0]?.place ?? place).line, outcome: outcomeOf(step, remarks) };
    });
  return [...own, ...cases];
}

const classOf = (object: ReviewedObject): string =>
  `${titleOf({ kind: object.kind, name: [object.namespace, object.name].filter(Boolean).join('/') })}`;

/** JUnit has no warnings: they are skipped tests, which every reader shows, and which fail nothing. */
function outcomeOf(step: Step, remarks: readonly Remark[]): Outcome {
  const told = (level: Remark['level']) =>
    remarks
      .filter((remark) => remark.level === level)
      .map(lineOn)
      .map((line) => (level === 'note' ? `${line} (not added: the mode is audit)` : line));
  const [violations, warnings] = [told('violation'), told('warning')];
  if (step.outcome === 'failed') return { kind: 'error', type: 'fault', lines: warnings };
  if (violations.length > 0) return { kind: 'failure', type: 'violation', lines: violations };
  if (warnings.length > 0) return { kind: 'skipped', type: 'warning', lines: warnings };
  const exemption = reasonsOf(step).find(({ code }) => step.outcome === 'skipped' && code.startsWith('exempt-'));
  if (exemption !== undefined) return { kind: 'skipped', type: 'exempt', lines: [exemption.message] };
  return passed([...told('change'), ...told('note')].join('\n'));
}

const lineOn = ({ place, reason, edit }: Remark): string =>
  [showPlace(place), edit, reason.message].filter(Boolean).join(': ');

const passed = (output: string): Outcome => ({ kind: 'passed', output });

/** GitLab takes two tests of one name for one: of an object that is there twice, the second is numbered. */
function numbered(cases: readonly Case[]): readonly Case[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const key = JSON.stringify([one.suite, one.classname, one.name]);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? one : { ...one, name: `${one.name} (${times})` };
  });
}

function caseText({ suite, classname, name, line, outcome }: Case): string {
  return element('testcase', { classname, name, file: suite, line }, outcomeText(outcome));
}

function outcomeText(outcome: Outcome): readonly string[] {
  if (outcome.kind === 'passed') return outcome.output === '' ? [] : [element('system-out', {}, outcome.output)];
  const { kind, type, lines } = outcome;
  // GitLab shows the text only, Jenkins the message and the text.
  const message = lines.length > 1 ? `${lines[0]} (and ${lines.length - 1} more)` : lines[0];
  return [element(kind, { type, message }, lines.join('\n'))];
}

type Counts = { readonly tests: number; readonly failures: number; readonly errors: number; readonly skipped: number };

const countOf = (cases: readonly Case[]): Counts => ({
  tests: cases.length,
  failures: cases.filter(({ outcome }) => outcome.kind === 'failure').length,
  errors: cases.filter(({ outcome }) => outcome.kind === 'error').length,
  skipped: cases.filter(({ outcome }) => outcome.kind === 'skipped').length,
});

const sum = (suites: readonly { readonly counts: Counts }[], key: keyof Counts): number =>
  suites.reduce((total, { counts }) => total + counts[key], 0);
