import { Counter, Gauge, type Registry } from 'prom-client';

/** What aloft counts where it keeps its certificates in the cluster; each has a row in docs/reference/metrics.md. */
export type CertificateMetrics = ReturnType<typeof createCertificateMetrics>;

export const phases = ['absent', 'stable', 'staged', 'published'] as const;

/** Adds the metrics to a registry. */
export function createCertificateMetrics(registry: Registry) {
  const registers = [registry];
  const phase = new Gauge({
    name: 'aloft_certificate_phase',
    help: '1 for how far the rotation of certificates has come, 0 for every other phase.',
    labelNames: ['phase'],
    registers,
  });
  return {
    /** Exactly one phase is the present one. */
    phase: (present: (typeof phases)[number]) => {
      for (const one of phases) phase.set({ phase: one }, one === present ? 1 : 0);
    },
    inSync: new Gauge({
      name: 'aloft_ca_bundle_in_sync',
      help: '1 while every caBundle of ours holds every CA that it should, 0 otherwise.',
      registers,
    }),
    actions: new Counter({
      name: 'aloft_certificate_actions_total',
      help: 'Steps that this replica took to keep the certificates, and whether they took effect.',
      labelNames: ['action', 'result'],
      registers,
    }),
    skew: new Gauge({
      name: 'aloft_clock_skew_seconds',
      help: "How far this replica's clock is ahead of the API server's, in seconds.",
      registers,
    }),
    failures: new Counter({
      name: 'aloft_cluster_failures_total',
      help: 'Times that the API server could not be asked about certificates, or would not answer.',
      registers,
    }),
  };
}
