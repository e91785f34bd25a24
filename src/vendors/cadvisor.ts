import type { Vendor } from './vendor.js';

/** cAdvisor as a DaemonSet, beside the one in the kubelet. */
export const cadvisor = {
  id: 'cadvisor',
  name: 'cAdvisor',
  components: [
    { id: 'agent', name: 'agent', labelled: [{ labels: { app: 'cadvisor' } }, { labels: { name: 'cadvisor' } }] },
  ],
  images: ['cadvisor/cadvisor'],
  source: 'google/cadvisor deploy/kubernetes',
} as const satisfies Vendor;
