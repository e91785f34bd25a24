import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createCertificateMetrics, phases } from '../../src/telemetry/certificate-metrics.js';

/** Each metric, with its type and its labels: what dashboards and alerts rely on. */
const catalogue = {
  aloft_certificate_phase: ['gauge', 'phase'],
  aloft_ca_bundle_in_sync: ['gauge'],
  aloft_certificate_actions_total: ['counter', 'action', 'result'],
  aloft_clock_skew_seconds: ['gauge'],
  aloft_cluster_failures_total: ['counter'],
} as const;

/** A registry in which everything has happened once. */
function lived() {
  const registry = new Registry();
  const metrics = createCertificateMetrics(registry);
  metrics.phase('staged');
  metrics.inSync.set(1);
  metrics.actions.inc({ action: 'trust', result: 'conflict' });
  metrics.skew.set(-3);
  metrics.failures.inc();
  return { registry, metrics };
}

describe('the metrics of certificates', () => {
  test('are these, with these types and labels', async () => {
    const found: Record<string, readonly string[]> = {};
    for (const { name, type, values } of await lived().registry.getMetricsAsJSON())
      found[name] = [String(type), ...new Set(values.flatMap(({ labels }) => Object.keys(labels)))];
    expect(found).toEqual(catalogue);
  });

  test('each say in a sentence what they count', async () => {
    for (const { help } of await lived().registry.getMetricsAsJSON()) expect(help).toMatch(/^[A-Z1][^\n]{15,}\.$/);
  });
});

test.each(phases)('in phase %s exactly that one is 1', async (phase) => {
  const { registry, metrics } = lived();
  metrics.phase(phase);
  const text = await registry.getSingleMetricAsString('aloft_certificate_phase');
  expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual(
    phases.map((one) => `aloft_certificate_phase{phase="${one}"} ${one === phase ? 1 : 0}`),
  );
});
