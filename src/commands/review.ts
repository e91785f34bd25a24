import { diffReport } from '../reports/diff.js';
import { jsonReport } from '../reports/json.js';
import { createPaint } from '../reports/paint.js';
import type { ReviewedManifest } from '../reports/reviewed.js';
import { summaryReport, tally } from '../reports/summary.js';
import { type UpgradeReport, upgradeReport, upgradeText } from '../reports/upgrade.js';
import { yamlReport } from '../reports/yaml.js';
import { type DryRunOptions, type PolicyRun, runDry } from './dry-run.js';
import { type ExitCode, exit, internalError, type Terminal, usageError } from './terminal.js';
import { upgradeTo } from './upgrade-versions.js';

export const reviewFormats = ['diff', 'yaml', 'json'] as const;

export type ReviewOptions = DryRunOptions & {
  readonly output: (typeof reviewFormats)[number];
  /** Whether a change is a finding. */
  readonly check?: boolean;
  /** The release that an upgrade leads to: `1.31`, or `1.28..1.31`. */
  readonly istioVersion?: string;
};

/** Shows what the webhook would do to the objects that come of manifests. */
export async function review(paths: readonly string[], options: ReviewOptions, terminal: Terminal): Promise<ExitCode> {
  const run = await runDry(paths, options, terminal);
  const asked = askedUpgrade(options, run);
  const problems = usageError(terminal, [...run.problems, ...('problem' in asked ? [asked.problem] : [])]);
  if ('problem' in asked || (run.problems.length > 0 && run.manifests.length === 0)) return problems;
  reports[options.output](run.manifests, { terminal, upgrade: asked.upgrade });
  terminal.err(summaryReport(run.manifests));
  if (run.faults.length > 0) return internalError(terminal, run.faults);
  if (run.problems.length > 0) return problems;
  const { changed, violations } = tally(run.manifests);
  return violations > 0 || (options.check === true && changed > 0) ? exit.findings : exit.clean;
}

/** What an upgrade means for the objects of a run, where one is asked about. */
function askedUpgrade({ istioVersion }: ReviewOptions, { cluster, manifests }: PolicyRun) {
  if (istioVersion === undefined || cluster === undefined) return { upgrade: undefined };
  const found = upgradeTo(istioVersion, cluster);
  return 'problem' in found ? found : { upgrade: upgradeReport(manifests, found.upgrade) };
}

type Printing = { readonly terminal: Terminal; readonly upgrade: UpgradeReport | undefined };

const reports: {
  readonly [format in ReviewOptions['output']]: (manifests: readonly ReviewedManifest[], printing: Printing) => void;
} = {
  diff: (manifests, { terminal, upgrade }) => {
    terminal.out(diffReport(manifests, createPaint(terminal.colour)));
    if (upgrade) terminal.out(upgradeText(upgrade));
  },
  yaml: (manifests, { terminal, upgrade }) => {
    terminal.out(yamlReport(manifests));
    if (upgrade) terminal.err(upgradeText(upgrade));
  },
  json: (manifests, { terminal, upgrade }) => terminal.out(jsonReport(manifests, upgrade)),
};
