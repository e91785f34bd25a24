import { under, type Vendor } from './vendor.js';

/** AppDynamics: the machine agent, the cluster agent, and their operator. */
export const appdynamics = {
  id: 'appdynamics',
  name: 'AppDynamics',
  components: [
    { id: 'machine-agent', name: 'machine agent', labelled: [{ labels: { app: 'machine-agent' }, withImage: true }] },
    { id: 'operator', name: 'operator', labelled: [{ labels: { name: 'appdynamics-operator' } }] },
  ],
  images: under(
    ['appdynamics'],
    ['machine-agent-analytics', 'machine-agent-netviz', 'cluster-agent', 'cluster-agent-operator'],
  ),
  source: 'Appdynamics/appdynamics-charts',
} as const satisfies Vendor;
