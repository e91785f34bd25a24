import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../../src/model/kubernetes.js';
import { registry } from '../../src/rules/registry.js';
import { catalog, defaultVendorIds, defaultVendors } from '../../src/vendors/catalog.js';
import { createRecogniser } from '../../src/vendors/recognise.js';
import { policyOf, reviewWith } from '../support/reviewing.js';

const all = createRecogniser(catalog);
const byDefault = createRecogniser(defaultVendors);

const name = 'app.kubernetes.io/name';
const part = 'app.kubernetes.io/component';
const manager = 'app.kubernetes.io/managed-by';
const mirrored = 'corp/monitoring:1';

const podOf = (labels: Record<string, string>, image: string): Pod => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image }] },
});

const whose = (pod: Pod) => {
  const found = all.recogniseAgent(pod);
  return found && `${found.vendor.id} ${found.component?.id ?? '-'}`;
};

/** Rows of the recognition matrix that a policy has to ask for: labels, and the image where they do not count alone. */
const byLabels: readonly [says: string, labels: Record<string, string>, expected: string, image?: string][] = [
  ['New Relic', { [name]: 'newrelic-infrastructure', [part]: 'kubelet' }, 'newrelic infrastructure'],
  ["New Relic's role", { [part]: 'ksm' }, 'newrelic infrastructure', 'newrelic/nri-kubernetes:3'],
  ['New Relic logging', { app: 'newrelic-logging' }, 'newrelic logging'],
  ['New Relic for Prometheus', { [name]: 'newrelic-prometheus-agent' }, 'newrelic prometheus-agent', 'prom/prometheus'],
  ['New Relic before', { [name]: 'nri-prometheus' }, 'newrelic prometheus-agent'],
  ["New Relic's operator", { [name]: 'k8s-agents-operator' }, 'newrelic operator'],
  ['Alloy', { [name]: 'alloy' }, 'grafana alloy', 'docker.io/grafana/alloy:v1'],
  ['Grafana Agent', { [name]: 'grafana-agent' }, 'grafana agent'],
  ['Promtail', { [name]: 'promtail' }, 'grafana promtail'],
  ['the tokengen Job of Mimir', { [name]: 'mimir', [part]: 'tokengen' }, 'grafana tokengen'],
  ['the tokengen Job before', { name: 'tokengen', target: 'tokengen' }, 'grafana tokengen'],
  ['Collector by its chart', { [name]: 'opentelemetry-collector' }, 'opentelemetry collector'],
  [
    'Collector by its common label',
    { component: 'standalone-collector' },
    'opentelemetry collector',
    'otel/opentelemetry-collector-k8s:0.1',
  ],
  [
    'Collector by its operator',
    { [manager]: 'opentelemetry-operator', [part]: 'opentelemetry-collector', [name]: 'gateway-collector' },
    'opentelemetry collector',
  ],
  [
    'target allocator',
    { [manager]: 'opentelemetry-operator', [part]: 'opentelemetry-targetallocator' },
    'opentelemetry target-allocator',
  ],
  ['Fluent Bit', { [name]: 'fluent-bit' }, 'fluent fluent-bit'],
  ['Fluent Bit collector', { [name]: 'fluent-bit-collector' }, 'fluent fluent-bit'],
  ['Fluentd', { [name]: 'fluentd' }, 'fluent fluentd'],
  ['Filebeat from manifests', { 'k8s-app': 'filebeat' }, 'elastic beat'],
  ['Metricbeat from its chart', { app: 'prod-metricbeat' }, 'elastic beat', 'docker.elastic.co/beats/metricbeat:8'],
  ['a Beat of Elastic Cloud on Kubernetes', { 'beat.k8s.elastic.co/name': 'logs' }, 'elastic beat'],
  ['Elastic Agent', { app: 'elastic-agent' }, 'elastic agent'],
  ['Elastic Agent by its chart', { [name]: 'elastic-agent' }, 'elastic agent'],
  ['Splunk', { app: 'splunk-otel-collector', component: 'otel-collector-agent' }, 'splunk agent'],
  [
    'Splunk, once for the cluster',
    { app: 'splunk-otel-collector', component: 'otel-k8s-cluster-receiver' },
    'splunk cluster-receiver',
  ],
  ['Splunk gateway', { app: 'splunk-otel-collector', component: 'otel-collector' }, 'splunk gateway'],
  ['Splunk of tomorrow', { app: 'splunk-otel-collector' }, 'splunk other'],
  ['node-exporter', { [name]: 'prometheus-node-exporter' }, 'node-exporter exporter'],
  ['node-exporter of kube-prometheus', { [name]: 'node-exporter' }, 'node-exporter exporter'],
  ['kube-state-metrics', { [name]: 'kube-state-metrics' }, 'kube-state-metrics exporter'],
  ['Prometheus', { [name]: 'prometheus' }, 'prometheus server'],
  [
    'the Job for the Prometheus Operator',
    { app: 'kube-prometheus-stack-admission-create' },
    'prometheus-operator certificate-job',
    'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1',
  ],
  ['Falco', { [name]: 'falco' }, 'falco falco'],
  ['Falcosidekick', { [name]: 'falcosidekick' }, 'falco falcosidekick'],
  ["Falco's metacollector", { [name]: 'k8s-metacollector' }, 'falco metacollector'],
  ['Instana', { [name]: 'instana-agent' }, 'instana agent'],
  ['Instana by its mode', { 'instana/agent-mode': 'APM' }, 'instana agent'],
  ['k8sensor', { app: 'k8sensor' }, 'instana k8sensor'],
  ["k8sensor by Instana's operator", { [part]: 'k8sensor', [manager]: 'instana-agent-operator' }, 'instana k8sensor'],
  ["what Instana's operator runs", { [manager]: 'instana-agent-operator' }, 'instana other'],
  ['a part of Instana', { 'app.kubernetes.io/part-of': 'instana' }, 'instana other', 'icr.io/instana/agent'],
  ['machine agent', { app: 'machine-agent' }, 'appdynamics machine-agent', 'appdynamics/machine-agent-netviz'],
  ["AppDynamics' operator", { name: 'appdynamics-operator' }, 'appdynamics operator'],
  ['Honeycomb', { [name]: 'honeycomb', [part]: 'agent' }, 'honeycomb agent'],
  ['Refinery', { [name]: 'refinery' }, 'honeycomb refinery', 'honeycombio/refinery/refinery:2'],
  ['Jaeger agent', { [name]: 'jaeger', [part]: 'agent' }, 'jaeger agent'],
  ['cAdvisor', { app: 'cadvisor' }, 'cadvisor agent'],
  ['cAdvisor by its name', { name: 'cadvisor' }, 'cadvisor agent'],
  [
    'Falcon sensor',
    { [name]: 'falcon-sensor', 'crowdstrike.com/provider': 'crowdstrike' },
    'crowdstrike falcon-sensor',
  ],
];

const byImage: readonly (readonly [image: string, vendor: string])[] = [
  ['newrelic/infrastructure-bundle:3', 'newrelic'],
  ['newrelic/k8s-events-forwarder', 'newrelic'],
  ['newrelic/newrelic-fluentbit-output', 'newrelic'],
  ['grafana/agent:v0.40', 'grafana'],
  ['mirror.corp/grafana/promtail@sha256:0123', 'grafana'],
  ['otel/opentelemetry-collector:0.1', 'opentelemetry'],
  ['otel/opentelemetry-collector-contrib', 'opentelemetry'],
  ['ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s', 'opentelemetry'],
  ['ghcr.io/open-telemetry/opentelemetry-operator/target-allocator', 'opentelemetry'],
  ['cr.fluentbit.io/fluent/fluent-bit:3', 'fluent'],
  ['fluent/fluentd', 'fluent'],
  ['fluent/fluentd-kubernetes-daemonset:v1', 'fluent'],
  ['ghcr.io/fluent/fluentd-aggregator-docker-image', 'fluent'],
  ['docker.elastic.co/beats/filebeat:8', 'elastic'],
  ['docker.elastic.co/elastic-agent/elastic-agent:8', 'elastic'],
  ['quay.io/signalfx/splunk-otel-collector', 'splunk'],
  ['quay.io/prometheus/node-exporter:v1', 'node-exporter'],
  ['prom/node-exporter', 'node-exporter'],
  ['registry.k8s.io/kube-state-metrics/kube-state-metrics:v2', 'kube-state-metrics'],
  ['quay.io/prometheus/prometheus:v3', 'prometheus'],
  ['quay.io/prometheus-operator/prometheus-operator', 'prometheus-operator'],
  ['falcosecurity/falco:0.4', 'falco'],
  ['falcosecurity/falcosidekick', 'falco'],
  ['falcosecurity/falcoctl', 'falco'],
  ['falcosecurity/falco-driver-loader', 'falco'],
  ['icr.io/instana/k8sensor', 'instana'],
  ['icr.io/instana/instana-agent-operator', 'instana'],
  ['containers.instana.io/instana/release/agent/static', 'instana'],
  ['docker.io/appdynamics/machine-agent-analytics', 'appdynamics'],
  ['appdynamics/cluster-agent:22', 'appdynamics'],
  ['appdynamics/cluster-agent-operator', 'appdynamics'],
  ['honeycombio/honeycomb-kubernetes-agent', 'honeycomb'],
  ['jaegertracing/jaeger-agent:1', 'jaeger'],
  ['gcr.io/cadvisor/cadvisor:v0', 'cadvisor'],
  ['registry.crowdstrike.com/falcon-sensor/us-1/release/falcon-sensor:7', 'crowdstrike'],
  ['sensu/sensu', 'sensu'],
  ['timberio/vector:0.4', 'vector'],
  ['victoriametrics/vmagent', 'victoriametrics'],
];

test.each(byLabels)('knows by labels: %s', (_, labels, expected, image = mirrored) => {
  expect(whose(podOf(labels, image))).toBe(expected);
});

test.each(byImage)('knows by image: %s', (image, vendor) => {
  expect(whose(podOf({}, image))).toBe(`${vendor} -`);
});

test.each<[string, Record<string, string>]>([
  ['alloy', { [name]: 'alloy' }],
  ['a collector', { component: 'agent-collector' }],
  ['a name that ends like a Beat', { app: 'heart-metricbeat' }],
  ['a machine agent', { app: 'machine-agent' }],
  ['a refinery', { [name]: 'refinery' }],
  ['Jaeger, but for its agent', { [name]: 'jaeger', [part]: 'query' }],
  ['an agent of something else', { [part]: 'agent' }],
  ['the same Job of another chart', { app: 'ingress-nginx-admission-create' }],
])('does not take for an agent without an image: %s', (_, labels) => {
  expect(whose(podOf(labels, mirrored))).toBeUndefined();
});

describe('unless it is asked for', () => {
  test('nothing but Datadog, Sysdig and Dynatrace is recognised', () => {
    expect(defaultVendorIds).toEqual(['datadog', 'sysdig', 'dynatrace']);
    const others = [
      ...byLabels.map(([, labels, , image = mirrored]) => podOf(labels, image)),
      ...byImage.map(([image]) => podOf({}, image)),
    ];
    expect(others.filter((pod) => byDefault.recogniseAgent(pod) !== undefined)).toEqual([]);
  });

  test('the rule has those three as its default', () => {
    const { settings } = policyOf({ rules: [{ rule: 'agents-outside-mesh' }] }, registry).spec.rules[0] ?? {};
    expect(settings).toEqual({ vendors: ['datadog', 'sysdig', 'dynatrace'] });
  });

  test.each([
    ['left alone', undefined, 'skipped'],
    ['kept out where the policy asks for it', ['prometheus'], 'edited'],
  ])('a Prometheus server is %s', (_, vendors, expected) => {
    const rule = { rule: 'agents-outside-mesh', settings: vendors ? { vendors } : {} };
    const { steps } = reviewWith({ rules: [rule] }, 'Pod', podOf({ [name]: 'prometheus' }, mirrored));
    expect(steps.map(({ outcome }) => outcome)).toEqual([expected]);
  });
});
