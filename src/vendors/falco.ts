import { under, type Vendor } from './vendor.js';

/** Falco, its sidekick, and its collector of metadata. */
export const falco = {
  id: 'falco',
  name: 'Falco',
  components: [
    { id: 'falco', name: 'sensor', labelled: [{ labels: { 'app.kubernetes.io/name': 'falco' } }] },
    { id: 'falcosidekick', name: 'sidekick', labelled: [{ labels: { 'app.kubernetes.io/name': 'falcosidekick' } }] },
    {
      id: 'metacollector',
      name: 'metadata collector',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'k8s-metacollector' } }],
    },
  ],
  images: under(['falcosecurity'], ['falco', 'falcosidekick', 'falcoctl', 'falco-driver-loader']),
  source: 'falcosecurity/charts charts/falco/templates/pod-template.tpl',
} as const satisfies Vendor;
