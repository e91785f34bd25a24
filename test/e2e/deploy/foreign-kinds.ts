import type { Manifest } from '../../deploy/manifests.ts';

const kind = (group: string, version: string, name: string): Manifest & { readonly spec: object } => {
  const plural = `${name.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: name, plural, singular: name.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
};

/** The kinds of cert-manager and of the Prometheus operator that we use. Their names only: any content passes. */
export const foreignKinds = [
  kind('cert-manager.io', 'v1', 'Certificate'),
  kind('cert-manager.io', 'v1', 'Issuer'),
  kind('monitoring.coreos.com', 'v1', 'ServiceMonitor'),
  kind('monitoring.coreos.com', 'v1', 'PrometheusRule'),
];
