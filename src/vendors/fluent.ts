import { under, type Vendor } from './vendor.js';

/** Fluent Bit and Fluentd, which ship logs. */
export const fluent = {
  id: 'fluent',
  name: 'Fluent',
  components: [
    {
      id: 'fluent-bit',
      name: 'Fluent Bit',
      labelled: [{ labels: { 'app.kubernetes.io/name': ['fluent-bit', 'fluent-bit-collector'] } }],
    },
    { id: 'fluentd', name: 'Fluentd', labelled: [{ labels: { 'app.kubernetes.io/name': 'fluentd' } }] },
  ],
  images: under(
    ['fluent'],
    ['fluent-bit', 'fluentd', 'fluentd-kubernetes-daemonset', 'fluentd-aggregator-docker-image'],
  ),
  source: 'fluent/helm-charts',
} as const satisfies Vendor;
