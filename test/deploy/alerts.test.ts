import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createCertificateMetrics } from '../../src/telemetry/certificate-metrics.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { version } from '../../src/version.js';
import { readText } from '../docs/files.ts';
import { objectsOf, only, type PrometheusRule, readManifest } from './manifests.ts';

const { spec } = only<PrometheusRule>('PrometheusRule', objectsOf('components/monitoring'));
const alerts = spec.groups.flatMap(({ rules }) => rules);
const runbook = readText('docs/runbook.md');

const { registry } = createMetrics(version);
createCertificateMetrics(registry);
const metrics = registry.getMetricsAsArray().map(({ name }) => name);

/** What kube-apiserver says of webhooks, and Prometheus of each target. */
const foreign = [
  'up',
  'apiserver_admission_webhook_rejection_count',
  'apiserver_admission_webhook_fail_open_count',
  'apiserver_admission_webhook_admission_duration_seconds_bucket',
  'apiserver_admission_webhook_admission_duration_seconds_count',
];

describe.each(alerts.map((alert) => [alert.alert, alert] as const))('%s', (name, { expr, annotations }) => {
  test('asks for metrics that exist', () => {
    const named = namesIn(expr);
    expect(named).not.toEqual([]);
    expect(named.filter((metric) => !metrics.includes(metric) && !foreign.includes(metric))).toEqual([]);
  });

  test('compares labels that its metric has', () => {
    for (const [, metric = '', labels = ''] of expr.matchAll(/\b(aloft_\w+)\{([^}]*)\}/g)) {
      // Those that Prometheus adds to each target come on top.
      const known = ['namespace', ...labelsOf(metric)];
      expect(
        [...labels.matchAll(/(\w+)=~?"/g)].map(([, label]) => label).filter((label) => !known.includes(label ?? '')),
      ).toEqual([]);
    }
  });

  test('has its heading in the runbook, with symptom, check and fix', () => {
    expect(annotations['runbook']).toBe(`docs/runbook.md#${name.toLowerCase()}`);
    const section = runbook.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? '';
    expect(section).toMatch(/\*\*Symptom\.\*\*[\s\S]*\*\*Check\.\*\*[\s\S]*\*\*Fix\.\*\*/);
  });
});

test('the runbook has no heading for an alert that does not exist', () => {
  const headings = [...runbook.matchAll(/^## (Aloft\w+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(alerts.map(({ alert }) => alert));
});

test('the chart has the same alerts', () => {
  expect(parse(readManifest('helm/aloft/files/alerts.yaml'))).toEqual(alerts);
});

/** The metrics in an expression: a word before `{`, or the alternatives of a `__name__`. */
function namesIn(expr: string): readonly string[] {
  const plain = [...expr.matchAll(/([a-z_]\w*)\{/g)].map(([, name = '']) => name);
  const alternatives = [...expr.matchAll(/__name__=~"(\w*)\(([^)]*)\)"/g)].flatMap(([, start = '', ends = '']) =>
    ends.split('|').map((end) => start + end),
  );
  return [...plain, ...alternatives];
}

const labelsOf = (name: string): readonly string[] =>
  (registry.getSingleMetric(name) as { readonly labelNames?: readonly string[] } | undefined)?.labelNames ?? [];
