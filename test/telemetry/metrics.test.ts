import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../src/engine/review.js';
import type { Edit } from '../../src/model/edit.js';
import { because, reasons } from '../../src/model/reason.js';
import { createMetrics } from '../../src/telemetry/metrics.js';

/** Each metric of ours, with its type and its labels: what dashboards and alerts rely on. */
const catalogue = {
  aloft_build_info: ['gauge', 'version', 'node'],
  aloft_findings_total: ['counter', 'kind', 'rule', 'outcome', 'reason'],
  aloft_review_seconds: ['histogram', 'kind'],
  aloft_reviews_total: ['counter', 'kind', 'verdict'],
  aloft_rejections_total: ['counter', 'problem'],
  aloft_policy_generation: ['gauge'],
  aloft_policy_reloads_total: ['counter', 'result'],
  aloft_certificate_not_after_seconds: ['gauge'],
  aloft_certificate_reloads_total: ['counter', 'result'],
} as const;

const edit: Edit = { kind: 'label', key: 'k', value: 'v', reason: because('policy-env') };
const step: Step = {
  rule: 'tracer-env',
  name: 'tracer-env-payments',
  mode: 'enforce',
  outcome: 'edited',
  edits: [edit, edit],
  inPlace: [],
  notes: [because('author-decided')],
};

/** A registry in which everything has happened once. */
function lived() {
  const metrics = createMetrics('1.2.3');
  metrics.reviewed('Pod', 'patched', 0.0007);
  metrics.rejected('oversize');
  metrics.findings('Pod', step);
  metrics.policyGeneration.set(1);
  metrics.policyReloads.inc({ result: 'loaded' });
  metrics.certificateExpiry.set(1);
  metrics.certificateReloads.inc({ result: 'rejected' });
  return metrics;
}

const samples = async (text: string | Promise<string>) =>
  (await text).split('\n').filter((line) => !/^(#|$)/.test(line));

describe('the metrics', () => {
  test('are these, with these types and labels', async () => {
    const found: Record<string, readonly string[]> = {};
    for (const { name, type, values } of await lived().registry.getMetricsAsJSON()) {
      if (!name.startsWith('aloft_')) continue;
      const labels = new Set(values.flatMap(({ labels: own }) => Object.keys(own)));
      labels.delete('le');
      found[name] = [String(type), ...labels];
    }
    expect(found).toEqual(catalogue);
  });

  test('each say in a sentence what they count', async () => {
    for (const { name, help } of await lived().registry.getMetricsAsJSON()) {
      if (name.startsWith('aloft_')) expect(help).toMatch(/^[A-Z][^\n]{15,}\.$/);
    }
  });

  test('come with those of Node.js, for the event loop and the heap', async () => {
    const text = await lived().registry.metrics();
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'process_resident_memory_bytes',
    ]) {
      expect(text).toContain(`\n${name} `);
    }
  });

  test('are told apart by registry: two servers in a process do not add up', async () => {
    lived();
    expect(await createMetrics('1').registry.getSingleMetricAsString('aloft_reviews_total')).not.toContain('patched');
  });
});

describe('findings', () => {
  test('are counted once for each reason of a step, by the name that the policy gives', async () => {
    const metrics = createMetrics('1');
    metrics.findings('Pod', step);
    metrics.findings('Pod', step);
    metrics.findings('Service', { ...step, outcome: 'skipped', reason: because('rule-off') } as Step);
    expect(await samples(metrics.registry.getSingleMetricAsString('aloft_findings_total'))).toEqual([
      'aloft_findings_total{kind="Pod",rule="tracer-env-payments",outcome="edited",reason="author-decided"} 2',
      'aloft_findings_total{kind="Pod",rule="tracer-env-payments",outcome="edited",reason="policy-env"} 2',
      'aloft_findings_total{kind="Service",rule="tracer-env-payments",outcome="skipped",reason="rule-off"} 1',
    ]);
  });

  test('are the same however often they are read', async () => {
    const { registry } = lived();
    const first = await samples(registry.getSingleMetricAsString('aloft_findings_total'));
    await registry.metrics();
    expect(await samples(registry.getSingleMetricAsString('aloft_findings_total'))).toEqual(first);
  });

  test('grow with the policy and the list of reasons, and with nothing else', async () => {
    const metrics = createMetrics('1');
    const many = Object.keys(reasons).length;
    for (let pod = 0; pod < 10_000; pod++) {
      const code = Object.keys(reasons)[pod % many] as keyof typeof reasons;
      metrics.findings('Pod', { ...step, outcome: 'skipped', reason: because(code, `about Pod ${pod}`) } as Step);
    }
    expect(await samples(metrics.registry.getSingleMetricAsString('aloft_findings_total'))).toHaveLength(many);
  });
});

test('seconds have buckets around the budget of 20 µs to the timeout', async () => {
  const lines = await samples(lived().registry.getSingleMetricAsString('aloft_review_seconds'));
  expect(lines).toContain('aloft_review_seconds_bucket{le="0.0005",kind="Pod"} 0');
  expect(lines).toContain('aloft_review_seconds_bucket{le="0.001",kind="Pod"} 1');
  expect(lines).toContain('aloft_review_seconds_sum{kind="Pod"} 0.0007');
});
