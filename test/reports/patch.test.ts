import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import jsonPatch from 'fast-json-patch';
import { parse } from 'yaml';
import { subjectOf } from '../../src/engine/template.js';
import { patchReport } from '../../src/reports/patch.js';
import { objectsOf, type ReviewedRun } from '../../src/reports/reviewed.js';
import { readFixtures } from '../support/fixtures.js';
import { agentPod, configMap, deployment, podText } from '../support/manifests.js';
import { emptyRun, everyRule, plainStyle, reviewFixture, reviewTexts } from '../support/runs.js';
import { tracing } from '../support/texts.js';

type Line = {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly name: string;
  readonly patch: readonly { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }[];
};

const linesOf = (run: ReviewedRun): readonly Line[] =>
  patchReport(run, plainStyle)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const apply = (object: unknown, { patch }: Line): unknown =>
  jsonPatch.applyPatch(structuredClone(object), [...patch], true).newDocument;

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n')
    .replace(/^ {4}(?:#.*\n {4})?/, '  - ');

describe('a patch', () => {
  const inputs = readFixtures().map((fixture) => [`${fixture.rule}/${fixture.name}`, fixture] as const);

  test.each(inputs)('makes of %s what the review does', (_, fixture) => {
    const run = reviewFixture(fixture, JSON.stringify(fixture.input));
    const changed = objectsOf(run).filter(({ operations }) => operations.length > 0);
    const lines = linesOf(run);
    expect(lines).toHaveLength(changed.length);
    for (const [index, { review, namespace, answer }] of changed.entries()) {
      const object = answer === undefined ? fixture.input : (fixture.input as never)['request']['object'];
      const after = apply(object, lines[index] as Line);
      expect(subjectOf(after, namespace)?.object).toEqual(review.after);
    }
  });

  test.each([
    ['a workload', deployment, deployment],
    ['an item of a List', `apiVersion: v1\nkind: List\nitems:\n${indented(deployment)}\n`, deployment],
    [
      'an item of a List in a List',
      `kind: List\nitems: [{ kind: List, items: [{ kind: Other }, ${JSON.stringify(parse(deployment))}] }]`,
      deployment,
    ],
    ['a Pod', podText(), podText()],
    ['the object of a request', requestFor(podText()), podText()],
    ['a request in a List', `{ "kind": "List", "items": [${requestFor(podText())}] }`, podText()],
  ])('is for the object itself: %s', (_, text, object) => {
    const run = reviewTexts({ 'a.yaml': text }, tracing);
    const [alone] = linesOf(reviewTexts({ 'a.yaml': object }, tracing));
    const [line] = linesOf(run);
    expect(line?.patch.length).toBeGreaterThan(0);
    expect(line?.patch).toEqual(alone?.patch);
    expect(() => apply(parse(object), line as Line)).not.toThrow();
  });

  test('says what it is for, and where that stands', () => {
    expect(linesOf(reviewTexts({ 'b.yaml': `${configMap}---\n${agentPod}` }, everyRule))).toEqual([
      {
        file: 'b.yaml',
        line: 8,
        column: 1,
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'default',
        name: 'datadog',
        patch: expect.arrayContaining([
          { op: 'add', path: '/metadata/labels/sidecar.istio.io~1inject', value: 'false' },
        ]),
      },
    ]);
  });

  test('can be cut off its line without a JSON parser', () => {
    const trap = podText('  labels: { "patch": "\\",\\"patch\\":[", a: b }\n');
    const report = patchReport(reviewTexts({ 'a.yaml': trap }, tracing), plainStyle);
    const cut = execFileSync('sed', ['s/.*,"patch":\\[/[/; s/}$//'], { input: report, encoding: 'utf8' });
    expect(JSON.parse(cut)).toEqual(linesOf(reviewTexts({ 'a.yaml': trap }, tracing))[0]?.patch);
  });

  test('is there for what changes only', () => {
    expect(patchReport(emptyRun, plainStyle)).toBe('');
    expect(patchReport(reviewTexts({ 'a.yaml': configMap, 'b.yaml': podText() }, { rules: [] }), plainStyle)).toBe('');
    expect(
      linesOf(reviewTexts({ 'a.yaml': `${deployment}---\n${configMap}---\n${podText()}` }, tracing)),
    ).toMatchObject([
      { kind: 'Deployment', name: 'cart', line: 2 },
      { kind: 'Pod', name: 'cart' },
    ]);
  });
});

function requestFor(text: string): string {
  const request = {
    uid: 'u-1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    operation: 'CREATE',
    namespace: 'default',
    object: parse(text),
  };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}
