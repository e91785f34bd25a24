import type { Vendor } from './vendor.js';

/** OpenTelemetry: the Collector, whether its chart or its operator runs it, and what shares out scrape targets. */
export const opentelemetry = {
  id: 'opentelemetry',
  name: 'OpenTelemetry',
  components: [
    {
      id: 'target-allocator',
      name: 'target allocator',
      labelled: [
        {
          labels: {
            'app.kubernetes.io/component': 'opentelemetry-targetallocator',
            'app.kubernetes.io/managed-by': 'opentelemetry-operator',
          },
        },
      ],
    },
    {
      id: 'collector',
      name: 'Collector',
      labelled: [
        {
          labels: {
            'app.kubernetes.io/component': 'opentelemetry-collector',
            'app.kubernetes.io/managed-by': 'opentelemetry-operator',
          },
        },
        { labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' } },
        {
          labels: { component: ['agent-collector', 'standalone-collector', 'statefulset-collector'] },
          withImage: true,
        },
      ],
    },
  ],
  images: [
    'otel/opentelemetry-collector',
    'otel/opentelemetry-collector-contrib',
    'otel/opentelemetry-collector-k8s',
    'opentelemetry-collector-releases/*',
    'opentelemetry-operator/target-allocator',
  ],
  note: 'a Collector that applications send to over mutual TLS has to stay in the mesh',
  source:
    'open-telemetry/opentelemetry-helm-charts charts/opentelemetry-collector; open-telemetry/opentelemetry-operator',
} as const satisfies Vendor;
