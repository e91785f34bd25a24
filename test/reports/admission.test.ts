import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { admissionReport } from '../../src/reports/admission.js';
import { objectsOf, type ReviewedRun } from '../../src/reports/reviewed.js';
import { readFixtures } from '../support/fixtures.js';
import { configMap, deployment, podText, service } from '../support/manifests.js';
import { emptyRun, everyRule, plainStyle, reviewFixture, reviewTexts } from '../support/runs.js';
import { tracing } from '../support/texts.js';

type Answer = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly patchType?: string;
    readonly patch?: string;
    readonly status?: { readonly message: string };
  };
};

const answersOf = (run: ReviewedRun): readonly Answer[] =>
  admissionReport(run, plainStyle)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const decoded = ({ response: { patch } }: Answer): unknown =>
  patch === undefined ? [] : JSON.parse(Buffer.from(patch, 'base64').toString('utf8'));

const requestFor = (apiVersion: string, uid: string): string =>
  JSON.stringify({
    apiVersion,
    kind: 'AdmissionReview',
    request: {
      uid,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      operation: 'CREATE',
      namespace: 'default',
      object: parse(podText()),
    },
  });

describe('an answer', () => {
  const inputs = readFixtures().map((fixture) => [`${fixture.rule}/${fixture.name}`, fixture] as const);

  test.each(inputs)('carries the patch of the review of %s', (_, fixture) => {
    const run = reviewFixture(fixture, JSON.stringify(fixture.input));
    const objects = objectsOf(run);
    const answers = answersOf(run);
    expect(answers).toHaveLength(objects.length);
    for (const [index, { review }] of objects.entries()) {
      const answer = answers[index] as Answer;
      expect(decoded(answer)).toEqual(review.operations.map(({ op, path, value }) => ({ op, path, value })));
      expect('patch' in answer.response).toBe('patchType' in answer.response);
    }
  });

  test('has a uid that says which object it is for', () => {
    const run = reviewTexts(
      { 'a.yaml': `${deployment}---\n${configMap}---\n${service}`, 'b.yaml': podText() },
      everyRule,
    );
    expect(answersOf(run).map(({ response }) => response.uid)).toEqual(['a.yaml:2:1', 'a.yaml:24:1', 'b.yaml:1:1']);
    expect(answersOf(run)[0]).toMatchObject({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { allowed: true, patchType: 'JSONPatch', auditAnnotations: { 'agents-outside-mesh': 'not-an-agent' } },
    });
  });

  test('tells apart what was rendered from one template', () => {
    const run = reviewTexts({ '<stdin>': podText() }, tracing);
    const [object] = objectsOf(run);
    const rendered = (line: number) => ({
      ...object,
      place: { file: 'templates/a.yaml', line: 3, column: 1, rendered: { file: '<stdin>', line, column: 1 } },
    });
    const twice = { ...run, manifests: [{ ...run.manifests[0], objects: [rendered(1), rendered(9)] }] } as ReviewedRun;
    expect(answersOf(twice).map(({ response }) => response.uid)).toEqual(['<stdin>:1:1', '<stdin>:9:1']);
  });

  test.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'to a request in %s is what the webhook sends',
    (version) => {
      const run = reviewTexts({ 'request.json': requestFor(version, '7e2f') }, tracing);
      const [answer] = answersOf(run);
      expect(answer).toEqual(objectsOf(run)[0]?.answer);
      expect(answer).toMatchObject({ apiVersion: version, response: { uid: '7e2f', allowed: true } });
    },
  );

  test('refuses what the policy refuses', () => {
    const bad = podText('  annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: http }\n');
    expect(answersOf(reviewTexts({ 'a.yaml': bad }, { rules: [{ rule: 'annotation-lint' }] }))).toMatchObject([
      { response: { allowed: false, status: { message: expect.stringContaining('excludeOutboundPorts') } } },
    ]);
  });

  test('is one line for each object, and nothing where there is none', () => {
    expect(admissionReport(emptyRun, plainStyle)).toBe('');
    const report = admissionReport(reviewTexts({ 'a.yaml': `${podText()}---\n${podText()}` }, tracing), plainStyle);
    expect(report.match(/\n/g)).toHaveLength(2);
    expect(report.endsWith('\n')).toBe(true);
  });
});
