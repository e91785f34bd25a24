import type { Pod } from './kubernetes.js';
import { labelOf, ownerOf } from './metadata.js';

/** What a person would say a Pod belongs to: the Deployment rather than its ReplicaSet, the CronJob rather than its Job. */
export type Workload = { readonly kind: string; readonly name: string };

/**
 * The workload of a Pod, read off its owner's name without asking the API server. The Deployment controller names a
 * ReplicaSet `<deployment>-<pod-template-hash>` and puts the hash on the Pod as a label; the CronJob controller names a
 * Job `<cronjob>-<minutes or seconds since 1970>`.
 */
export function workloadOf(pod: Pod): Workload | undefined {
  const owner = ownerOf(pod);
  if (owner === undefined) return undefined;
  if (owner.kind === 'ReplicaSet') {
    const hash = labelOf(pod, 'pod-template-hash');
    const suffix = `-${hash}`;
    if (hash && owner.name.endsWith(suffix)) return { kind: 'Deployment', name: owner.name.slice(0, -suffix.length) };
  }
  if (owner.kind === 'Job') {
    const cronJob = /^(.+)-\d{8,10}$/.exec(owner.name)?.[1];
    if (cronJob !== undefined) return { kind: 'CronJob', name: cronJob };
  }
  return { kind: owner.kind, name: owner.name };
}
