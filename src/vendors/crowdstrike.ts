import type { Vendor } from './vendor.js';

/** CrowdStrike's Falcon sensor; its image is mostly a copy in a registry of the user's own. */
export const crowdstrike = {
  id: 'crowdstrike',
  name: 'CrowdStrike',
  components: [
    {
      id: 'falcon-sensor',
      name: 'Falcon sensor',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'falcon-sensor', 'crowdstrike.com/provider': 'crowdstrike' } }],
    },
  ],
  images: ['falcon-sensor/*/falcon-sensor'],
  source: 'CrowdStrike/falcon-helm helm-charts/falcon-sensor; istio/istio#53440',
} as const satisfies Vendor;
