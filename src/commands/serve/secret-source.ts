import { caSubject } from '../../certificates/bundle.js';
import { days } from '../../certificates/facts.js';
import { issuePair } from '../../certificates/issue.js';
import { createKeeper, type Keeper, type KeeperDependencies } from '../../certificates/keeper.js';
import type { Generation } from '../../certificates/state.js';
import type { ClusterAccess } from '../../cluster/access.js';
import { messageOf } from '../../model/problem.js';
import { type Alarm, createAlarm } from './alarm.js';
import { createCertificateReport } from './certificate-report.js';
import type { CertificateSource } from './certificate-source.js';
import type { Telemetry } from './current-policy.js';

export type SecretDemand = Pick<KeeperDependencies, 'service' | 'terms'> & {
  readonly names: readonly string[];
  readonly ips: readonly string[];
};

/** A Secret of the cluster, which the replicas keep together; see `certificates/decide.ts`. */
export function openSecret(access: ClusterAccess, demand: SecretDemand, telemetry: Telemetry): CertificateSource {
  const { names, ips, service, terms } = demand;
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const report = createCertificateReport(telemetry);
  let served: Generation | undefined;
  let trouble = 'none yet';
  let skewMs = 0;

  const start: CertificateSource['start'] = (serve) => {
    const keeper = createKeeper({
      cluster: access.cluster,
      names: [...names, ...ips],
      service,
      terms,
      serve,
      issue: (now) => issuePair({ names, ips, now, lifetimeDays: terms.lifetime / days(1), subject: caSubject }),
      tell: (news) => {
        if (news.kind === 'serving') served = news.generation;
        if (news.kind === 'seen') skewMs = news.skewSeconds * 1000;
        report.news(news);
      },
    });
    for (const watched of access.certificateObjects) {
      // Without a watch, the next look comes later.
      access
        .follow(watched, alarm.ring, stopping.signal)
        .catch((err: unknown) => telemetry.logger.warn({ err }, 'watch failed'));
    }
    keepLooking(keeper, alarm, stopping.signal, (message) => {
      trouble = `none yet (${message})`;
      report.failure(message);
    });
  };

  return {
    start,
    problems: (now) => {
      if (served === undefined) return [trouble];
      // By the API server's clock, which is the one that refuses.
      return served.notAfter > now.getTime() - skewMs ? [] : [`expired on ${new Date(served.notAfter).toISOString()}`];
    },
    stop: () => stopping.abort(),
  };
}

/** Looks whenever there may be something to do, and every few seconds, until told to stop. */
async function keepLooking(
  keeper: Keeper,
  alarm: Alarm,
  signal: AbortSignal,
  failed: (message: string) => void,
): Promise<void> {
  let failures = 0;
  let steps = 0;
  while (!signal.aborted) {
    let waitMs: number;
    try {
      waitMs = Math.min(await keeper.tick(), lookEveryMs);
      failures = 0;
    } catch (error) {
      waitMs = Math.min(firstRetryMs * 2 ** failures, longestRetryMs);
      failures += 1;
      failed(messageOf(error));
    }
    steps = waitMs === 0 ? steps + 1 : 0;
    // So many steps on end lead nowhere.
    if (steps >= 100) waitMs = lookEveryMs;
    // Replicas that met in a race look again at different moments.
    await alarm.wait(waitMs + Math.random() * 50);
  }
}

/** How often the Secret is looked at while no watch says that it changed. */
const lookEveryMs = 15_000;
const firstRetryMs = 500;
const longestRetryMs = 15_000;
