import { under, type Vendor } from './vendor.js';

/** New Relic: the infrastructure agent in its three roles, logging, and its Prometheus agents. */
export const newrelic = {
  id: 'newrelic',
  name: 'New Relic',
  components: [
    {
      id: 'infrastructure',
      name: 'infrastructure agent',
      labelled: [
        { labels: { 'app.kubernetes.io/name': 'newrelic-infrastructure' } },
        { labels: { 'app.kubernetes.io/component': ['kubelet', 'ksm', 'controlplane'] }, withImage: true },
      ],
    },
    { id: 'logging', name: 'log forwarder', labelled: [{ labels: { app: 'newrelic-logging' } }] },
    {
      id: 'prometheus-agent',
      name: 'Prometheus agent',
      labelled: [{ labels: { 'app.kubernetes.io/name': ['nri-prometheus', 'newrelic-prometheus-agent'] } }],
    },
    {
      id: 'operator',
      name: 'agents operator',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'k8s-agents-operator' } }],
    },
  ],
  images: under(
    ['newrelic'],
    ['nri-kubernetes', 'infrastructure-bundle', 'k8s-events-forwarder', 'newrelic-fluentbit-output'],
  ),
  source: 'newrelic/nri-kubernetes charts/newrelic-infrastructure; newrelic/helm-charts',
} as const satisfies Vendor;
