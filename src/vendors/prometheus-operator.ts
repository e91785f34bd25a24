import type { Vendor } from './vendor.js';

/** The Prometheus Operator, and the Jobs of its chart that make the certificate of its webhook: kept apart from the
 *  server, because a Job with a sidecar never ends, whatever is scraped how. */
export const prometheusOperator = {
  id: 'prometheus-operator',
  name: 'Prometheus Operator',
  components: [
    {
      id: 'certificate-job',
      name: 'certificate Job',
      // Its image, kube-webhook-certgen, is that of other charts as well.
      labelled: [
        {
          labels: {
            app: [
              'kube-prometheus-stack-admission-create',
              'kube-prometheus-stack-admission-patch',
              'prometheus-operator-admission-create',
              'prometheus-operator-admission-patch',
            ],
          },
        },
      ],
    },
  ],
  images: ['prometheus-operator/*'],
  source:
    'prometheus-community/helm-charts charts/kube-prometheus-stack/templates/prometheus-operator/admission-webhooks; prometheus-operator/kube-prometheus',
} as const satisfies Vendor;
