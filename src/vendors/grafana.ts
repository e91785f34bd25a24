import { under, type Vendor } from './vendor.js';

/** Grafana: the collectors, of which the Agent and Promtail came before Alloy, and the Jobs of its metrics charts. */
export const grafana = {
  id: 'grafana',
  name: 'Grafana',
  components: [
    { id: 'alloy', name: 'Alloy', labelled: [{ labels: { 'app.kubernetes.io/name': 'alloy' }, withImage: true }] },
    { id: 'agent', name: 'Agent', labelled: [{ labels: { 'app.kubernetes.io/name': 'grafana-agent' } }] },
    { id: 'promtail', name: 'Promtail', labelled: [{ labels: { 'app.kubernetes.io/name': 'promtail' } }] },
    {
      id: 'tokengen',
      name: 'tokengen Job',
      labelled: [
        {
          labels: {
            'app.kubernetes.io/component': 'tokengen',
            'app.kubernetes.io/name': ['mimir', 'enterprise-metrics'],
          },
        },
        { labels: { target: 'tokengen', name: 'tokengen' } },
      ],
    },
  ],
  images: under(['grafana'], ['alloy', 'agent', 'promtail']),
  source: 'grafana/alloy operations/helm/charts/alloy; grafana/helm-charts; grafana/mimir operations/helm',
} as const satisfies Vendor;
