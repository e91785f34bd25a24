import type { Pod } from './kubernetes.js';
import { labelOf, ownerOf } from './metadata.js';

/** What a person would say a Pod belongs to: the Deployment rather than its ReplicaSet, the CronJob rather than its Job. */
export type Workload = { readonly kind: string; readonly name: string };

/** What makes ReplicaSets: each names one `<its name>-<hash>` and puts the hash on the Pods under a label of its own. */
export const makersOfReplicaSets = [
  { kind: 'Deployment', hashLabel: 'pod-template-hash' },
  { kind: 'Rollout', hashLabel: 'rollouts-pod-template-hash' }, // Argo Rollouts, utils/defaults
] as const;

/**
 * The workload of a Pod, read off its owner's name without asking the API server. The CronJob controller names a
 * Job `<cronjob>-<minutes or seconds since 1970>`.
 */
export function workloadOf(pod: Pod): Workload | undefined {
  const owner = ownerOf(pod);
  if (owner === undefined) return undefined;
  if (owner.kind === 'ReplicaSet') {
    for (const { kind, hashLabel } of makersOfReplicaSets) {
      const hash = labelOf(pod, hashLabel);
      const suffix = `-${hash}`;
      if (hash && owner.name.endsWith(suffix)) return { kind, name: owner.name.slice(0, -suffix.length) };
    }
  }
  if (owner.kind === 'Job') {
    const cronJob = /^(.+)-\d{8,10}$/.exec(owner.name)?.[1];
    if (cronJob !== undefined) return { kind: 'CronJob', name: cronJob };
  }
  return { kind: owner.kind, name: owner.name };
}
