import { resolve } from 'node:path';
import { filesReport } from '../reports/files.js';
import { type FormatName, formats } from '../reports/formats.js';
import { createPaint } from '../reports/paint.js';
import { type ReviewedRun, showProblem } from '../reports/reviewed.js';
import { remarkLines, summaryReport } from '../reports/summary.js';
import { reaches, type Threshold, tally } from '../reports/tally.js';
import { upgradeReport, upgradeText } from '../reports/upgrade.js';
import { version } from '../version.js';
import { type DryRunOptions, type PolicyRun, runDry } from './dry-run/run-dry.js';
import type { Output } from './outputs.js';
import { exit, internalError, type Terminal, usageError } from './terminal.js';
import { upgradeTo } from './upgrade-versions.js';
import { writeReport } from './write-report.js';

export type ReviewOptions = DryRunOptions & {
  readonly output: readonly Output<FormatName>[];
  /** From which level on what is found fails the run. */
  readonly failOn: Threshold;
  /** The exit code of a run whose gravest finding is a warning that does not fail it. */
  readonly warnExitCode: number;
  /** Nothing beside the reports but what is wrong. */
  readonly quiet?: boolean;
  /** Also which policy there is, and which files. */
  readonly verbose?: boolean;
  /** The release that an upgrade leads to: `1.31`, or `1.28..1.31`. */
  readonly istioVersion?: string;
};

/** Shows what the webhook would do to the objects that come of manifests. */
export async function review(paths: readonly string[], options: ReviewOptions, terminal: Terminal): Promise<number> {
  const needsText = options.output.some(({ format }) => formats[format].needsText);
  const found = await runDry(paths, options, terminal, needsText);
  if ('policyProblems' in found) return usageError(terminal, found.policyProblems);
  const problems = found.problems.map(showProblem);
  const asked = withUpgrade(options, found);
  if ('problem' in asked) return usageError(terminal, [...problems, asked.problem]);
  const { run } = asked;
  usageError(terminal, problems);
  const unwritten = await report(run, options, terminal);
  terminal.err(messages(run, options));
  usageError(terminal, unwritten);
  if (found.faults.length > 0) return internalError(terminal, found.faults);
  if (problems.length > 0 || unwritten.length > 0) return exit.usage;
  if (reaches(run, options.failOn)) return exit.findings;
  const { violations, warnings } = tally(run);
  return violations === 0 && warnings > 0 ? options.warnExitCode : exit.clean;
}

/** What is said beside the reports. */
function messages(run: ReviewedRun, { quiet, verbose, policy }: ReviewOptions): string {
  if (quiet === true)
    return remarkLines(run)
      .map((line) => `${line}\n`)
      .join('');
  // Where nothing could be read, there is nothing to count.
  const summary = run.manifests.length === 0 && run.problems.length > 0 ? '' : summaryReport(run);
  return verbose === true ? filesReport(run, policy) + summary : summary;
}

/** Prints and writes every report that is asked for; what could not be written. */
async function report(run: ReviewedRun, { output }: ReviewOptions, terminal: Terminal): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { format, file } of output) {
    if (file !== undefined && isInput(file, run)) {
      problems.push(`${file}: was read as input: give the report another file`);
      continue;
    }
    const show = await formats[format].load();
    const paint = createPaint(terminal.colour && file === undefined);
    const width = (file === undefined ? terminal.width : undefined) ?? Number.POSITIVE_INFINITY;
    const text = show(run, { paint, width, version });
    if (file === undefined) terminal.out(text);
    else problems.push(...(await writeReport(file, text)));
  }
  if (run.upgrade !== undefined && !output.some(({ format }) => formats[format].tellsUpgrade)) {
    terminal.err(upgradeText(run.upgrade));
  }
  return problems;
}

const isInput = (file: string, { manifests }: ReviewedRun): boolean =>
  manifests.some((manifest) => resolve(manifest.file) === resolve(file));

type Found = Exclude<PolicyRun, { readonly policyProblems: readonly string[] }>;

/** A run with what an upgrade means for its objects, where one is asked about. */
function withUpgrade({ istioVersion }: ReviewOptions, { cluster, faults: _, ...run }: Found) {
  if (istioVersion === undefined) return { run };
  const found = upgradeTo(istioVersion, cluster);
  return 'problem' in found ? found : { run: { ...run, upgrade: upgradeReport(run.manifests, found.upgrade) } };
}
