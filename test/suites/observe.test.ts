import { describe, expect, test } from '@jest/globals';
import { asRecord, type Json, valueAt } from '../../src/model/json.js';
import { type Ask, observe } from '../../src/suites/observe.js';
import { type Posed, poseCase, type Setting } from '../../src/suites/pose.js';

const pose = (document: unknown, setting: Partial<Setting> = {}) =>
  poseCase(document, { defaultNamespace: 'default', ...setting }, 'a');

const posed = (document: unknown, setting: Partial<Setting> = {}): Posed => {
  const one = pose(document, setting);
  if ('problem' in one) throw new Error(one.problem);
  return one;
};

const requestOf = (document: unknown, setting: Partial<Setting> = {}): Json => posed(document, setting).review.request;

describe('a request is what the API server would send:', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart' } };

  test('of a Pod', () => {
    expect(requestOf(pod, { namespace: 'shop' })).toMatchObject({
      uid: 'a',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      name: 'cart',
      namespace: 'shop',
      operation: 'CREATE',
      object: pod,
      oldObject: null,
      dryRun: true,
    });
  });

  test('of an update', () => {
    expect(requestOf(pod, { operation: 'UPDATE' })).toMatchObject({ operation: 'UPDATE', oldObject: pod });
  });

  test('of a workload, the Pod of its template', () => {
    const spec = { template: { spec: { containers: [{ name: 'app' }] } } };
    const request = requestOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart' }, spec });
    expect(request).toMatchObject({ kind: { kind: 'Pod' }, name: '', namespace: 'default' });
    expect(valueAt(request, ['object', 'metadata', 'ownerReferences', 0, 'kind'])).toBe('ReplicaSet');
  });

  test('of what no rule decides on there is none', () => {
    const problem = expect.stringMatching(/ got Widget of example\.com\/v1: no rule decides on that/);
    expect(pose({ apiVersion: 'example.com/v1', kind: 'Widget' })).toEqual({ problem, at: ['kind'] });
  });

  test('a review stays as it is, but nothing is for real', () => {
    const request = { uid: 'own', kind: { group: '', version: 'v1', kind: 'Pod' }, namespace: 'shop', object: pod };
    const review = { apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview', request };
    expect(posed(review).review).toEqual({ ...review, request: { ...request, dryRun: true } });
    expect(posed(review).document).toBe(pod);
  });
});

/** A webhook that answers each phase with this, and keeps what it was asked. */
function answering(answers: Readonly<Record<string, object>>) {
  const asked: Json[] = [];
  const ask: Ask = async (phase, review) => {
    asked.push(review);
    const response = { uid: 'a', allowed: true, ...answers[phase] };
    return { answer: { apiVersion: review['apiVersion'], kind: 'AdmissionReview', response } };
  };
  return { ask, asked };
}

const patchWith = (...operations: readonly object[]): object => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  spec: { template: { spec: { containers: [{ name: 'app' }] } } },
};

test('what both phases say comes together, in terms of the document', async () => {
  const patch = patchWith({ op: 'add', path: '/metadata/labels', value: { a: 'b' } });
  const { ask, asked } = answering({
    mutate: { ...patch, warnings: ['one'], auditAnnotations: { rule: 'code' } },
    validate: { allowed: false, status: { message: 'no' }, warnings: ['two'] },
  });
  expect(await observe(posed(daemonSet), ask)).toEqual({
    operations: [{ op: 'add', path: '/spec/template/metadata', value: { labels: { a: 'b' } } }],
    after: {
      ...daemonSet,
      spec: { template: { metadata: { labels: { a: 'b' } }, spec: daemonSet.spec.template.spec } },
    },
    verdict: 'refused',
    message: 'no',
    warnings: ['one', 'two'],
    auditAnnotations: { rule: 'code' },
  });
  // What is validated is what the mutation left behind.
  expect(valueAt(asked[0], ['request', 'object', 'metadata', 'labels'])).toBeUndefined();
  expect(valueAt(asked[1], ['request', 'object', 'metadata', 'labels'])).toEqual({ a: 'b' });
});

test('a webhook that refuses at once refuses as well', async () => {
  const { ask } = answering({ mutate: { allowed: false, status: { message: 'too large' } } });
  expect(await observe(posed(daemonSet), ask)).toMatchObject({ verdict: 'refused', message: 'too large' });
});

describe('nothing is observed', () => {
  test.each<[string, string, object, string]>([
    [
      'of a patch that does not apply',
      'mutate',
      patchWith({ op: 'replace', path: '/spec/x', value: 1 }),
      'its patch does not apply',
    ],
    ['of an answer to something else', 'mutate', { uid: 'b' }, '/mutate: expected the uid'],
    ['of an answer to something else, later', 'validate', { uid: 'b' }, '/validate: expected the uid'],
  ])('%s', async (_, phase, response, problem) => {
    const { ask } = answering({ [phase]: response });
    expect(asRecord(await observe(posed(daemonSet), ask))['problem']).toContain(problem);
  });

  test('where no answer comes', async () => {
    const observed = await observe(posed(daemonSet), async () => ({ problem: 'no answer within 10 seconds' }));
    expect(observed).toEqual({ problem: '/mutate: no answer within 10 seconds' });
  });
});
