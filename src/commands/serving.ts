import { readFile } from 'node:fs/promises';
import type { TlsServer } from '../admission/tls-server.js';
import { readFolder } from '../certificates/folder.js';
import { type CertificatePair, checkPair, expiryOf, fitsTogether } from '../certificates/pair.js';
import { type Plan, planPolicy } from '../engine/plan.js';
import type { Policy } from '../policy/policy.js';
import { registry } from '../rules/registry.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type GoodPolicy, readPolicy } from './policy-file.js';

/** What a server tells the world about itself. */
export type Telemetry = { readonly logger: Logger; readonly metrics: Metrics };

/** The policy in force, and why a newer text of its file is not. */
export type CurrentPolicy = {
  readonly plan: () => Plan;
  readonly policy: () => Policy;
  readonly problems: () => readonly string[];
  /** Reads the file again; a bad one leaves the last good policy in force. */
  readonly reload: () => Promise<void>;
};

/** Keeps a policy up to date with its file; without a file it stays what it is. */
export function keepPolicy(
  file: string | undefined,
  loaded: GoodPolicy,
  { logger, metrics }: Telemetry,
): CurrentPolicy {
  let { policy, text } = loaded;
  let plan = planPolicy(policy, registry);
  let problems: readonly string[] = [];
  metrics.policyGeneration.set(1);
  const reload = async (): Promise<void> => {
    if (file === undefined) return;
    const next = await readFile(file, 'utf8').catch(() => undefined);
    // A ConfigMap's files are missing for a moment while the kubelet swaps them.
    if (next === undefined || next === text) return;
    text = next;
    const read = readPolicy(file, next);
    problems = 'problems' in read ? read.problems : [];
    metrics.policyReloads.inc({ result: problems.length === 0 ? 'loaded' : 'rejected' });
    if ('problems' in read) {
      logger.error({ file, problems }, 'policy rejected, the last good one stays in force');
      return;
    }
    policy = read.policy;
    plan = planPolicy(policy, registry);
    metrics.policyGeneration.inc();
    logger.info({ file, policy: policy.metadata.name }, 'policy loaded');
  };
  return { plan: () => plan, policy: () => policy, problems: () => problems, reload };
}

/** The certificate that is served, and how to follow its folder. */
export type CurrentCertificate = {
  readonly problems: (now: Date) => readonly string[];
  /** Reads the folder again; a pair that cannot serve leaves the one before in place. */
  readonly reload: () => Promise<void>;
};

/** Keeps a server's certificate up to date with its folder; open connections stay. */
export function keepCertificate(
  dir: string,
  first: CertificatePair,
  server: Pick<TlsServer, 'useCertificate'>,
  { logger, metrics }: Telemetry,
): CurrentCertificate {
  let served = first;
  let seen = first;
  const publish = () => metrics.certificateExpiry.set(expiryOf(served).getTime() / 1000);
  publish();
  const reload = async (): Promise<void> => {
    const folder = await readFolder(dir);
    // Half a pair is what a writer leaves for a moment; if it stays so, the expiry metric tells in time.
    if (!('pair' in folder) || !fitsTogether(folder.pair) || isSame(folder.pair, seen)) return;
    seen = folder.pair;
    const problems = [...checkPair(seen, { names: [], now: new Date() })];
    if (problems.length === 0) problems.push(...server.useCertificate(seen));
    metrics.certificateReloads.inc({ result: problems.length === 0 ? 'loaded' : 'rejected' });
    if (problems.length > 0) {
      logger.error({ dir, problems }, 'certificate rejected, the last good one is served');
      return;
    }
    served = seen;
    publish();
    logger.info({ dir, expires: expiryOf(served).toISOString() }, 'certificate loaded');
  };
  return { problems: (now) => checkPair(served, { names: [], now }), reload };
}

const isSame = (one: CertificatePair, other: CertificatePair): boolean =>
  one.cert === other.cert && one.key === other.key && one.ca === other.ca;
