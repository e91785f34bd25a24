import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import jsonPatch from 'fast-json-patch';
import { planPolicy } from '../../src/engine/plan.js';
import { codesOf, review } from '../../src/engine/review.js';
import { retarget, subjectOf } from '../../src/engine/template.js';
import { asRecord, asText } from '../../src/model/json.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { registry } from '../../src/rules/registry.js';
import { describeReview, type Fixture, readFixtures } from '../support/fixtures.js';
import { contextOf, policyOf } from '../support/reviewing.js';

const golden = process.env['UPDATE_GOLDEN'] === '1';
const fixtures = readFixtures();

test('fixtures are there', () => expect(fixtures.length).toBeGreaterThan(100));

describe.each(fixtures.map((fixture) => [`${fixture.rule}/${fixture.name}`, fixture] as const))('%s', (_, fixture) => {
  test('is a case of a rule: an input, an outcome, perhaps a policy, nothing else', () => {
    expect(registry.map(({ id }) => id)).toContain(fixture.rule);
    expect(fixture.files).toEqual(expect.arrayContaining(golden ? ['input.yaml'] : ['expected.yaml', 'input.yaml']));
    for (const file of fixture.files) expect(['expected.yaml', 'input.yaml', 'policy.yaml']).toContain(file);
  });

  test('comes out as expected', () => {
    const { reviewed, patch } = run(fixture);
    if (reviewed.fault === undefined) expect(reviewed.steps.map(({ rule }) => rule)).toContain(fixture.rule);
    const outcome = describeReview(reviewed, patch);
    if (golden) writeFileSync(fixture.expectedFile, outcome);
    else expect(outcome).toBe(fixture.expected);
  });

  test('has a patch that leads to the object that is meant, also in its manifest', () => {
    const { subject, reviewed, patch } = run(fixture);
    expect(patched(subject.object, reviewed.operations)).toEqual(reviewed.after);
    const manifest = patched(fixture.input, patch);
    const again = subjectOf(manifest, namespaceOf(fixture));
    expect(again?.object).toEqual(reviewed.after);
  });

  test('has nothing left to do on a second review, for the same reasons', () => {
    const { subject, reviewed, second } = run(fixture);
    const again = second(subject.kind, reviewed.after);
    expect(again.operations).toEqual([]);
    expect(again.steps.map(codesOf)).toEqual(reviewed.steps.map(codesOf));
  });
});

function run(fixture: Fixture) {
  const namespace = namespaceOf(fixture);
  const subject = subjectOf(fixture.input, namespace);
  if (subject === undefined) throw new Error('no rule has a say about this input');
  const plan = planPolicy(policyFor(fixture), registry);
  const reviewIt = (kind: typeof subject.kind, object: unknown) => review(kind, object, contextOf({ namespace }), plan);
  const reviewed = reviewIt(subject.kind, subject.object);
  return { subject, reviewed, second: reviewIt, patch: retarget(reviewed.operations, subject, fixture.input) };
}

const namespaceOf = ({ input }: Fixture): string => asText(asRecord(input['metadata'])['namespace']) || 'default';

function policyFor({ rule, policy }: Fixture) {
  if (policy === undefined) return policyOf({ rules: [{ rule }] });
  const parsed = parsePolicy(policy, registry);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** A copy of an object with operations applied by a library that is not ours. */
const patched = (object: unknown, operations: Parameters<typeof retarget>[0]): unknown =>
  jsonPatch.applyPatch(
    structuredClone(object),
    operations.map(({ op, path, value }) => structuredClone({ op, path, value })),
    true,
  ).newDocument;
