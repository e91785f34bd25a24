import { describe, expect, test } from '@jest/globals';
import { createPaint } from '../../src/reports/paint.js';
import { jsonReport } from '../../src/suites/json.js';
import { junitReport } from '../../src/suites/junit.js';
import { type CaseOutcome, count } from '../../src/suites/outcome.js';
import { summaryLines, textReport } from '../../src/suites/text.js';
import { junitErrors, select } from '../support/schemas.js';

const place = { file: 'shop.yaml', line: 7, column: 7 };
const outcomeOf = (name: string, own: Partial<CaseOutcome> = {}): CaseOutcome => ({
  suite: 'shop',
  name,
  place,
  failures: [],
  unseen: [],
  updated: [],
  seconds: 0.0125,
  ...own,
});

const outcomes: readonly CaseOutcome[] = [
  outcomeOf('passes', { unseen: ['expect.rules.a'] }),
  outcomeOf('fails', {
    failures: [
      { place: { ...place, line: 9 }, path: 'expect.verdict', message: 'expected <refused> & "not" \u001b[31mallowed' },
      {
        place,
        path: '',
        message: 'a sentence that is so long that nobody could read it in a terminal of eighty columns',
      },
      { place, path: 'expect.patch', message: 'not as expected', expected: 'a: 1\nb: 2\n', got: 'a: 1\nb: 3\n' },
    ],
  }),
  outcomeOf('waits', { skipped: 'a webhook has a clock of its own' }),
  outcomeOf('is new', { updated: ['expect.patch', 'expect.after'] }),
  outcomeOf('', { suite: 'empty', failures: [{ place, path: 'spec.cases', message: 'the suite has no case' }] }),
];

const style = { paint: createPaint(false), verbose: false };

test('counts', () => {
  expect(count(outcomes)).toEqual({ passed: 2, failed: 2, skipped: 1, updated: 1, unseen: 1 });
  expect(summaryLines(outcomes)).toBe(
    '1 expectation cannot be seen from outside of a webhook\n2 passed, 2 failed, 1 skipped, 1 updated\n',
  );
  expect(summaryLines([outcomeOf('a')])).toBe('1 passed, 0 failed, 0 skipped\n');
});

const text = `FAIL shop.yaml:7:7 shop/fails
  shop.yaml:9:7: expect.verdict: expected <refused> & "not" \u241b[31mallowed
  shop.yaml:7:7: a sentence that is so long that nobody could read it in a
    terminal of eighty columns
  shop.yaml:7:7: expect.patch: not as expected
    --- expected
    +++ got
    @@ -1,2 +1,2 @@
     a: 1
    -b: 2
    +b: 3
SKIP shop.yaml:7:7 shop/waits
  a webhook has a clock of its own
DONE shop.yaml:7:7 shop/is new
  updated: expect.patch, expect.after
FAIL shop.yaml:7:7 empty
  shop.yaml:7:7: spec.cases: the suite has no case
`;

describe('text', () => {
  test('tells of what is not as it should be', () => expect(textReport(outcomes, style)).toBe(text));

  test('tells of the rest as well, if asked to', () => {
    const more = 'PASS shop.yaml:7:7 shop/passes\n  not seen from outside: expect.rules.a\n';
    expect(textReport(outcomes, { ...style, verbose: true })).toBe(`${more}${text}`);
  });

  test('has nothing in it that nobody can see, and no line that is not its own', () => {
    const name = 'a\u001b[2J\nPASS b';
    const file = { ...place, file: `${name}.yaml` };
    const shown = 'a␛[2J PASS b';
    const failures = [{ place: file, path: name, message: name }];
    const hostile = [
      outcomeOf(name, { place: file, failures }),
      outcomeOf('', { skipped: name }),
      outcomeOf('c', { updated: [name] }),
    ];
    expect(textReport(hostile, style)).toBe(`FAIL ${shown}.yaml:7:7 shop/${shown}
  ${shown}.yaml:7:7: ${shown}: ${shown}
SKIP shop.yaml:7:7 shop
  ${shown}
DONE shop.yaml:7:7 shop/c
  updated: ${shown}
`);
  });

  test('has colours for who can see them', () => {
    const coloured = textReport(outcomes, { ...style, paint: createPaint(true) });
    expect(coloured).toContain('\u001b[31mFAIL\u001b[39m');
    expect(coloured).toContain('\u001b[32m+b: 3\u001b[39m');
  });
});

describe('JUnit', () => {
  const xml = junitReport(outcomes, style);

  test('is what its schema says, also without a case', () => {
    expect(junitErrors(xml)).toEqual([]);
    expect(junitErrors(junitReport([], style))).toEqual([]);
  });

  test('counts by suite', () => {
    const suites = select(xml, '//testsuite').map(({ attributes }) => attributes);
    expect(suites).toMatchObject([
      { name: 'shop', file: 'shop.yaml', tests: '4', failures: '1', skipped: '1', errors: '0', time: '0.050' },
      { name: 'empty', tests: '1', failures: '1' },
    ]);
    expect(select(xml, '/testsuites')[0]?.attributes).toMatchObject({ tests: '5', failures: '2', time: '0.063' });
  });

  test('has one failure for a case, with everything in it', () => {
    expect(select(xml, '//testcase').map(({ attributes }) => attributes['name'])).toEqual([
      'passes',
      'fails',
      'waits',
      'is new',
      'empty',
    ]);
    const [failure, ...others] = select(xml, '//testcase[@name="fails"]/failure');
    expect(others).toEqual([]);
    expect(failure?.attributes['message']).toMatch(
      /^expect\.verdict: expected <refused> & "not" \ufffd\[31mallowed; a /,
    );
    expect(failure?.text).toContain(
      'shop.yaml:7:7: expect.patch: not as expected\nexpected:\na: 1\nb: 2\ngot:\na: 1\nb: 3',
    );
    expect(select(xml, '//testcase[@name="waits"]/skipped')[0]?.attributes['message']).toBe(
      'a webhook has a clock of its own',
    );
  });
});

test('JSON holds everything', () => {
  expect(JSON.parse(jsonReport(outcomes.slice(1, 3), style))).toEqual({
    apiVersion: 'aloft.dev/v1alpha1',
    kind: 'TestReport',
    summary: { passed: 0, failed: 1, skipped: 1, updated: 0, unseen: 0 },
    cases: [
      expect.objectContaining({
        suite: 'shop',
        name: 'fails',
        file: 'shop.yaml',
        line: 7,
        column: 7,
        status: 'failed',
        seconds: 0.013,
        failures: [
          expect.objectContaining({ line: 9, path: 'expect.verdict' }),
          expect.objectContaining({ path: '' }),
          {
            file: 'shop.yaml',
            line: 7,
            column: 7,
            path: 'expect.patch',
            message: 'not as expected',
            expected: 'a: 1\nb: 2\n',
            got: 'a: 1\nb: 3\n',
          },
        ],
      }),
      expect.objectContaining({ status: 'skipped', skipped: 'a webhook has a clock of its own', unseen: [] }),
    ],
  });
});
