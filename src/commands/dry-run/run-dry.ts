import { type ObjectExemptions, policySuppressions } from '../../engine/suppressions.js';
import { readNamespaceLabels } from '../../manifests/namespaces.js';
import { positionOf } from '../../manifests/position.js';
import { readManifests } from '../../manifests/read.js';
import { createNameCheck } from '../../policy/names.js';
import type { Cluster, Policy } from '../../policy/policy.js';
import { leftOutCount } from '../../reports/files.js';
import type { InputProblem, Suppression } from '../../reports/reviewed.js';
import { registry } from '../../rules/registry.js';
import type { ClusterOptions } from '../cluster-options.js';
import { type Inputs, readInputs } from '../inputs/inputs.js';
import { isLiveNamespace, readLive } from '../live/live.js';
import { type GoodPolicy, loadPolicy } from '../policy-file.js';
import type { Terminal } from '../terminal.js';
import type { DryRun } from './dry-run.js';
import { createProgress } from './progress.js';
import { dryRunInThreads } from './threads.js';

/** A dry run with what a good policy says of the cluster, or what is wrong with the policy. */
export type PolicyRun =
  | (Omit<DryRun, 'exempted'> & { readonly cluster: Cluster })
  | { readonly policyProblems: readonly string[] };

export type DryRunOptions = {
  readonly policy?: string;
  /** For objects that do not say which namespace they are for. */
  readonly namespace: string;
  /** Folders in which the sources of rendered manifests are looked for, beside the working folder. */
  readonly sourceRoot?: readonly string[];
  /** Reads from this cluster what the words name, instead of files. */
  readonly live?: ClusterOptions;
  /** Shows no progress. */
  readonly quiet?: boolean;
};

/** Reads the policy and the input, and reviews all of it; without a good policy nothing is reviewed. */
export async function runDry(
  paths: readonly string[],
  options: DryRunOptions,
  terminal: Terminal,
  needsText = false,
): Promise<PolicyRun> {
  const loaded = await loadPolicy(options.policy);
  if ('problems' in loaded) return { policyProblems: loaded.problems };
  const { live } = options;
  const progress = createProgress(options.quiet === true ? {} : terminal);
  const inputs = live === undefined ? await readInputs(paths, terminal, progress.read) : await readLive(paths, live);
  // Those of a cluster are there for their labels.
  const sources = inputs.sources.filter(({ file }) => !isLiveNamespace(file));
  progress.read(sources.length);
  const today = new Date().toISOString().slice(0, 10);
  const job = {
    policy: loaded.policy,
    today,
    namespace: options.namespace,
    sourceRoots: options.sourceRoot ?? [],
    namespaceLabels: readNamespaceLabels(inputs.sources),
    needsText,
  };
  const { exempted, ...run } = await dryRunInThreads(sources, job, progress.reviewed);
  progress.done();
  const problems = [...inputs.problems, ...run.problems];
  const isEmpty = problems.length === 0 && run.manifests.every(({ hasValue }) => !hasValue);
  return {
    ...run,
    problems: isEmpty ? emptyInputs(inputs) : problems,
    leftOut: inputs.leftOut,
    suppressions: [
      ...inPolicy(loaded, options.policy, exempted, today),
      ...withProblems(run.suppressions, loaded.policy),
    ],
    cluster: loaded.policy.spec.cluster,
  };
}

/**
 * Where nothing at all is an object, as kubectl has it too: most likely, something before has gone wrong. Not with files
 * that are named one by one, as hooks do it with whatever was touched.
 */
function emptyInputs({ gathered, leftOut: { length } }: Inputs): readonly InputProblem[] {
  const message = length === 0 ? 'no object in it' : `no object in it: ${leftOutCount(length)}`;
  return gathered.map((file) => ({ file, message }));
}

/** What came of the exemptions of a policy, each with its place in the file, where there is one. */
function inPolicy(
  { policy, text }: GoodPolicy,
  file: string | undefined,
  exempted: readonly ObjectExemptions[],
  today: string,
): readonly Suppression[] {
  const all = policySuppressions(policy.spec.exemptions, exempted, today);
  if (file === undefined || all.length === 0) return all;
  const manifest = readManifests(file, text).find(({ value }) => value !== undefined);
  if (manifest === undefined) return all;
  return all.map((one) => ({ ...one, place: { file, ...positionOf(manifest, ['spec', 'exemptions', one.index]) } }));
}

/** What came of annotations, with what is wrong with the names in them: in a policy, that is an error. */
function withProblems(inAnnotations: readonly Suppression[], { spec }: Policy): readonly Suppression[] {
  const problemWith = createNameCheck(spec.rules, registry);
  return inAnnotations.map((one) => {
    const problem = one.rules.map(problemWith).find((text) => text !== undefined);
    return problem === undefined ? one : { ...one, problem };
  });
}
