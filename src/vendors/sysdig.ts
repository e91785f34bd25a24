import { under, type Vendor } from './vendor.js';

/** Sysdig: the agent and shields of Monitor and Secure, with their analyzers and scanners. */
export const sysdig = {
  id: 'sysdig',
  name: 'Sysdig',
  byDefault: true,
  components: [
    {
      id: 'shield',
      name: 'shield',
      labelled: [
        { labels: { 'sysdig/component': '*' } },
        { labels: { 'app.kubernetes.io/name': 'shield' }, withImage: true },
      ],
    },
    {
      id: 'agent',
      name: 'agent',
      labelled: [
        { labels: { app: 'sysdig-agent' } },
        { labels: { 'app.kubernetes.io/name': 'agent' }, withImage: true },
      ],
    },
    {
      id: 'node-analyzer',
      name: 'node analyzer',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'node-analyzer' }, withImage: true }],
    },
    {
      id: 'kspm-collector',
      name: 'KSPM collector',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'kspm-collector' } }],
    },
    {
      id: 'rapid-response',
      name: 'rapid response',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'rapid-response' }, withImage: true }],
    },
    {
      id: 'admission-controller',
      name: 'admission controller',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'admission-controller' }, withImage: true }],
    },
    {
      id: 'cluster-shield',
      name: 'cluster shield',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'cluster-shield' } }],
    },
    {
      id: 'cluster-scanner',
      name: 'cluster scanner',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'cluster-scanner' }, withImage: true }],
    },
    {
      id: 'registry-scanner',
      name: 'registry scanner',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'registry-scanner' }, withImage: true }],
    },
  ],
  images: under(
    ['sysdig'],
    [
      'agent',
      'agent-slim',
      'agent-kmodule',
      'host-shield',
      'cluster-shield',
      'node-image-analyzer',
      'host-analyzer',
      'compliance-benchmark-runner',
      'vuln-runtime-scanner',
      'vuln-host-scanner',
      'kspm-analyzer',
      'eveclient-api',
      'kspm-collector',
      'rapid-response-host-component',
      'admission-controller',
      'secure-admission-controller',
      'runtime-status-integrator',
      'image-sbom-extractor',
      'registry-scanner',
    ],
  ),
  // The serverless agent, which is put into Pods that run where no DaemonSet can.
  helpers: under(['sysdig'], ['workload-agent']),
  source: 'sysdiglabs/charts charts/*/templates and values; draios/sysdig-cloud-scripts agent_deploy/kubernetes',
} as const satisfies Vendor;
