import { existsSync } from 'node:fs';
import { explainJson } from '../../reports/explain-json.js';
import type { ExplainedPolicy, Explanation } from '../../reports/explained.js';
import { filesReport } from '../../reports/files.js';
import { createPaint } from '../../reports/paint.js';
import { objectsOf, showProblem } from '../../reports/reviewed.js';
import { traceReport } from '../../reports/trace.js';
import { type ClusterOptions, isLive } from '../cluster-options.js';
import { type DryRunOptions, runDry } from '../dry-run/run-dry.js';
import { createReadSource } from '../inputs/source-files.js';
import { showTime } from '../live/causes.js';
import { withObjects } from '../live/live.js';
import { type ChosenPolicy, originOf } from '../live/policy.js';
import { namesObjects, parseWanted } from '../live/wanted.js';
import { type GoodPolicy, loadPolicy } from '../policy-file.js';
import { exit, internalError, type Terminal, usageError } from '../terminal.js';
import { type Choice, choose } from './choice.js';
import { decidedPlaces } from './decided-places.js';
import { explainObjects } from './live.js';
import { placesIn } from './policy-places.js';

export type ExplainOptions = DryRunOptions &
  Choice & {
    readonly output?: 'text' | 'json';
    /** Which cluster, where one is asked for. */
    readonly cluster?: ClusterOptions;
    /** What can be nothing but files. */
    readonly files?: readonly string[];
    /** Also which policy there is, and which files; of a cluster, the report says that anyhow. */
    readonly verbose?: boolean;
  };

/**
 * Shows how each rule decided on each object of manifests, or of a cluster, and what decided it. Words name files, or
 * objects of a cluster as kubectl names them.
 */
export async function explain(words: readonly string[], options: ExplainOptions, terminal: Terminal): Promise<number> {
  const { files = [], cluster = {} } = options;
  if (!isLive(cluster) && !areObjects(words)) return await explainFiles([...files, ...words], options, terminal);
  if (files.length > 0) return usageError(terminal, ['expected files, or objects of a cluster, got both']);
  return await explainCluster(words, { ...options, cluster }, terminal);
}

/** What is there as a file is a file. */
const areObjects = ([first, ...others]: readonly string[]): boolean =>
  first !== undefined && namesObjects(first) && ![first, ...others].some((word) => existsSync(word));

type Found = Omit<Explanation, 'policy'> & {
  readonly policy: GoodPolicy & Pick<ChosenPolicy, 'file' | 'source' | 'changedAt' | 'instead'>;
  readonly problems: readonly string[];
  readonly faults: readonly string[];
};

async function explainFiles(paths: readonly string[], options: ExplainOptions, terminal: Terminal): Promise<number> {
  const loaded = await loadPolicy(options.policy);
  if ('problems' in loaded) return usageError(terminal, loaded.problems);
  const run = await runDry(paths, options, terminal);
  if ('policyProblems' in run) return usageError(terminal, run.policyProblems);
  if (options.verbose === true) terminal.err(filesReport(run, options.policy));
  const found: Found = {
    items: objectsOf(run).map((object) => ({ object })),
    decidedAt: decidedPlaces(run.manifests, createReadSource(options.sourceRoot ?? [])),
    policy: { ...loaded, ...originOf(options.policy) },
    problems: run.problems.map(showProblem),
    faults: run.faults,
  };
  return show(found, options, terminal);
}

type LiveOptions = ExplainOptions & { readonly cluster: ClusterOptions };

async function explainCluster(words: readonly string[], options: LiveOptions, terminal: Terminal): Promise<number> {
  const wanted = parseWanted(words);
  if ('problem' in wanted) return usageError(terminal, [wanted.problem]);
  const { cluster, policy } = options;
  const run = await withObjects(cluster, (api) =>
    explainObjects(api, wanted, { ...cluster, ...(policy && { policy }) }),
  );
  if ('unreachable' in run) {
    const isGuess = isLive(cluster) ? '' : `${words[0]} is no file here, and `;
    return usageError(terminal, [`${isGuess}${run.unreachable}`]);
  }
  if ('unusable' in run) return usageError(terminal, run.unusable);
  return show({ ...run, decidedAt: () => undefined }, options, terminal);
}

const explainedPolicy = ({ changedAt, instead, ...chosen }: Found['policy']): ExplainedPolicy => ({
  name: chosen.policy.metadata.name,
  source: chosen.source,
  ...(changedAt === undefined ? {} : { changed: showTime(changedAt) }),
  ...(instead === undefined ? {} : { instead }),
  places: placesIn(chosen),
});

function show(found: Found, options: ExplainOptions, terminal: Terminal): number {
  const { policy, cluster, problems, faults } = found;
  const chosen = choose(found.items, options, policy.policy);
  if ('problems' in chosen) return usageError(terminal, [...problems, ...chosen.problems]);
  const { items } = chosen;
  const explanation: Explanation = { ...found, policy: explainedPolicy(policy), items };
  const style = { paint: createPaint(terminal.colour), width: terminal.width ?? 80 };
  if (options.output === 'json') terminal.out(explainJson(explanation));
  else if (items.length > 0) terminal.out(traceReport(explanation, style));
  if (faults.length > 0) return internalError(terminal, faults);
  if (problems.length > 0) return usageError(terminal, problems);
  if (items.length > 0) return exit.clean;
  const what = found.items.length === 0 ? 'no Pod, Service or workload' : 'no object for that rule';
  return usageError(terminal, [`nothing to explain: ${what} ${cluster ? 'in the cluster' : 'in the input'}`]);
}
