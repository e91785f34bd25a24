import type { Vendor } from './vendor.js';

/** What turns the cluster's objects into metrics; charts of Prometheus, Datadog and others bring it along. */
export const kubeStateMetrics = {
  id: 'kube-state-metrics',
  name: 'kube-state-metrics',
  components: [
    { id: 'exporter', name: 'exporter', labelled: [{ labels: { 'app.kubernetes.io/name': 'kube-state-metrics' } }] },
  ],
  images: ['kube-state-metrics/kube-state-metrics'],
  source: 'prometheus-community/helm-charts charts/kube-state-metrics; prometheus-operator/kube-prometheus',
} as const satisfies Vendor;
