import { appdynamics } from './appdynamics.js';
import { cadvisor } from './cadvisor.js';
import { crowdstrike } from './crowdstrike.js';
import { datadog } from './datadog.js';
import { dynatrace } from './dynatrace.js';
import { elastic } from './elastic.js';
import { falco } from './falco.js';
import { fluent } from './fluent.js';
import { grafana } from './grafana.js';
import { honeycomb } from './honeycomb.js';
import { instana } from './instana.js';
import { jaeger } from './jaeger.js';
import { kubeStateMetrics } from './kube-state-metrics.js';
import { newrelic } from './newrelic.js';
import { nodeExporter } from './node-exporter.js';
import { opentelemetry } from './opentelemetry.js';
import { prometheus } from './prometheus.js';
import { prometheusOperator } from './prometheus-operator.js';
import { sensu } from './sensu.js';
import { splunk } from './splunk.js';
import { sysdig } from './sysdig.js';
import { vector } from './vector.js';
import type { Vendor } from './vendor.js';
import { victoriametrics } from './victoriametrics.js';

/** The vendors we know; where two would recognise a Pod by the same kind of evidence, the first one does. */
export const catalog = [
  datadog,
  sysdig,
  dynatrace,
  newrelic,
  grafana,
  splunk,
  opentelemetry,
  elastic,
  fluent,
  instana,
  appdynamics,
  honeycomb,
  jaeger,
  falco,
  crowdstrike,
  nodeExporter,
  kubeStateMetrics,
  prometheus,
  prometheusOperator,
  cadvisor,
  sensu,
  vector,
  victoriametrics,
] as const satisfies readonly Vendor[];

export type VendorId = (typeof catalog)[number]['id'];

/** The ids of the vendors we know, in the order of the catalog. */
export const vendorIds: readonly VendorId[] = catalog.map(({ id }) => id);

/** The vendors that are recognised unless a policy chooses others: every Pod is held against these. */
export const defaultVendors = catalog.filter((vendor: Vendor) => vendor.byDefault === true);

/** Their ids. */
export const defaultVendorIds: readonly VendorId[] = defaultVendors.map(({ id }) => id);
