import { describe, expect, test } from '@jest/globals';
import { pathOfEdit } from '../../src/engine/places.js';
import { planPolicy } from '../../src/engine/plan.js';
import { type Review, reasonsOf, review } from '../../src/engine/review.js';
import type { AnyRule } from '../../src/engine/rule.js';
import { subjectOf } from '../../src/engine/template.js';
import { asRecord, asText, isRecord } from '../../src/model/json.js';
import { type Path, showPath } from '../../src/model/problem.js';
import type { ReasonCode } from '../../src/model/reason.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { registry } from '../../src/rules/registry.js';
import { type Fixture, readFixtures } from '../support/fixtures.js';
import { contextOf, policyOf } from '../support/reviewing.js';

const rules: readonly AnyRule[] = registry;
const reviewed = readFixtures().map((fixture) => [`${fixture.rule}/${fixture.name}`, run(fixture)] as const);

function run({ rule, policy, input }: Fixture): Review & { readonly object: unknown } {
  const namespace = asText(asRecord(input['metadata'])['namespace']) || 'default';
  const subject = subjectOf(input, namespace);
  const parsed = policy === undefined ? { value: policyOf({ rules: [{ rule }] }) } : parsePolicy(policy, registry);
  if (subject === undefined || 'problems' in parsed) throw new Error('a fixture that cannot be reviewed');
  const plan = planPolicy(parsed.value, registry);
  return { ...review(subject.kind, subject.object, contextOf({ namespace }), plan), object: subject.object };
}

/** How much of a path there is in a value. */
const depthIn = (value: unknown, path: Path): number => {
  const [step, ...rest] = path;
  const isThere = Array.isArray(value) ? Number(step) in value : isRecord(value) && Object.hasOwn(value, String(step));
  if (step === undefined || !isThere) return 0;
  return 1 + depthIn((value as Record<string | number, unknown>)[step], rest);
};

const found = reviewed.flatMap(([name, { steps, object }]) =>
  steps.flatMap((step) =>
    reasonsOf(step).map((reason) => ({ name, reason, object, isViolation: step.outcome === 'violated' })),
  ),
);

describe('a violation', () => {
  const violations = found.filter(({ isViolation }) => isViolation);

  test('always points to something that is there', () => {
    const astray = violations.filter(({ reason: { at = [] }, object }) => depthIn(object, at) < Math.max(at.length, 3));
    expect(astray.map(({ name, reason }) => `${name}: ${reason.message}`)).toEqual([]);
    expect(violations.length).toBeGreaterThan(30);
  });

  test('about an annotation or label points to one that it names', () => {
    for (const { reason } of violations) {
      const { code, at = [], message } = reason;
      // Some are named by the end of their key, beside others that start alike.
      if (code === 'datadog-v1-incomplete') expect(message).not.toContain(String(at[2]).split('.').at(-1));
      else if (at[0] === 'metadata') expect(message).toContain(String(at[2]).split('.').at(-1));
      else expect(showPath(at)).toMatch(/^spec\.containers\[\d]\.image$/);
    }
  });
});

/** They are about one field of the object, or of a container. */
const aboutAField: readonly ReasonCode[] = [
  'mirror-pod',
  'labels-out-of-scope',
  'exempt-by-annotation',
  'author-decided',
  'env-from-may-decide',
  'host-network',
  'mesh-gateway',
  'author-opted-in',
  'already-injected',
  'revision-tag',
  'no-selector',
  'external-name',
  'monitoring-agent',
  'volume-name-taken',
  'egress-list-refused',
  'nothing-captured',
  'redirection-settled',
  'file-may-decide',
  'agent-version-unknown',
  'proxy-annotation-refused',
  'proxy-config-closed',
  'proxy-settled',
];
/** They are about something that is not there. */
const aboutAGap: readonly ReasonCode[] = ['labels-out-of-scope', 'no-selector'];

test.each(aboutAField)('%s points to a field that is there', (code) => {
  const own = found.filter(({ reason }) => reason.code === code);
  const astray = own.filter(({ reason: { at = [] }, object }) => {
    const missing = aboutAGap.includes(code) ? 1 : 0;
    return at.length === 0 || depthIn(object, at) < at.length - missing;
  });
  expect(astray.map(({ name, reason }) => `${name}: ${reason.message}`)).toEqual([]);
  expect(own.length).toBeGreaterThan(0);
});

test('no other reason points to what is not there', () => {
  const astray = found.filter(({ reason: { code, at = [] }, object }) => {
    return !aboutAGap.includes(code) && depthIn(object, at) < at.length;
  });
  expect(astray.map(({ name, reason }) => `${name}: ${reason.message}`)).toEqual([]);
});

test.each<[string, ReasonCode, string]>([
  ['agent-egress/injected-too-late', 'redirection-settled', 'spec.initContainers[0]'],
  ['agent-egress/no-sidecar-wanted', 'outside-mesh', 'metadata.labels.sidecar.istio.io/inject'],
  ['agents-outside-mesh/already-injected', 'already-injected', 'metadata.annotations.sidecar.istio.io/status'],
  ['agents-outside-mesh/already-injected-native-sidecar', 'already-injected', 'spec.initContainers[0]'],
  ['agents-outside-mesh/mesh-gateway', 'mesh-gateway', 'metadata.annotations.inject.istio.io/templates'],
  ['agents-outside-mesh/proxy-to-be-filled-in', 'author-opted-in', 'spec.containers[1].image'],
  ['agent-log-filter/configuration-file', 'file-may-decide', 'spec.containers[0].volumeMounts[0]'],
  ['annotation-lint/datadog-v1-masked', 'datadog-v1-masked', 'metadata.annotations.ad.datadoghq.com/app.check_names'],
  ['annotation-lint/inject-conflict', 'istio-inject-conflict', 'metadata.annotations.sidecar.istio.io/inject'],
  ['proxy-tracing/author-sets-variable-of-proxy', 'author-decided', 'spec.containers[1].env[0]'],
  ['proxy-tracing/istiod', 'istio-component', 'metadata.labels.app'],
  ['tracer-env/custom-monitoring-agent', 'monitoring-agent', 'spec.containers[0].image'],
  ['tracer-env/datadog-socket-volume-name-taken', 'volume-name-taken', 'spec.volumes[0]'],
  ['tracer-env/env-from-with-prefix-of-ours', 'env-from-may-decide', 'spec.containers[0].envFrom[0]'],
  ['tracer-env/match-other-label', 'labels-out-of-scope', 'metadata.labels.tracing'],
])('%s: %s is at %s', (fixture, code, path) => {
  const places = found.filter(({ name, reason }) => name === fixture && reason.code === code);
  expect(places.map(({ reason: { at = [] } }) => showPath(at))).toEqual([path]);
});

test('an edit is about what is there, or about the list or map that it adds to', () => {
  const edits = reviewed.flatMap(([name, { steps, after, object }]) =>
    steps.flatMap((step) => ('edits' in step ? step.edits : []).map((edit) => ({ name, edit, after, object }))),
  );
  for (const { edit, object } of edits) {
    const path = pathOfEdit(edit, object);
    const isKept = 'replaces' in edit || depthIn(object, path) < path.length || typeof path.at(-1) === 'string';
    expect([path, isKept]).toEqual([path, true]);
  }
  expect(edits.length).toBeGreaterThan(100);
});

test('reasons of edits point nowhere: the edit says itself what it is about', () => {
  for (const [, { operations }] of reviewed) {
    for (const { because } of operations) for (const { reason } of because) expect(reason.at).toBeUndefined();
  }
});

describe.each(rules.map((rule) => [`${rule.id} of ${rule.kind}s`, rule] as const))('%s', (_, { id, finds = [] }) => {
  test('finds what it says it finds, each in some fixture', () => {
    const codes = found.filter(({ name, isViolation }) => isViolation && name.startsWith(`${id}/`));
    expect([...new Set(codes.map(({ reason }) => reason.code))].sort()).toEqual([...finds].sort());
  });
});
