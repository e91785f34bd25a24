import type { Vendor } from './vendor.js';

/** Prometheus' exporter of a node's metrics. */
export const nodeExporter = {
  id: 'node-exporter',
  name: 'node-exporter',
  components: [
    {
      id: 'exporter',
      name: 'exporter',
      labelled: [{ labels: { 'app.kubernetes.io/name': ['prometheus-node-exporter', 'node-exporter'] } }],
    },
  ],
  // The second is Docker Hub's.
  images: ['prometheus/node-exporter', 'prom/node-exporter'],
  source: 'prometheus-community/helm-charts charts/prometheus-node-exporter; prometheus-operator/kube-prometheus',
} as const satisfies Vendor;
