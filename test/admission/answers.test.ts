import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import supertest from 'supertest';
import { type AdmissionRequest, encodePatch } from '../../src/admission/admission-review.js';
import { admit } from '../../src/admission/admit.js';
import { type Plan, planPolicy } from '../../src/engine/plan.js';
import { isRecord } from '../../src/model/json.js';
import { registry } from '../../src/rules/registry.js';
import { admissionReview, createFace, patchOf, serviceKind, uid } from '../support/admission.js';
import { damaged, pods, services, specs } from '../support/arbitraries.js';
import { policyOf, today } from '../support/reviewing.js';

type Spec = { readonly rules: readonly object[] };
// To make a policy ready takes longer than a review.
const policies: fc.Arbitrary<Spec> = fc.constantFrom(...fc.sample(specs, { numRuns: 100, seed: 3 }));
const plans = new WeakMap<Spec, Plan>();
const planOf = (spec: Spec): Plan => {
  const plan = plans.get(spec) ?? planPolicy(policyOf(spec), registry);
  plans.set(spec, plan);
  return plan;
};
const podKind = { group: '', version: 'v1', kind: 'Pod' };
const objects = fc.oneof(
  { weight: 3, arbitrary: pods.map((object) => ({ kind: podKind, object })) },
  { weight: 1, arbitrary: services.map((object) => ({ kind: serviceKind, object })) },
);
const anything = fc.oneof(
  objects,
  damaged(pods).map((object) => ({ kind: podKind, object })),
  damaged(services).map((object) => ({ kind: serviceKind, object })),
);

const requestOf = (given: Pick<AdmissionRequest, 'kind' | 'object'>): AdmissionRequest => ({
  apiVersion: 'admission.k8s.io/v1',
  uid,
  subResource: '',
  operation: 'CREATE',
  namespace: 'shop',
  name: '',
  dryRun: false,
  ...given,
});

describe('for every object of every shape, and every policy', () => {
  test('an answer is one that the API server takes', () => {
    fc.assert(
      fc.property(policies, anything, fc.constantFrom('mutate', 'validate'), (spec, given, phase) => {
        const { response } = admit(requestOf(given), phase, { plan: planOf(spec), today });
        const { uid: repeated, allowed, status, patch, patchType, warnings = [], auditAnnotations = {} } = response;
        expect(repeated).toBe(uid);
        // Only a rule that checks refuses, and only where objects are final.
        expect(allowed).toBe(status === undefined);
        if (status !== undefined) expect([phase, status.code]).toEqual(['validate', 403]);
        expect(patchType).toBe(patch === undefined ? undefined : 'JSONPatch');
        if (patch !== undefined) {
          expect(Buffer.from(patch, 'base64').toString('base64')).toBe(patch);
          expect(jsonPatch.validate(patchOf(response) as never, given.object)).toBeUndefined();
        }
        expect(warnings.length).toBeLessThanOrEqual(3);
        for (const warning of warnings) expect(warning).toMatch(/^[\x20-\x7e]{1,120}$/);
        for (const key of Object.keys(auditAnnotations))
          expect(key).toMatch(/^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('a reinvocation gives no patch, and every audit annotation the value it has', () => {
    fc.assert(
      fc.property(policies, objects, (spec, given) => {
        // Of two entries of one rule, the first takes for its author's what the second wrote.
        const names = spec.rules.map((entry) => (entry as { rule: string }).rule);
        fc.pre(new Set(names).size === names.length);
        const first = admit(requestOf(given), 'mutate', { plan: planOf(spec), today }).response;
        const object = jsonPatch.applyPatch(given.object, patchOf(first) as never, true, false).newDocument;
        const again = admit(requestOf({ ...given, object }), 'mutate', { plan: planOf(spec), today }).response;
        expect(again).not.toHaveProperty('patch');
        expect(again.auditAnnotations).toEqual(first.auditAnnotations);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a secret of an object', () => {
  const canary = 's3cr3t';
  /** Where secrets stand: in the values of variables, arguments, labels and annotations. */
  const carriers = new Set(['labels', 'annotations', 'env', 'args', 'command', 'selector']);
  const plant = (value: unknown, inside = false): unknown => {
    if (typeof value === 'string') return inside ? `${value}${canary}` : value;
    if (Array.isArray(value)) return value.map((item) => plant(item, inside));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        // The name of a variable, or of what a value is taken from, is none.
        key === 'name' || key === 'valueFrom' ? member : plant(member, inside || carriers.has(key)),
      ]),
    );
  };
  /** Values that rules know, so that they decide something, with the canary beside them. */
  const beside = (object: unknown): unknown => {
    if (!isRecord(object)) return object;
    const spec = isRecord(object['spec']) ? object['spec'] : {};
    const containers = Array.isArray(spec['containers']) ? spec['containers'] : [];
    const secret = { args: [`--token=${canary}`], command: [canary] };
    return {
      ...object,
      spec: { ...spec, containers: containers.map((one) => (isRecord(one) ? { ...one, ...secret } : one)) },
    };
  };

  test('is in the patch at most: in no line of the log, audit annotation or metric', async () => {
    const planted = fc.oneof(
      anything.map(({ kind, object }) => ({ kind, object: plant(object) })),
      anything.map(({ kind, object }) => ({ kind, object: beside(object) })),
    );
    await fc.assert(
      fc.asyncProperty(policies, planted, fc.constantFrom('mutate', 'validate'), async (spec, given, phase) => {
        const { app, log, metrics } = createFace({ level: 'debug', plan: planOf(spec) });
        const { body } = await supertest(app).post(`/${phase}`).send(admissionReview(given));
        const { patch: _, status: __, warnings = [], ...rest } = body.response;
        expect(JSON.stringify(rest)).not.toContain(canary);
        // What a rule finds wrong it may quote, to whoever wrote it.
        if (phase === 'mutate') expect(warnings.join('')).not.toContain(canary);
        expect(log.join('')).not.toContain(canary);
        expect(await metrics.registry.metrics()).not.toContain(canary);
      }),
      { numRuns: 300 },
    );
  }, 20_000);

  test.each<[string, string, string, number]>([
    ['broken', '/mutate', `{"request": {"object": "${canary}"`, 400],
    ['without a uid', '/mutate', JSON.stringify(admissionReview({ uid: canary.repeat(50) })), 400],
    ['of another kind', '/mutate', JSON.stringify({ kind: canary, data: canary }), 400],
    ['too large', '/mutate', JSON.stringify({ ...admissionReview(), pad: canary.repeat(2000) }), 200],
    ['too large and unknown', '/mutate', canary.repeat(2000), 413],
    ['sent elsewhere', '/elsewhere', JSON.stringify({ data: canary }), 404],
  ])('is not in the answer to a body that is %s, nor in the log', async (_, path, body, status) => {
    const face = createFace({ level: 'debug', maxBodyBytes: 4000 });
    const answer = await supertest(face.app).post(path).type('application/json').send(body);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(canary);
    expect(face.log.join('')).not.toContain(canary);
  });
});

test('operations leave without their reasons, which are ours', () => {
  const encoded = encodePatch([{ op: 'add', path: '/a', value: 1, because: [] }]);
  expect(patchOf(encoded ?? {})).toEqual([{ op: 'add', path: '/a', value: 1 }]);
  expect(encodePatch([])).toBeUndefined();
});
