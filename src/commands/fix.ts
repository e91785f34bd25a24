import { filesReport } from '../reports/files.js';
import { fixedDiff, fixedReport, fixSummary } from '../reports/fixed.js';
import { createPaint } from '../reports/paint.js';
import { type InputProblem, showProblem } from '../reports/reviewed.js';
import { remarkLines } from '../reports/summary.js';
import { tally } from '../reports/tally.js';
import { type DryRunOptions, runDry } from './dry-run/run-dry.js';
import { planFixes, writeFixes } from './fix-files.js';
import { exit, internalError, type Terminal, usageError } from './terminal.js';

export type FixOptions = DryRunOptions & {
  /** Shows the diff, and writes nothing. */
  readonly dryRun?: boolean;
  /** Names the files, and writes nothing; a change is a finding then. */
  readonly check?: boolean;
  /** Also which policy there is, and which files. */
  readonly verbose?: boolean;
};

/** Writes what the webhook would do to manifests into their files. */
export async function fix(paths: readonly string[], options: FixOptions, terminal: Terminal): Promise<number> {
  if (paths.includes('-')) {
    return usageError(terminal, ['-: standard input is no file that could be fixed: use aloft review - -o yaml']);
  }
  const run = await runDry(paths, options, terminal, true);
  if ('policyProblems' in run) return usageError(terminal, run.policyProblems);
  if (run.faults.length > 0) return internalError(terminal, [...run.faults, 'no file was changed']);
  const plan = await planFixes(run);
  const isDone = options.dryRun !== true && options.check !== true;
  const { fixed, refused } = isDone ? await writeFixes(plan.fixes) : { fixed: plan.fixes, refused: [] };
  terminal.out(options.dryRun === true ? fixedDiff(fixed, createPaint(terminal.colour)) : fixedReport(fixed, isDone));
  if (options.verbose === true) terminal.err(filesReport(run, options.policy));
  for (const line of remarkLines(run)) terminal.err(`${line}\n`);
  const problems: readonly InputProblem[] = [...run.problems, ...plan.refused, ...refused];
  const code = problems.length > 0 ? usageError(terminal, problems.map(showProblem)) : exit.clean;
  const { violations } = tally(run);
  const files = new Set([...run.manifests, ...problems].map(({ file }) => file)).size;
  const notFixed = new Set(problems.map(({ file }) => file)).size;
  const untouched = files - fixed.length - notFixed;
  const counts = { fixed: fixed.length, notFixed, untouched, leftOut: run.leftOut?.length ?? 0, violations };
  if (options.quiet !== true) terminal.err(fixSummary(counts, isDone));
  if (code !== exit.clean) return code;
  return violations > 0 || (options.check === true && fixed.length > 0) ? exit.findings : exit.clean;
}
