import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { showPath } from '../../src/model/problem.js';
import { parseSuite, suiteJsonSchema } from '../../src/suites/parse.js';
import { readText } from '../docs/files.ts';

/** A suite with one case. */
const suiteWith = (own: string): unknown =>
  parse(`apiVersion: aloft.dev/v1alpha1
kind: TestSuite
metadata: { name: shop }
spec:
  cases:
    - name: a case
${own.replaceAll(/^/gm, '      ')}`);

const pod = 'object: { apiVersion: v1, kind: Pod }\n';

const problemsOf = (raw: unknown): readonly string[] => {
  const parsed = parseSuite(raw);
  return 'problems' in parsed ? parsed.problems.map(({ path, message }) => `${showPath(path)}: ${message}`) : [];
};

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const isValid = ajv.compile(suiteJsonSchema());

describe('a case may', () => {
  test.each([
    ['hold its object', pod],
    ['hold a request', 'object: { apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: { uid: a } }'],
    ['name a file', 'file: cart.yaml'],
    ['choose from a file', 'file: cart.yaml\nselect: { kind: Pod, name: cart, namespace: shop }'],
    ['say where and when', `${pod}operation: UPDATE\nnamespace: a\nnamespaceLabels: { a: b }\ntoday: 2026-11-21`],
    ['expect nothing, which fails later', `${pod}expect: {}`],
    ['expect what it does not know yet', `${pod}expect:\n  after:\n  patch:`],
    ['expect an outcome by its word', `${pod}expect: { rules: { tracer-env: skipped, "*": would-edit } }`],
    ['expect a finding', `${pod}expect: { rules: { a: { outcome: violated, reason: istio-port, reasons: [] } } }`],
    ['expect edits', `${pod}expect: { rules: { a: { edits: [{ kind: env, name: A, from: b, container: c }] } } }`],
    ['expect the value null', `${pod}expect: { patch: [{ op: replace, path: /a, value: null }] }`],
    ['expect a verdict', `${pod}expect: { verdict: refused, message: no, warnings: [a] }`],
  ])('%s', (_, text) => {
    expect(problemsOf(suiteWith(text))).toEqual([]);
    expect(isValid(suiteWith(text))).toBe(true);
  });
});

describe('a slip is told where it is:', () => {
  test.each([
    ['objct: {}\nfile: a', 'objct: unknown key "objct": did you mean "object"?'],
    ['expect: { after: }', ': expected either `object` or `file`'],
    [`${pod}file: a`, ': expected either `object` or `file`'],
    ['object: { kind: Pod }', 'object.apiVersion: expected a string, got nothing'],
    [`${pod}select: { kind: Pod }`, 'select: expected `file` beside it: there is nothing to choose from'],
    ['file: a\nselect: {}', 'select: expected a kind, a name or a namespace'],
    [`${pod}operation: DELETE`, 'operation: expected one of CREATE, UPDATE, got "DELETE"'],
    [`${pod}today: 21.11.2026`, 'today: expected a day as YYYY-MM-DD'],
    [
      `${pod}expect: { unchanged: false }`,
      'expect.unchanged: expected true; what is to change is told by `after`, `patch` or `edits`',
    ],
    [`${pod}expect: { verdict: denied }`, 'expect.verdict: expected one of allowed, refused, got "denied"'],
    [`${pod}expect: { after: { a: b } }`, 'expect.after.apiVersion: expected a string, got nothing'],
    [`${pod}expect: { after: null, afterFile: a }`, 'expect.afterFile: expected `after` or `afterFile`, got both'],
    [`${pod}expect: { patch: [{ op: add, path: /a }] }`, 'expect.patch[0].value: expected a value, got nothing'],
    [
      `${pod}expect: { patch: [{ op: remove, path: /a, value: 1 }] }`,
      'expect.patch[0].op: expected one of add, replace, got "remove"',
    ],
    [
      `${pod}expect: { rules: { a: edted } }`,
      'expect.rules.a: expected one of edited, would-edit, unchanged, skipped, violated, got "edted": did you mean "edited"?',
    ],
    [
      `${pod}expect: { rules: { a: { reson: istio-port } } }`,
      'expect.rules.a.reson: unknown key "reson": did you mean "reason"?',
    ],
    [
      `${pod}expect: { rules: { a: { reason: istio-prt } } }`,
      'expect.rules.a.reason: expected the code of a reason, got "istio-prt": did you mean "istio-port"?',
    ],
    [
      `${pod}expect: { rules: { a: { reason: nonsense } } }`,
      'expect.rules.a.reason: expected the code of a reason, got "nonsense": see docs/reference/reasons.md',
    ],
    [`${pod}expect: { rules: { a: {} } }`, 'expect.rules.a: expected an outcome, a reason or edits, got nothing'],
    [`${pod}expect: { warnings: a }`, 'expect.warnings: expected a list, got "a"'],
  ])('%s', (text, problem) => {
    const said = problemsOf(suiteWith(text)).map((one) => one.replace(/^spec\.cases\[0\]\.?/, ''));
    expect(said).toContain(problem);
  });
});

test('two cases of one name are one too many', () => {
  const suite = suiteWith(pod) as { spec: { cases: unknown[] } };
  suite.spec.cases.push(...suite.spec.cases);
  expect(problemsOf(suite)).toEqual(['spec.cases[1].name: another case has this name']);
});

test('the JSON Schema refuses what it can see, and takes the example', () => {
  expect(isValid(suiteWith('objct: {}\nfile: a'))).toBe(false);
  expect(isValid(suiteWith(`${pod}expect: { rules: { a: { reason: nonsense } } }`))).toBe(false);
  expect(isValid(parse(readText('examples/suites/shop.yaml')))).toBe(true);
});
