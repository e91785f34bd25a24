import { createPaint } from '../../reports/paint.js';
import { jsonReport } from '../../suites/json.js';
import { junitReport } from '../../suites/junit.js';
import { type CaseOutcome, count, type SuiteReport, titleOf } from '../../suites/outcome.js';
import { suiteJsonSchema } from '../../suites/parse.js';
import { summaryLines, textReport } from '../../suites/text.js';
import type { Output } from '../outputs.js';
import { type ExitCode, exit, internalError, type Terminal, usageError } from '../terminal.js';
import { writeReport } from '../write-report.js';
import { type LoadedCase, loadCase } from './cases.js';
import { findSuites, type LoadedSuite } from './files.js';
import { createLibrary } from './library.js';
import { outcomesOf } from './outcomes.js';
import { type CaseRun, runCase } from './run.js';
import { nothingUpdated, updateGoldens } from './update.js';
import { openWebhook } from './webhook.js';

export type SuiteFormat = 'text' | 'json' | 'junit';

export type SuiteOptions = {
  /** Instead of the policies that suites name. */
  readonly policy?: string;
  /** Which cases, by `suite/case`. */
  readonly run?: RegExp;
  readonly output: readonly Output<SuiteFormat>[];
  readonly update?: boolean;
  /** No summary. */
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** The webhook to ask instead of the policies here. */
  readonly server?: URL;
  readonly caFile?: string;
  readonly serverName?: string;
};

/** Runs the cases of suites, and says which do not come out as expected. */
export async function testSuites(
  paths: readonly string[],
  options: SuiteOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const found = await findSuites(paths, terminal);
  if (found.problems.length > 0) return usageError(terminal, found.problems);
  const loaded = await loadAll(found.suites, options);
  if ('problems' in loaded) return usageError(terminal, loaded.problems);
  const ran = await runAll(loaded.cases, options);
  if ('problem' in ran) return usageError(terminal, [ran.problem]);
  const updated = options.update === true ? await updateGoldens(ran.runs) : nothingUpdated;
  const outcomes = found.suites.flatMap((suite) => outcomesOf(suite, ran.runs, updated));
  const unwritten = await report(outcomes, options, terminal);
  for (const file of options.verbose === true ? found.passedOver : []) terminal.err(`no suite: ${file}\n`);
  if (options.quiet !== true) terminal.err(summaryLines(outcomes));
  const faults = ran.runs.flatMap((run) => run.faults);
  if (faults.length > 0) return internalError(terminal, faults);
  const problems = [...updated.problems, ...unwritten];
  if (problems.length > 0) return usageError(terminal, problems);
  const { passed, failed } = count(outcomes);
  if (passed + failed === 0) terminal.err('aloft: every case was skipped, so that nothing is known\n');
  return passed === 0 || failed > 0 ? exit.findings : exit.clean;
}

/** Prints the JSON Schema of a suite, for editors. */
export function printSuiteSchema(terminal: Terminal): ExitCode {
  terminal.out(`${JSON.stringify(suiteJsonSchema(), undefined, 2)}\n`);
  return exit.clean;
}

type Loaded = { readonly cases: readonly LoadedCase[] } | { readonly problems: readonly string[] };

/** The cases that are asked for, with all that they name; or everything that is wrong with them. */
async function loadAll(suites: readonly LoadedSuite[], { run, policy }: SuiteOptions): Promise<Loaded> {
  const loading = { library: createLibrary(), policy };
  const all = suites.flatMap((from) => from.suite.spec.cases.map((test, index) => ({ from, index, name: test.name })));
  const chosen = all.filter(({ from, name }) => run?.test(titleOf({ suite: from.suite.metadata.name, name })) ?? true);
  if (all.length > 0 && chosen.length === 0) return { problems: [`--run ${run?.source}: none of ${all.length} cases`] };
  const loaded = await Promise.all(chosen.map(({ from, index }) => loadCase(from, index, loading)));
  const problems = new Set(loaded.flatMap((one) => ('problems' in one ? one.problems : [])));
  if (problems.size > 0) return { problems: [...problems] };
  return { cases: loaded.flatMap((one) => ('problems' in one ? [] : [one])) };
}

async function runAll(cases: readonly LoadedCase[], options: SuiteOptions) {
  const realDay = new Date().toISOString().slice(0, 10);
  const { server, ...trust } = options;
  const webhook = server === undefined ? undefined : await openWebhook({ server, ...trust });
  if (webhook !== undefined && 'problem' in webhook) return webhook;
  const runs: CaseRun[] = [];
  for (const one of cases) {
    runs.push(await runCase(one, webhook === undefined ? { realDay } : { realDay, webhook: webhook.ask }));
  }
  webhook?.close();
  return { runs };
}

const reports: { readonly [format in SuiteFormat]: SuiteReport } = {
  text: textReport,
  json: jsonReport,
  junit: junitReport,
};

/** Prints and writes every report that is asked for; what could not be written. */
async function report(
  outcomes: readonly CaseOutcome[],
  { output, verbose = false }: SuiteOptions,
  terminal: Terminal,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { format, file } of output) {
    const paint = createPaint(terminal.colour && file === undefined);
    const text = reports[format](outcomes, { paint, verbose });
    if (file === undefined) terminal.out(text);
    else problems.push(...(await writeReport(file, text)));
  }
  return problems;
}
