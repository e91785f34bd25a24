import { planPolicy } from '../../engine/plan.js';
import type { StringMap } from '../../model/kubernetes.js';
import type { Policy } from '../../policy/policy.js';
import { registry } from '../../rules/registry.js';
import { ownNamespace } from '../defaults.js';
import type { Source } from '../inputs/inputs.js';
import { createReadSource } from '../inputs/source-files.js';
import { type DryRun, dryRun } from './dry-run.js';

/** A dry run as plain data, which another thread can be given. */
export type Job = {
  readonly policy: Policy;
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly namespace: string;
  readonly sourceRoots: readonly string[];
  readonly needsText: boolean;
  /** The labels of the namespaces that the input has. */
  readonly namespaceLabels: ReadonlyMap<string, StringMap>;
};

/** Carries out a job on some of its texts. */
export function carryOut(
  { policy, today, namespace, needsText, sourceRoots, namespaceLabels }: Job,
  sources: readonly Source[],
  progress: (objects: number) => void,
): DryRun {
  const plan = planPolicy(policy, registry);
  const readSource = createReadSource(sourceRoots);
  const labelsOf = (name: string): StringMap | undefined => namespaceLabels.get(name);
  return dryRun(sources, { plan, today, ownNamespace, namespace, needsText, readSource, labelsOf, progress });
}
