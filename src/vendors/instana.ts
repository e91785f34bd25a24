import { under, type Vendor } from './vendor.js';

/** Instana: the agent, the sensor of the cluster, and the operator. */
export const instana = {
  id: 'instana',
  name: 'Instana',
  components: [
    {
      id: 'k8sensor',
      name: 'Kubernetes sensor',
      labelled: [
        { labels: { app: 'k8sensor' } },
        {
          labels: {
            'app.kubernetes.io/component': 'k8sensor',
            'app.kubernetes.io/managed-by': 'instana-agent-operator',
          },
        },
      ],
    },
    {
      id: 'agent',
      name: 'agent',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'instana-agent' } }, { labels: { 'instana/agent-mode': '*' } }],
    },
    {
      id: 'other',
      name: 'component',
      labelled: [
        { labels: { 'app.kubernetes.io/managed-by': 'instana-agent-operator' } },
        { labels: { 'app.kubernetes.io/part-of': 'instana' }, withImage: true },
      ],
    },
  ],
  // The last is where everything was before.
  images: [...under(['instana'], ['agent', 'k8sensor', 'instana-agent-operator']), 'containers.instana.io/instana/*'],
  source: 'instana/instana-agent-operator pkg/k8s/object',
} as const satisfies Vendor;
