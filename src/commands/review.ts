import { diffReport } from '../reports/diff.js';
import { jsonReport } from '../reports/json.js';
import { createPaint, type Paint } from '../reports/paint.js';
import type { ReviewedManifest } from '../reports/reviewed.js';
import { summaryReport, tally } from '../reports/summary.js';
import { yamlReport } from '../reports/yaml.js';
import { type DryRunOptions, runDry } from './dry-run.js';
import { type ExitCode, exit, internalError, type Terminal, usageError } from './terminal.js';

export const reviewFormats = ['diff', 'yaml', 'json'] as const;

export type ReviewOptions = DryRunOptions & {
  readonly output: (typeof reviewFormats)[number];
  /** Whether a change is a finding. */
  readonly check?: boolean;
};

/** Shows what the webhook would do to the objects that come of manifests. */
export async function review(paths: readonly string[], options: ReviewOptions, terminal: Terminal): Promise<ExitCode> {
  const run = await runDry(paths, options, terminal);
  const problems = usageError(terminal, run.problems);
  if (run.problems.length > 0 && run.manifests.length === 0) return problems;
  terminal.out(reports[options.output](run.manifests, createPaint(terminal.colour)));
  terminal.err(summaryReport(run.manifests));
  if (run.faults.length > 0) return internalError(terminal, run.faults);
  if (run.problems.length > 0) return problems;
  const { changed, violations } = tally(run.manifests);
  return violations > 0 || (options.check === true && changed > 0) ? exit.findings : exit.clean;
}

const reports: {
  readonly [format in ReviewOptions['output']]: (manifests: readonly ReviewedManifest[], paint: Paint) => string;
} = { diff: diffReport, yaml: yamlReport, json: jsonReport };
