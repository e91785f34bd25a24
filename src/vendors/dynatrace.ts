import { type Component, under, type Vendor } from './vendor.js';

/** What the operator creates has the component in the name; in older releases, and in its own parts, beside the name. */
const managed = (id: string, name: string, label: string = id): Component => ({
  id,
  name,
  labelled: [
    { labels: { 'app.kubernetes.io/name': label, 'app.kubernetes.io/managed-by': 'dynatrace-operator' } },
    { labels: { 'app.kubernetes.io/name': 'dynatrace-operator', 'app.kubernetes.io/component': label } },
  ],
});

/** Dynatrace: OneAgent, ActiveGate, the operator and what it creates, and the OneAgent operator that came before it. */
export const dynatrace = {
  id: 'dynatrace',
  name: 'Dynatrace',
  byDefault: true,
  components: [
    managed('oneagent', 'OneAgent'),
    managed('activegate', 'ActiveGate'),
    managed('edgeconnect', 'EdgeConnect'),
    managed('extension-controller', 'extension controller', 'dynatrace-extension-controller'),
    managed('otel-collector', 'OpenTelemetry collector', 'dynatrace-otel-collector'),
    managed('sql-executor', 'SQL extension executor', 'dynatrace-sql-extension-executor'),
    managed('node-controller', 'node controller'),
    managed('logmonitoring', 'log monitoring'),
    managed('kspm', 'KSPM'),
    {
      id: 'webhook',
      name: 'webhook',
      labelled: [
        { labels: { 'app.kubernetes.io/name': 'dynatrace-operator', 'app.kubernetes.io/component': 'webhook' } },
        { labels: { 'internal.dynatrace.com/app': 'webhook' } },
      ],
    },
    {
      id: 'csi-driver',
      name: 'CSI driver',
      labelled: [
        { labels: { 'app.kubernetes.io/name': 'dynatrace-operator', 'app.kubernetes.io/component': 'csi-driver' } },
        { labels: { 'internal.oneagent.dynatrace.com/app': 'csi-driver' } },
      ],
    },
    {
      id: 'operator',
      name: 'operator',
      labelled: [{ labels: { 'app.kubernetes.io/name': 'dynatrace-operator' } }],
    },
    {
      id: 'old-oneagent',
      name: 'OneAgent (OneAgent operator)',
      labelled: [{ labels: { dynatrace: 'oneagent' } }],
    },
    {
      id: 'other',
      name: 'component',
      labelled: [{ labels: { 'app.kubernetes.io/managed-by': 'dynatrace-operator' } }],
    },
  ],
  images: [
    ...under(
      ['dynatrace', 'dynatrace-marketplace-prod'],
      [
        'dynatrace-operator',
        'dynatrace-oneagent',
        'dynatrace-activegate',
        'dynatrace-eec',
        'dynatrace-logmodule',
        'dynatrace-k8s-node-config-collector',
        'dynatrace-otel-collector',
        'dynatrace-database-datasource-executor',
        'dynatrace-oneagent-operator',
        'edgeconnect',
        'oneagent',
      ],
    ),
    // The registry that every environment has built in: `<environment>.live.dynatrace.com/linux/oneagent`.
    ...under(['linux'], ['oneagent', 'activegate']),
  ],
  // Without the CSI driver, the operator's own image is the init container that brings the code modules.
  helpers: [
    ...under(
      ['dynatrace', 'dynatrace-marketplace-prod'],
      ['dynatrace-operator', 'dynatrace-codemodules', 'dynatrace-bootstrapper'],
    ),
    ...under(['linux'], ['codemodule', 'codemodules']),
  ],
  source:
    'Dynatrace/dynatrace-operator pkg/util/kubernetes/fields/k8slabel, config/helm; Dynatrace/dynatrace-oneagent-operator',
} as const satisfies Vendor;
