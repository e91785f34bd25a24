import { createPaint } from '../reports/paint.js';
import { traceReport } from '../reports/trace.js';
import { type DryRunOptions, runDry } from './dry-run.js';
import { type ExitCode, exit, internalError, type Terminal, usageError } from './terminal.js';

/** Shows how each rule decided on each object of manifests, and what decided it. */
export async function explain(paths: readonly string[], options: DryRunOptions, terminal: Terminal): Promise<ExitCode> {
  const run = await runDry(paths, options, terminal);
  terminal.out(traceReport(run.manifests, createPaint(terminal.colour)));
  if (run.faults.length > 0) return internalError(terminal, run.faults);
  if (run.problems.length > 0) return usageError(terminal, run.problems);
  if (run.manifests.every(({ objects }) => objects.length === 0)) {
    return usageError(terminal, ['nothing to explain: no Pod, Service or workload in the input']);
  }
  return exit.clean;
}
