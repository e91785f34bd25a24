import type { Vendor } from './vendor.js';

/** Sensu, of which only the image is known. */
export const sensu = {
  id: 'sensu',
  name: 'Sensu',
  components: [],
  images: ['sensu/sensu'],
  source: 'istio/istio#17254',
} as const satisfies Vendor;
