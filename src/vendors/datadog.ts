import { under, type Vendor } from './vendor.js';

/** `datadog` is Docker Hub and ECR, `datadoghq` is gcr.io, the next Artifact Registry; the other two have no path. */
const prefixes = ['datadog', 'datadoghq', 'datadoghq/*', 'datadoghq.azurecr.io', 'registry.datadoghq.com'];

/** Datadog: the Agent in all its roles, whether installed by Helm, by the Operator, or from plain manifests. */
export const datadog = {
  id: 'datadog',
  name: 'Datadog',
  byDefault: true,
  components: [
    {
      id: 'agent',
      name: 'Agent',
      labelled: [
        { labels: { 'agent.datadoghq.com/component': 'agent' } },
        { labels: { app: 'datadog-agent' } },
        { labels: { 'app.kubernetes.io/name': 'datadog-agent-deployment', 'app.kubernetes.io/component': 'agent' } },
        { labels: { 'app.kubernetes.io/component': 'agent' }, withImage: true },
      ],
    },
    {
      id: 'cluster-agent',
      name: 'Cluster Agent',
      labelled: [
        { labels: { 'agent.datadoghq.com/component': 'cluster-agent' } },
        { labels: { app: 'datadog-cluster-agent' } },
        // AppDynamics has a cluster agent too.
        { labels: { 'app.kubernetes.io/component': 'cluster-agent' }, withImage: true },
      ],
    },
    {
      id: 'cluster-checks-runner',
      name: 'cluster checks runner',
      labelled: [
        { labels: { 'agent.datadoghq.com/component': 'cluster-checks-runner' } },
        { labels: { 'app.kubernetes.io/component': 'clusterchecks-agent' } },
      ],
    },
    {
      id: 'otel-gateway',
      name: 'OpenTelemetry gateway',
      labelled: [
        { labels: { 'agent.datadoghq.com/component': 'otel-agent-gateway' } },
        // Helm's lacks Datadog's own label.
        { labels: { 'app.kubernetes.io/component': 'otel-agent-gateway' } },
      ],
    },
    { id: 'operator', name: 'Operator', labelled: [{ labels: { 'app.kubernetes.io/name': 'datadog-operator' } }] },
    { id: 'csi-driver', name: 'CSI driver', labelled: [{ labels: { app: 'datadog-csi-driver-node-server' } }] },
    {
      id: 'synthetics',
      name: 'Synthetics private location',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'synthetics-private-location' } }],
    },
    {
      id: 'pipelines',
      name: 'Observability Pipelines Worker',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'observability-pipelines-worker' } }],
    },
    {
      id: 'action-runner',
      name: 'private action runner',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'private-action-runner' } }],
    },
    {
      id: 'other',
      name: 'component',
      labelled: [
        { labels: { 'agent.datadoghq.com/component': '*' } },
        { labels: { 'app.kubernetes.io/managed-by': 'datadog-operator' } },
      ],
    },
  ],
  images: under(prefixes, [
    'agent',
    'cluster-agent',
    'operator',
    'ddot-collector',
    'ddot-ebpf-dev',
    'fips-proxy',
    'csi-driver',
    'synthetics-private-location-worker',
    'observability-pipelines-worker',
    'private-action-runner',
    'cloudprem',
    'extendeddaemonset',
    // Agent 5 and the Agent that is nothing but a DogStatsD server.
    'docker-dd-agent',
    'dogstatsd',
  ]),
  helpers: under(prefixes, ['dd-lib-*-init', 'apm-inject']),
  source:
    'DataDog/helm-charts charts/*/templates; DataDog/datadog-operator internal/controller/datadogagent, pkg/images',
} as const satisfies Vendor;
