import { under, type Vendor } from './vendor.js';

/** Elastic: the Agent, and the Beats, from charts, plain manifests, or Elastic Cloud on Kubernetes. */
export const elastic = {
  id: 'elastic',
  name: 'Elastic',
  components: [
    {
      id: 'agent',
      name: 'Agent',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'elastic-agent' } }, { labels: { app: 'elastic-agent' } }],
    },
    {
      id: 'beat',
      name: 'Beat',
      labelled: [
        { labels: { 'beat.k8s.elastic.co/name': '*' } },
        { labels: { 'k8s-app': ['filebeat', 'metricbeat'] } },
        // The chart puts the name of the release before it.
        { labels: { app: ['*-filebeat', '*-metricbeat'] }, withImage: true },
      ],
    },
  ],
  images: [...under(['beats'], ['filebeat', 'metricbeat']), 'elastic-agent/elastic-agent'],
  source: 'elastic/helm-charts filebeat, metricbeat; elastic/elastic-agent; elastic/cloud-on-k8s',
} as const satisfies Vendor;
