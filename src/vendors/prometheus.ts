import type { Vendor } from './vendor.js';

/** The Prometheus server. */
export const prometheus = {
  id: 'prometheus',
  name: 'Prometheus',
  components: [{ id: 'server', name: 'server', labelled: [{ labels: { 'app.kubernetes.io/name': 'prometheus' } }] }],
  // The second is Docker Hub's; the third stands beside the server that the operator runs.
  images: ['prometheus/prometheus', 'prom/prometheus', 'prometheus-operator/prometheus-config-reloader'],
  note: 'a server that scrapes applications over mutual TLS has to stay in the mesh',
  source: 'prometheus-community/helm-charts charts/prometheus; prometheus-operator/kube-prometheus',
} as const satisfies Vendor;
