import type { Vendor } from './vendor.js';

/** Splunk's distribution of the OpenTelemetry Collector, as agent, cluster receiver and gateway. */
export const splunk = {
  id: 'splunk',
  name: 'Splunk',
  components: [
    {
      id: 'agent',
      name: 'Collector agent',
      labelled: [{ labels: { app: 'splunk-otel-collector', component: 'otel-collector-agent' } }],
    },
    {
      id: 'cluster-receiver',
      name: 'cluster receiver',
      labelled: [{ labels: { app: 'splunk-otel-collector', component: 'otel-k8s-cluster-receiver' } }],
    },
    {
      id: 'gateway',
      name: 'Collector gateway',
      labelled: [{ labels: { app: 'splunk-otel-collector', component: 'otel-collector' } }],
    },
    { id: 'other', name: 'Collector', labelled: [{ labels: { app: 'splunk-otel-collector' } }] },
  ],
  images: ['signalfx/splunk-otel-collector'],
  source: 'signalfx/splunk-otel-collector-chart helm-charts/splunk-otel-collector/templates',
} as const satisfies Vendor;
