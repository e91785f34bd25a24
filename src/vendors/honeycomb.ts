import type { Vendor } from './vendor.js';

/** Honeycomb: its agent, and Refinery, which samples traces. */
export const honeycomb = {
  id: 'honeycomb',
  name: 'Honeycomb',
  components: [
    {
      id: 'agent',
      name: 'agent',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'honeycomb', 'app.kubernetes.io/component': 'agent' } }],
    },
    {
      id: 'refinery',
      name: 'Refinery',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'refinery' }, withImage: true }],
    },
  ],
  images: ['honeycombio/honeycomb-kubernetes-agent', 'honeycombio/refinery/refinery'],
  source: 'honeycombio/helm-charts charts/honeycomb, charts/refinery',
} as const satisfies Vendor;
