import { proxyMetrics } from './istio-metrics.js';

/** The proxies that are Pods of their own, by the names of Istio's components. */
export const proxyKinds = ['ztunnel', 'waypoint', 'gateway'] as const;
export type ProxyKind = (typeof proxyKinds)[number];

/** What the Agent's own configuration for proxies leaves out (DataDog/integrations-core istio data/auto_conf.yaml). */
export const costlyLabels = [
  'source_version',
  'destination_version',
  'source_canonical_revision',
  'destination_canonical_revision',
  'source_principal',
  'destination_principal',
  'source_cluster',
  'destination_cluster',
  'source_canonical_service',
  'destination_canonical_service',
  'source_workload_namespace',
  'destination_workload_namespace',
  'request_protocol',
  'connection_security_policy',
  'destination_service',
  'source_workload',
] as const;

export type ProxyCheck = {
  readonly port: number;
  readonly histogramBuckets: boolean;
  readonly excludeLabels: readonly string[];
};

/**
 * One instance of the `istio` check for a proxy. In ambient mode the check reads the two endpoints of that mode only, and
 * in the other one only those of sidecars. `use_openmetrics` is always written: its default changed in 2026. No tag for
 * the endpoint, which would be one for each Pod (DataDog/integrations-core istio/datadog_checks/istio/check.py).
 */
export function proxyInstance(kind: ProxyKind, { port, histogramBuckets, excludeLabels }: ProxyCheck): object {
  const url = `http://%%host%%:${port}${proxyMetrics.path}`;
  return {
    use_openmetrics: true,
    ...(kind === 'gateway' ? { istio_mesh_endpoint: url } : { istio_mode: 'ambient', [`${kind}_endpoint`]: url }),
    collect_histogram_buckets: histogramBuckets,
    tag_by_endpoint: false,
    ...(excludeLabels.length === 0 ? {} : { exclude_labels: excludeLabels }),
  };
}
