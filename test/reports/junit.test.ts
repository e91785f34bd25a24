import { describe, expect, test } from '@jest/globals';
import { because } from '../../src/model/reason.js';
import { junitReport } from '../../src/reports/junit.js';
import type { ReviewedRun } from '../../src/reports/reviewed.js';
import {
  changeOf,
  emptyRun,
  fullRun,
  objectOf,
  plainStyle,
  problemOf,
  remarkOf,
  reviewTexts,
  runOf,
} from '../support/runs.js';
import { junitErrors, select, type XmlNode } from '../support/schemas.js';

const textOf = (run: ReviewedRun): string => junitReport(run, plainStyle);
const casesOf = (run: ReviewedRun): readonly XmlNode[] => select(textOf(run), '//testcase');
const only = (run: ReviewedRun, path: string): XmlNode | undefined => select(textOf(run), path)[0];

describe('the schema of Jenkins has nothing against', () => {
  test.each([
    ['a run without any input', emptyRun],
    ['a run with something of everything', fullRun],
    ['a file without objects', reviewTexts({ 'a.yaml': 'kind: ConfigMap\napiVersion: v1\n' }, { rules: [] })],
  ])('%s', (_, run) => expect(junitErrors(textOf(run))).toEqual([]));

  test('and it has something against a fault', () => {
    expect(junitErrors(textOf(fullRun).replace(' name="annotation-lint"', ''))).toEqual([
      expect.stringContaining("'name' is required"),
    ]);
    expect(junitErrors(textOf(fullRun).replaceAll('&lt;', '<'))).toEqual([expect.stringContaining('Error')]);
  });
});

describe('a test', () => {
  test('is there for every object and rule that is on, with the file and the line', () => {
    const run = runOf([objectOf([remarkOf(), changeOf()]), objectOf([], { name: 'quiet' })]);
    expect(casesOf(run).map(({ attributes }) => attributes)).toEqual([
      { classname: 'input', name: 'can be reviewed', file: 'shop/cart.yaml' },
      { classname: 'Deployment shop/cart', name: 'annotation-lint', file: 'shop/cart.yaml', line: '6' },
      { classname: 'Deployment shop/cart', name: 'tracer-env', file: 'shop/cart.yaml', line: '6' },
    ]);
  });

  test('passes where the rule has nothing to say, so that what is mended shows', () => {
    const run = reviewTexts(
      { 'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n' },
      { rules: [{ rule: 'annotation-lint' }, { rule: 'tracer-env', mode: 'off' }] },
    );
    expect(casesOf(run).map(({ attributes, text }) => [attributes['name'], text.trim()])).toEqual([
      ['can be reviewed', ''],
      ['annotation-lint', ''],
    ]);
  });

  test.each([
    ['a violation fails it', remarkOf(), 'failure', 'violation'],
    ['a warning skips it: JUnit has no warnings', remarkOf({ level: 'warning' }), 'skipped', 'warning'],
  ] as const)('%s', (_, remark, kind, type) => {
    expect(only(runOf([objectOf([remark])]), `//testcase/${kind}`)).toEqual({
      name: kind,
      attributes: { type, message: 'shop/cart.yaml:6:7: "http" is no port' },
      text: 'shop/cart.yaml:6:7: "http" is no port',
    });
  });

  test('a change passes it, and stands in its output', () => {
    const run = runOf([objectOf([changeOf(), changeOf({ edit: 'env DD_SERVICE = "cart" in app' })])]);
    expect(only(run, '//testcase/system-out')?.text).toBe(
      'shop/cart.yaml:6:7: env DD_ENTITY_ID = from metadata.uid in app: the Pod by its UID\nshop/cart.yaml:6:7: env DD_SERVICE = "cart" in app: the Pod by its UID',
    );
    expect(select(textOf(run), '//failure | //skipped | //error')).toEqual([]);
  });

  test('so does what only another mode would change', () => {
    expect(only(runOf([objectOf([changeOf({ level: 'note' })])]), '//testcase/system-out')?.text).toBe(
      'shop/cart.yaml:6:7: env DD_ENTITY_ID = from metadata.uid in app: the Pod by its UID (not added: the mode is audit)',
    );
  });

  test('an exemption skips it, and says why', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {aloft.dev/exempt: "annotation-lint"}}\nspec: {containers: []}\n';
    expect(
      only(reviewTexts({ 'a.yaml': text }, { rules: [{ rule: 'annotation-lint' }] }), '//testcase/skipped')?.attributes[
        'type'
      ],
    ).toBe('exempt');
  });

  test('holds all that one rule finds, in one failure: readers show one', () => {
    const [failure, ...others] = select(textOf(fullRun), '//failure');
    expect(others).toEqual([]);
    expect(failure?.attributes['message']).toMatch(/^shop\/cart\.yaml:6:7: .* \(and 1 more\)$/s);
    expect(failure?.text.split('\n').at(-1)).toBe('shop/cart.yaml:7:7: second');
  });

  test('of an object that is there twice has a number: GitLab takes equal names for one test', () => {
    const names = casesOf(
      runOf([objectOf([remarkOf()]), objectOf([remarkOf()]), objectOf([remarkOf()], { namespace: 'other' })]),
    ).map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`);
    expect(names.slice(1)).toEqual([
      'Deployment shop/cart annotation-lint',
      'Deployment shop/cart annotation-lint (2)',
      'Deployment other/cart annotation-lint',
    ]);
  });
});

describe('a fault', () => {
  test('of a rule is an error', () => {
    const object = objectOf([remarkOf({ level: 'warning', reason: because('rule-failed', 'tracer-env stopped') })]);
    const [step] = object.review.steps;
    const failed = {
      rule: 'tracer-env',
      name: 'annotation-lint',
      mode: 'enforce',
      outcome: 'failed',
      reason: because('rule-failed'),
      error: new Error('x'),
    } as const;
    const run = runOf([{ ...object, review: { ...object.review, steps: step === undefined ? [] : [failed] } }]);
    expect(only(run, '//testcase/error')).toMatchObject({
      attributes: { type: 'fault' },
      text: expect.stringContaining('tracer-env stopped'),
    });
  });

  test('of the patch is an error of the object', () => {
    const object = objectOf([]);
    const run = runOf([{ ...object, review: { ...object.review, fault: { reason: because('patch-failed') } } }]);
    expect(casesOf(run).at(-1)?.attributes).toMatchObject({ name: 'review', classname: 'Deployment shop/cart' });
    expect(only(run, '//testcase/error')?.text).toContain('its patch does not apply');
  });
});

test('what could not be reviewed is one error of its file, with every place', () => {
  const run = runOf([], {
    problems: [problemOf(), problemOf({ line: 9 }), { file: 'gone.yaml', message: 'no such file' }],
  });
  expect(select(textOf(run), '//testcase/error').map(({ text }) => text)).toEqual([
    'broken.yaml:2:3: a flaw\nbroken.yaml:9:3: a flaw',
    'gone.yaml: no such file',
  ]);
});

test('objects are in the suite of the file that they were rendered from', () => {
  const place = {
    file: 'chart/templates/a.yaml',
    line: 3,
    column: 1,
    rendered: { file: '<stdin>', line: 40, column: 1 },
  };
  const run = runOf([], {
    manifests: [
      {
        file: '<stdin>',
        text: '',
        startLine: 1,
        hasValue: true,
        objects: [objectOf([remarkOf({ place })], { place })],
      },
    ],
  });
  expect(select(textOf(run), '//testsuite').map(({ attributes }) => attributes['name'])).toEqual([
    'stdin',
    'chart/templates/a.yaml',
  ]);
  expect(only(run, '//failure')?.text).toBe('chart/templates/a.yaml:3:1 (<stdin>:40:1): "http" is no port');
});

test('counts add up', () => {
  expect(only(fullRun, '/testsuites')?.attributes).toEqual({ name: 'aloft', tests: '7', failures: '1', errors: '2' });
  const sums = select(textOf(fullRun), '//testsuite').map(({ attributes: { tests, failures, errors, skipped } }) => [
    tests,
    failures,
    errors,
    skipped,
  ]);
  expect(sums).toEqual([
    ['1', '0', '1', '0'],
    ['1', '0', '1', '0'],
    ['5', '1', '0', '1'],
  ]);
});

test('what XML forbids becomes the replacement character, and lines of an attribute stay', () => {
  const message = only(fullRun, '//failure')?.attributes['message'];
  expect(message).toBe('shop/cart.yaml:6:7: a "port", 100% <wrong>: & \ufffd\ufffd[31m]]>\nnext line (and 1 more)');
  const odd = runOf([
    objectOf([remarkOf({ reason: because('istio-port', '\ud800 \uffff \ufffe \u0085 \r tab\t 🐕') })]),
  ]);
  expect(junitErrors(textOf(odd))).toEqual([]);
  expect(only(odd, '//failure')?.attributes['message']).toContain('\ufffd \ufffd \ufffd \u0085 \r tab\t 🐕');
});

test('is the same every time', () => expect(textOf(fullRun)).toBe(textOf(structuredClone(fullRun))));
