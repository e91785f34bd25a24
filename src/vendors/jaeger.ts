import type { Vendor } from './vendor.js';

/** The agent of Jaeger as a DaemonSet, which its chart had until 2025. */
export const jaeger = {
  id: 'jaeger',
  name: 'Jaeger',
  components: [
    {
      id: 'agent',
      name: 'agent',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'jaeger', 'app.kubernetes.io/component': 'agent' } }],
    },
  ],
  images: ['jaegertracing/jaeger-agent'],
  source: 'jaegertracing/helm-charts charts/jaeger before 2025-12',
} as const satisfies Vendor;
