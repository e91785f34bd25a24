import type { News } from '../../certificates/keeper.js';
import { createCertificateMetrics } from '../../telemetry/certificate-metrics.js';
import type { Telemetry } from './current-policy.js';

/** Writes down what a keeper of certificates sees and does. */
export type CertificateReport = {
  readonly news: (news: News) => void;
  readonly failure: (message: string) => void;
};

/** A clock that is off by more makes certificates look expired, or not yet valid. */
const worryingSkewSeconds = 300;

/** What lasts is told once, when it begins. */
export function createCertificateReport({ logger, metrics }: Telemetry): CertificateReport {
  const counts = createCertificateMetrics(metrics.registry);
  let waitingFor = '';
  let isSkewed = false;
  let failure = '';

  const see = ({ phase, inSync, skewSeconds }: News & { readonly kind: 'seen' }): void => {
    failure = '';
    counts.phase(phase);
    counts.inSync.set(inSync ? 1 : 0);
    counts.skew.set(skewSeconds);
    const skewed = Math.abs(skewSeconds) > worryingSkewSeconds;
    if (skewed && !isSkewed) logger.warn({ skewSeconds }, 'clock differs from that of the API server, which counts');
    isSkewed = skewed;
  };

  const news = (one: News): void => {
    switch (one.kind) {
      case 'seen':
        see(one);
        break;
      case 'acted':
        waitingFor = '';
        counts.actions.inc({ action: one.action, result: one.result });
        logger.info({ action: one.action, result: one.result, configuration: one.configuration }, 'certificate step');
        break;
      case 'waiting':
        if (one.because !== waitingFor) logger.warn({ because: one.because, managers: one.managers }, 'waiting');
        waitingFor = one.because;
        break;
      case 'serving': {
        const { id, notAfter } = one.generation;
        metrics.certificateExpiry.set(notAfter / 1000);
        metrics.certificateReloads.inc({ result: 'loaded' });
        logger.info({ ca: id.slice(0, 11), expires: new Date(notAfter).toISOString() }, 'certificate loaded');
        break;
      }
      case 'refused':
        metrics.certificateReloads.inc({ result: 'rejected' });
        logger.error({ problems: one.problems }, 'certificate rejected, the last good one is served');
        break;
    }
  };

  return {
    news,
    failure: (message) => {
      counts.failures.inc();
      if (message !== failure) logger.warn({ problem: message }, 'certificates cannot be kept for now, trying again');
      failure = message;
    },
  };
}
