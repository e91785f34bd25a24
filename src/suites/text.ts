import { structuredPatch } from 'diff';
import { count as counted } from '../reports/count.js';
import type { Paint } from '../reports/paint.js';
import { showPlace } from '../reports/reviewed.js';
import { visible, visibleLine } from '../reports/visible.js';
import { wrap } from '../reports/wrap.js';
import { type CaseOutcome, count, type Failure, type SuiteReport, statusOf, titleOf } from './outcome.js';

/** For a person: every case that failed, with what was expected and what came, and those that did not run. */
export const textReport: SuiteReport = (outcomes, { paint, verbose }) =>
  outcomes
    .flatMap((outcome) => [...caseLines(outcome, paint, verbose), ...(verbose ? unseenLines(outcome) : [])])
    .map((line) => `${line}\n`)
    .join('');

function caseLines(outcome: CaseOutcome, paint: Paint, verbose: boolean): readonly string[] {
  const { failures, skipped, updated, place } = outcome;
  const head = (word: string): string =>
    `${word} ${visibleLine(showPlace(place))} ${paint.bold(visibleLine(titleOf(outcome)))}`;
  switch (statusOf(outcome)) {
    case 'failed':
      return [head(paint.red('FAIL')), ...failures.flatMap((failure) => failureLines(failure, paint))];
    case 'skipped':
      return [head(paint.yellow('SKIP')), ...wrap(visibleLine(skipped ?? ''), 2)];
    case 'passed':
      if (updated.length > 0) return [head(paint.cyan('DONE')), `  updated: ${visibleLine(updated.join(', '))}`];
      return verbose ? [head(paint.green('PASS'))] : [];
  }
}

function failureLines({ place, path, message, expected, got }: Failure, paint: Paint): readonly string[] {
  const lines = wrap(visibleLine(`${showPlace(place)}: ${path === '' ? '' : `${path}: `}${message}`), 2);
  return expected === undefined || got === undefined ? lines : [...lines, ...diffLines(expected, got, paint)];
}

/** Expected and got as a unified diff. */
function diffLines(expected: string, got: string, paint: Paint): readonly string[] {
  const { hunks } = structuredPatch('expected', 'got', visible(expected), visible(got));
  const shown = [paint.red('--- expected'), paint.green('+++ got')];
  for (const { oldStart, oldLines, newStart, newLines, lines } of hunks) {
    shown.push(paint.cyan(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`));
    for (const line of lines)
      shown.push(line.startsWith('-') ? paint.red(line) : line.startsWith('+') ? paint.green(line) : line);
  }
  return shown.map((line) => `    ${line}`);
}

const unseenLines = ({ unseen }: CaseOutcome): readonly string[] =>
  unseen.map((path) => `  not seen from outside: ${visibleLine(path)}`);

/** One line that counts, and one for what nobody could see. */
export function summaryLines(outcomes: readonly CaseOutcome[]): string {
  const { passed, failed, skipped, updated, unseen } = count(outcomes);
  const counts = [`${passed} passed`, `${failed} failed`, `${skipped} skipped`];
  if (updated > 0) counts.push(`${updated} updated`);
  const blind = `${counted(unseen, 'expectation')} cannot be seen from outside of a webhook\n`;
  return `${unseen > 0 ? blind : ''}${counts.join(', ')}\n`;
}
