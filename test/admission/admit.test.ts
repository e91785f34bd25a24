import { describe, expect, test } from '@jest/globals';
import type { AdmissionRequest } from '../../src/admission/admission-review.js';
import { admit, type Phase } from '../../src/admission/admit.js';
import { planPolicy } from '../../src/engine/plan.js';
import type { Finding } from '../../src/model/finding.js';
import { because } from '../../src/model/reason.js';
import type { Mode } from '../../src/policy/policy.js';
import { registry } from '../../src/rules/registry.js';
import { cart, patchOf, planOf, ruleOf, uid } from '../support/admission.js';
import { policyOf, today } from '../support/reviewing.js';

const pod: AdmissionRequest = {
  apiVersion: 'admission.k8s.io/v1',
  uid,
  kind: { group: '', version: 'v1', kind: 'Pod' },
  subResource: '',
  operation: 'CREATE',
  namespace: 'shop',
  name: 'cart-',
  dryRun: false,
  object: cart,
};

type MadeUp = { readonly id: string; readonly mode?: Mode; readonly finding: Finding | (() => never) };

/** The answer under a policy of made-up rules, each of which always finds the same. */
function answer(phase: Phase, rules: readonly MadeUp[], request: Partial<AdmissionRequest> = {}) {
  const made = rules.map(({ id, finding }) => ruleOf(id, typeof finding === 'function' ? finding : () => finding));
  const plan = planOf(
    rules.map(({ id, mode = 'enforce' }) => ({ rule: id, mode })),
    made,
  );
  return admit({ ...pod, ...request }, phase, { plan, today, ownNamespace: 'aloft-system' }).response;
}

const violation: Finding = { violations: [because('agent-address', 'the agent is missing')] };
const labelled = (key: string): Finding => ({
  edits: [{ kind: 'label', key, value: 'yes', reason: because('policy-env') }],
});
const boom = (): never => {
  throw new Error('made to fail');
};

describe('a violation', () => {
  test.each<[Mode, Phase, object]>([
    [
      'enforce',
      'validate',
      { allowed: false, status: { code: 403, reason: 'Forbidden', message: 'a: the agent is missing' } },
    ],
    ['enforce', 'mutate', { allowed: true }],
    ['warn', 'validate', { allowed: true, warnings: ['aloft a: the agent is missing'] }],
    ['warn', 'mutate', { allowed: true }],
    ['audit', 'validate', { allowed: true }],
    ['audit', 'mutate', { allowed: true }],
  ])('in mode %s, in phase %s', (mode, phase, expected) => {
    expect(answer(phase, [{ id: 'a', mode, finding: violation }])).toEqual({
      uid,
      ...expected,
      auditAnnotations: { a: 'agent-address' },
    });
  });

  test('of a rule that is off is not looked for', () => {
    expect(answer('validate', [{ id: 'a', mode: 'off', finding: violation }])).toEqual({ uid, allowed: true });
  });

  test.each(['kube-system', 'kube-node-lease', 'aloft-system'])('in %s is not looked for', (namespace) => {
    expect(answer('validate', [{ id: 'a', finding: violation }], { namespace }).allowed).toBe(true);
  });

  test('beside another: a refusal names all that are enforced, warnings the others', () => {
    const rules: readonly MadeUp[] = [
      { id: 'a', finding: violation },
      { id: 'b', mode: 'warn', finding: violation },
      { id: 'c', mode: 'audit', finding: violation },
      { id: 'd', finding: { violations: [because('agent-socket', 'no socket')] } },
    ];
    expect(answer('validate', rules)).toEqual({
      uid,
      allowed: false,
      status: { code: 403, reason: 'Forbidden', message: 'a: the agent is missing\nd: no socket' },
      warnings: ['aloft b: the agent is missing'],
      auditAnnotations: { a: 'agent-address', b: 'agent-address', c: 'agent-address', d: 'agent-socket' },
    });
  });
});

describe('several violations of one rule', () => {
  const violations = ['agent-socket', 'agent-address', 'agent-socket'] as const;
  const finding: Finding = { violations: violations.map((code, index) => because(code, `${code} ${index}`)) };
  const auditAnnotations = { a: 'agent-address,agent-socket' };
  const texts = violations.map((code, index) => `a: ${code} ${index}`);

  test('refuse with a line each, and are audited by their codes', () => {
    expect(answer('validate', [{ id: 'a', finding }])).toEqual({
      uid,
      allowed: false,
      status: { code: 403, reason: 'Forbidden', message: texts.join('\n') },
      auditAnnotations,
    });
  });

  test('are a warning each, three at most', () => {
    const more: Finding = { violations: [...violations, 'agent-socket' as const].map((code) => because(code, code)) };
    const warnings = texts.map((text) => `aloft ${text}`);
    expect(answer('validate', [{ id: 'a', mode: 'warn', finding }])).toEqual({
      uid,
      allowed: true,
      warnings,
      auditAnnotations,
    });
    expect(answer('validate', [{ id: 'a', mode: 'warn', finding: more }]).warnings).toHaveLength(3);
  });
});

describe('edits', () => {
  test.each<[Mode, readonly unknown[]]>([
    ['enforce', [{ op: 'add', path: '/metadata/labels/x', value: 'yes' }]],
    ['warn', [{ op: 'add', path: '/metadata/labels/x', value: 'yes' }]],
    ['audit', []],
    ['off', []],
  ])('in mode %s', (mode, patch) => {
    const response = answer('mutate', [{ id: 'a', mode, finding: labelled('x') }]);
    expect(patchOf(response)).toEqual(patch);
    expect(Object.keys(response).filter((key) => key.startsWith('patch'))).toHaveLength(patch.length === 0 ? 0 : 2);
  });

  test('are for the phase that mutates only', () => {
    expect(answer('validate', [{ id: 'a', finding: labelled('x') }])).toEqual({
      uid,
      allowed: true,
      auditAnnotations: { a: 'policy-env' },
    });
  });

  test('of a rule that edits what is not there cost that rule its own only', () => {
    const container = { list: 'containers', name: 'nowhere' } as const;
    const wrong: Finding = { edits: [{ kind: 'env', container, env: { name: 'A' }, reason: because('policy-env') }] };
    const response = answer('mutate', [
      { id: 'a', finding: wrong },
      { id: 'b', finding: labelled('x') },
    ]);
    expect(response).toMatchObject({ allowed: true, warnings: ['aloft a: a stopped'] });
    expect(patchOf(response)).toEqual([{ op: 'add', path: '/metadata/labels/x', value: 'yes' }]);
  });
});

describe('warnings', () => {
  const long = 'a'.repeat(63);

  test('are three at most', () => {
    const failing = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, finding: boom }));
    expect(answer('mutate', failing).warnings).toEqual([
      'aloft a: a stopped',
      'aloft b: b stopped',
      'aloft c: c stopped',
    ]);
  });

  test('are 120 characters at most', () => {
    const [warning] = answer('mutate', [{ id: long, finding: boom }]).warnings ?? [];
    expect(warning).toHaveLength(120);
    expect(warning).toMatch(/^aloft a+: a+\.\.\.$/);
  });

  test.each([
    ['a new line', 'one\ntwo\r\nthree', 'one two three'],
    ['a tab and other controls', 'one\ttwo\u0000three\u007f', 'one two three '],
    ['what is not ASCII', 'für Bücher 本', 'f r B cher  '],
    ['an emoji at the edge', `${'x'.repeat(110)}🚀`, `${'x'.repeat(110)} `],
  ])('are one line of ASCII, from %s', (_, message, text) => {
    const finding: Finding = { violations: [because('agent-address', message)] };
    expect(answer('validate', [{ id: 'a', mode: 'warn', finding }]).warnings).toEqual([`aloft a: ${text}`]);
  });

  test('come before those of rules where the object itself is at fault', () => {
    const response = answer('mutate', [{ id: 'a', finding: labelled('x') }], { object: { metadata: [] } });
    expect(response).toEqual({
      uid,
      allowed: true,
      warnings: ['aloft: metadata: expected an object, got a list'],
    });
  });
});

describe('audit annotations', () => {
  test('are keyed by the names that the policy gives', () => {
    const plan = planPolicy(
      policyOf({
        rules: [
          { rule: 'tracer-env', name: 'tracer-env.payments' },
          { rule: 'agents-outside-mesh', mode: 'off' },
        ],
      }),
      registry,
    );
    const { response } = admit(pod, 'mutate', { plan, today, ownNamespace: 'aloft-system' });
    expect(response.auditAnnotations).toEqual({ 'tracer-env.payments': 'agent-address,entity-id,service-identity' });
  });

  test.each(['a/b', '-a', 'a-', 'A', 'a_b', 'a'.repeat(64), '', 'ä'])(
    'never by one that is no qualified name: "%s"',
    (name) => {
      expect(() => policyOf({ rules: [{ rule: 'tracer-env', name }] })).toThrow(/expected/);
    },
  );
});
