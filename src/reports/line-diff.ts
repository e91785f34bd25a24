import { type LineChange, linesOf } from '../manifests/line-changes.js';
import type { Paint } from './paint.js';

/** Lines around a change that show where it is. */
const context = 3;

/** Changes of one text as a unified diff, as `patch` and `git apply -p0` read it. */
export function lineDiff(file: string, before: string, changes: readonly LineChange[], paint: Paint): string {
  const lines = linesOf(before);
  // With a tab behind it, a name may hold spaces.
  const head = [paint.bold(`--- ${file}\t`), paint.bold(`+++ ${file}\t(after aloft)`)];
  return [...head, ...hunksOf(changes).flatMap((hunk) => showHunk(hunk, lines, paint)), ''].join('\n');
}

/** Changes so near to each other that all lines between them are shown. */
function hunksOf(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const hunks: LineChange[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && change.oldLine - endOf(last) <= 2 * context) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

/** The line of the old text after a change. */
const endOf = ({ oldLine, removed }: LineChange): number => oldLine + removed.length;

function showHunk(hunk: readonly LineChange[], lines: readonly string[], paint: Paint): readonly string[] {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (first === undefined || last === undefined) return [];
  const start = Math.max(1, first.oldLine - context);
  const end = Math.min(lines.length + 1, endOf(last) + context);
  const grown = hunk.reduce((sum, { removed, added }) => sum + added.length - removed.length, 0);
  const newStart = start + first.newLine - first.oldLine;
  const shown = [paint.cyan(`@@ -${start},${end - start} +${newStart},${end - start + grown} @@`)];
  let at = start;
  for (const change of hunk) {
    shown.push(...showLines(' ', lines.slice(at - 1, change.oldLine - 1)));
    shown.push(...showLines('-', change.removed, paint.red), ...showLines('+', change.added, paint.green));
    at = endOf(change);
  }
  return [...shown, ...showLines(' ', lines.slice(at - 1, end - 1))];
}

const showLines = (mark: string, lines: readonly string[], paint = (text: string) => text): readonly string[] =>
  lines.flatMap((line) => {
    const [, text = '', ending = ''] = /^([^\r\n]*)(\r?)\n?$/.exec(line) ?? [undefined, line];
    return [paint(mark + text) + ending, ...(line.endsWith('\n') ? [] : ['\\ No newline at end of file'])];
  });
