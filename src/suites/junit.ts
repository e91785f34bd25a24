import { showPlace } from '../reports/reviewed.js';
import { type Attributes, element } from '../reports/xml.js';
import { type CaseOutcome, count, type Failure, type SuiteReport, statusOf, titleOf } from './outcome.js';

/** JUnit XML: a `testsuite` for each suite, in it a test for each case. */
export const junitReport: SuiteReport = (outcomes) => {
  const suites = Map.groupBy(outcomes, ({ suite, place }) => JSON.stringify([place.file, suite]));
  const { skipped: _, ...counts } = countsOf(outcomes);
  const body = element('testsuites', { name: 'aloft test', ...counts }, [...suites.values()].map(suiteText));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
};

function suiteText(outcomes: readonly CaseOutcome[]): string {
  const [first] = outcomes;
  const head = { name: first?.suite, file: first?.place.file };
  return element('testsuite', { ...head, ...countsOf(outcomes) }, outcomes.map(caseText));
}

function caseText(outcome: CaseOutcome): string {
  const { suite, name, place } = outcome;
  const head = { classname: suite, name: name || suite, file: place.file, line: place.line, time: timeOf([outcome]) };
  return element('testcase', head, outcomeText(outcome));
}

/** Some readers keep one failure of a test only, so all are in one. */
function outcomeText(outcome: CaseOutcome): readonly string[] {
  const { failures, skipped, place } = outcome;
  switch (statusOf(outcome)) {
    case 'passed':
      return [];
    case 'skipped':
      return [element('skipped', { message: skipped })];
    case 'failed': {
      const message = failures.map(({ path, message: text }) => (path === '' ? text : `${path}: ${text}`)).join('; ');
      const text = [`${showPlace(place)} ${titleOf(outcome)}`, ...failures.map(failureText)].join('\n');
      return [element('failure', { type: 'failure', message }, text)];
    }
  }
}

function failureText({ place, path, message, expected, got }: Failure): string {
  const values = expected === undefined || got === undefined ? '' : `\nexpected:\n${expected}got:\n${got.trimEnd()}`;
  return `${showPlace(place)}: ${path === '' ? '' : `${path}: `}${message}${values}`;
}

function countsOf(outcomes: readonly CaseOutcome[]): Attributes {
  const { failed, skipped } = count(outcomes);
  return { tests: outcomes.length, failures: failed, errors: 0, skipped, time: timeOf(outcomes) };
}

const timeOf = (outcomes: readonly CaseOutcome[]): string =>
  outcomes.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3);
