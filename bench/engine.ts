/** The engine alone: microseconds for one Pod, from the parsed request to the verified patch. */
import { readFileSync } from 'node:fs';
import { readPolicy } from '../dist/commands/policy-file.js';
import { planPolicy } from '../dist/engine/plan.js';
import { review } from '../dist/engine/review.js';
import { defaultPolicy } from '../dist/policy/default.js';
import { registry } from '../dist/rules/registry.js';
import { median } from './load.ts';

/** A policy that turns every rule on, each with its default settings. */
const everyRule = JSON.stringify({
  apiVersion: 'aloft.dev/v1alpha1',
  kind: 'Policy',
  metadata: { name: 'every-rule' },
  spec: {
    cluster: { istioVersion: '1.28' },
    rules: [...new Set(registry.map(({ id }) => id))].map((rule) => ({ rule })),
  },
});
const policies = { default: defaultPolicy, everyRule } as const;

function planOf(text: string) {
  const loaded = readPolicy('policy', text);
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return planPolicy(loaded.policy, registry);
}

const { request } = JSON.parse(readFileSync(new URL('pod-review.json', import.meta.url), 'utf8'));
const text = JSON.stringify(request.object);
const context = { operation: 'CREATE', dryRun: false, namespace: request.namespace, today: '2026-01-01' } as const;

/** The median of several rounds, so that a pause of the machine does not count. */
export function engineMicroseconds(policy: keyof typeof policies, rounds = 400, pods = 50): number {
  const plan = planOf(policies[policy]);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Fresh objects, and few of them at a time: in the server, too, a Pod was parsed just before it is reviewed.
    const objects = Array.from({ length: pods }, () => JSON.parse(text));
    const start = performance.now();
    for (const object of objects) review('Pod', object, context, plan);
    times.push(((performance.now() - start) * 1000) / pods);
  }
  return median(times);
}
