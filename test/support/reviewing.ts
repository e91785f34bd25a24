import { type Plan, planPolicy } from '../../src/engine/plan.js';
import { type Review, review } from '../../src/engine/review.js';
import type { AnyRule } from '../../src/engine/rule.js';
import type { Kind } from '../../src/model/kubernetes.js';
import type { Context } from '../../src/policy/context.js';
import { parsePolicy } from '../../src/policy/parse.js';
import type { Policy } from '../../src/policy/policy.js';
import { registry } from '../../src/rules/registry.js';

/** The day on which every test takes place. */
export const today = '2026-11-21';

/** What is known about an admission, in the namespace `shop` unless a test says otherwise. */
export const contextOf = (known: Partial<Context> = {}): Context => ({
  operation: 'CREATE',
  dryRun: true,
  namespace: 'shop',
  today,
  ownNamespace: 'aloft-system',
  ...known,
});

/** A policy, parsed, with its `spec` as a test writes it; fails where the spec is wrong. */
export function policyOf(spec: object, rules: readonly AnyRule[] = registry): Policy {
  const raw = { apiVersion: 'aloft.dev/v1alpha1', kind: 'Policy', metadata: { name: 'test' }, spec };
  const parsed = parsePolicy(raw, rules);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** A rule for Pods that stops on every one. */
export const brokenPlan: Plan = {
  Pod: [
    {
      rule: 'broken',
      name: 'broken',
      mode: 'enforce',
      gates: [],
      decide: () => {
        throw new Error('a rule stopped');
      },
    },
  ],
  Service: [],
};

/** Reviews one object under a policy's `spec`. */
export const reviewWith = (spec: object, kind: Kind, object: unknown, known: Partial<Context> = {}): Review =>
  review(kind, object, contextOf(known), planPolicy(policyOf(spec), registry));
