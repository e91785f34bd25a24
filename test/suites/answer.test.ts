import { describe, expect, test } from '@jest/globals';
import { applyPatch, readAnswer } from '../../src/suites/answer.js';

const request = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'a' } };
const encode = (text: string): string => Buffer.from(text).toString('base64');
const patch = encode('[{"op":"add","path":"/a","value":"\u00e9"}]');

const answerOf = (response: unknown, own: object = {}): unknown =>
  readAnswer({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response, ...own }, request);

test('an answer is read with everything that a suite may expect', () => {
  const status = { message: 'no' };
  const auditAnnotations = { a: 'b' };
  const response = {
    uid: 'a',
    allowed: false,
    patchType: 'JSONPatch',
    patch,
    status,
    warnings: ['w'],
    auditAnnotations,
  };
  expect(answerOf(response)).toEqual({
    allowed: false,
    operations: [{ op: 'add', path: '/a', value: '\u00e9' }],
    message: 'no',
    warnings: ['w'],
    auditAnnotations,
  });
});

test('what an answer leaves out is nothing', () => {
  const nothing = { operations: [], message: '', warnings: [], auditAnnotations: {} };
  expect(answerOf({ uid: 'a', allowed: true })).toEqual({ allowed: true, ...nothing });
});

describe('the API server could not use', () => {
  test.each<[string, unknown, object, string]>([
    ['another object', {}, { kind: 'Pod' }, 'expected an AdmissionReview'],
    ['a review without a response', undefined, {}, 'expected an AdmissionReview'],
    ['another version', { uid: 'a' }, { apiVersion: 'b' }, 'expected the version admission.k8s.io/v1 of the request'],
    ['the answer to another request', { uid: 'b', allowed: true }, {}, 'expected the uid of the request, a'],
    ['no verdict', { uid: 'a' }, {}, 'expected `allowed` to be true or false'],
    [
      'a patch without a type',
      { uid: 'a', allowed: true, patch },
      {},
      'expected `patch` and `patchType: JSONPatch` together',
    ],
    [
      'a type without a patch',
      { uid: 'a', allowed: true, patchType: 'JSONPatch' },
      {},
      'expected `patch` and `patchType: JSONPatch` together',
    ],
    ...[
      'no',
      encode('no'),
      encode('{}'),
      encode('[{"op":"remove","path":"/a"}]'),
      encode('[{"op":"add","path":"/a"}]'),
    ].map((text): [string, unknown, object, string] => [
      `the patch ${text}`,
      { uid: 'a', allowed: true, patchType: 'JSONPatch', patch: text },
      {},
      'expected its patch to be a list of `add` and `replace`, as JSON in base64',
    ]),
  ])('%s', (_, response, own, problem) => expect(answerOf(response, own)).toEqual({ problem }));
});

describe('a patch', () => {
  const before = { a: [1], b: {} };

  test('leads to another object, and leaves the first one as it was', () => {
    expect(applyPatch(before, [{ op: 'add', path: '/a/0', value: 0 }])).toEqual({ after: { a: [0, 1], b: {} } });
    expect(before).toEqual({ a: [1], b: {} });
  });

  test.each<['add' | 'replace', string]>([
    ['add', '/c/d'],
    ['replace', '/b/c'],
    ['add', '/a/01'],
    ['add', '/a/3'],
    ['replace', '/a/-'],
  ])('that does not apply is told: %s %s', (op, path) => {
    expect(applyPatch(before, [{ op, path, value: 1 }])).toEqual({
      problem: expect.stringMatching(/^its patch does not apply: /),
    });
  });
});
