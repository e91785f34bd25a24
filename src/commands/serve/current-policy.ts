import { readFile } from 'node:fs/promises';
import { type Plan, planPolicy } from '../../engine/plan.js';
import type { Policy } from '../../policy/policy.js';
import { registry } from '../../rules/registry.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { type GoodPolicy, readPolicy } from '../policy-file.js';

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
