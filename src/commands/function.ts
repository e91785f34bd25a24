import { planPolicy } from '../engine/plan.js';
import { namespaceLabelsOf } from '../manifests/namespaces.js';
import { type Manifest, readManifests } from '../manifests/read.js';
import { applyToText } from '../manifests/splice.js';
import { asRecord, asText, isSame } from '../model/json.js';
import { isOwnResult, type KrmResult, krmResults, resultsText } from '../reports/krm.js';
import { showProblem } from '../reports/reviewed.js';
import { remarkLines, summaryReport } from '../reports/summary.js';
import { reaches, type Threshold } from '../reports/tally.js';
import { registry } from '../rules/registry.js';
import { ownNamespace } from './defaults.js';
import { type DryRun, dryRun } from './dry-run/dry-run.js';
import { readFunctionConfig } from './function-config.js';
import { readInputs, type Source } from './inputs/inputs.js';
import { createReadSource } from './inputs/source-files.js';
import { type GoodPolicy, type LoadedPolicy, loadPolicy } from './policy-file.js';
import { exit, internalError, type Terminal, usageError } from './terminal.js';

export type FunctionOptions = {
  /** For lists that bring none. */
  readonly policy?: string;
  readonly namespace: string;
  /** From which level on what is found is an error. */
  readonly failOn: Threshold;
  /** Folders in which the sources of the items are looked for, beside the working folder. */
  readonly sourceRoot?: readonly string[];
};

/**
 * A KRM function (functions-spec of kustomize): the ResourceList of standard input with the changes in its items, and
 * with results. What it cannot do is told in both ways: results for the orchestrator, messages for a person.
 */
export async function runFunction(options: FunctionOptions, terminal: Terminal): Promise<number> {
  const { sources, problems: unread } = await readInputs(['-'], terminal);
  const [source] = sources;
  if (source === undefined) return usageError(terminal, unread.map(showProblem));
  const read = readResourceList(source);
  if ('problems' in read) return usageError(terminal, read.problems);
  const { list } = read;
  const loaded: LoadedPolicy = readFunctionConfig(list) ?? (await loadPolicy(options.policy));
  if ('problems' in loaded) {
    terminal.out(withResults(list, undefined, loaded.problems.map(failure)));
    return usageError(terminal, loaded.problems);
  }
  const run = reviewItems(list, loaded, options);
  const problems = run.problems.map(showProblem);
  const results = krmResults(run, list.value, options.failOn);
  terminal.out(withResults(list, run, [...problems.map(failure), ...results]));
  const fails = reaches(run, options.failOn);
  const lines = remarkLines(run).map((line) => `${line}\n`);
  terminal.err(fails ? summaryReport(run) : lines.join(''));
  usageError(terminal, problems);
  if (run.faults.length > 0) return internalError(terminal, run.faults);
  return problems.length > 0 ? exit.usage : fails ? exit.findings : exit.clean;
}

function reviewItems(list: Manifest, { policy }: GoodPolicy, { namespace, sourceRoot = [] }: FunctionOptions): DryRun {
  const labels = namespaceLabelsOf([list]);
  return dryRun([list], {
    plan: planPolicy(policy, registry),
    today: new Date().toISOString().slice(0, 10),
    ownNamespace,
    namespace,
    labelsOf: (name) => labels.get(name),
    readSource: createReadSource(sourceRoot),
  });
}

const failure = (message: string): KrmResult => ({
  message,
  severity: 'error',
  tags: { 'aloft.dev/level': 'problem' },
});

/** The one ResourceList that an orchestrator sends. */
function readResourceList({
  file,
  text,
}: Source): { readonly list: Manifest } | { readonly problems: readonly string[] } {
  const documents = readManifests(file, text).filter(
    ({ value, problems }) => value !== undefined || problems.length > 0,
  );
  const [list, second] = documents;
  if (list === undefined) return { problems: [`${file}: expected a ResourceList, got nothing`] };
  if (list.problems.length > 0) return { problems: list.problems.map((problem) => showProblem({ file, ...problem })) };
  const { apiVersion, kind } = asRecord(list.value);
  const isList = kind === 'ResourceList' && asText(apiVersion).startsWith('config.kubernetes.io/');
  if (isList && second === undefined) return { list };
  const got = isList ? 'several documents' : [apiVersion, kind].filter(Boolean).join(' ') || 'something else';
  const advice = 'for other manifests there is `aloft review - -o yaml`';
  return { problems: [`${file}: expected one ResourceList of config.kubernetes.io, got ${got}: ${advice}`] };
}

/** The text of the list with the changes in it, and our results behind those of others. */
function withResults(list: Manifest, run: DryRun | undefined, results: readonly KrmResult[]): string {
  const before = asRecord(list.value)['results'];
  const others: readonly unknown[] = Array.isArray(before) ? before.filter((result) => !isOwnResult(result)) : [];
  const all = [...others, ...results];
  const changes = run?.manifests.flatMap(({ objects }) => objects.flatMap(({ operations }) => operations)) ?? [];
  const isAsBefore = before === undefined ? all.length === 0 : isSame(before, all);
  if (isAsBefore) return applyToText(list, changes).text;
  if (before === undefined && mayBeAppendedTo(list.text)) return applyToText(list, changes).text + resultsText(all);
  const op = before === undefined ? 'add' : 'replace';
  return applyToText(list, [...changes, { op, path: '/results', value: all }]).text;
}

/**
 * Whether lines behind a text are members of the map that it is, as in whatever an orchestrator writes: results outweigh
 * the objects they are about, and to splice them in takes several times as long.
 */
const mayBeAppendedTo = (text: string): boolean =>
  /^(?:(?:#.*|---)?\n)*(?:apiVersion|kind): /.test(text) && !/\r|^\.\.\./m.test(text) && text.endsWith('\n');
