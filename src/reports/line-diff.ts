import { type LineChange, linesOf } from '../manifests/line-changes.js';
import type { Why } from './changed-lines.js';
import { type Hunk, hunkHead, hunksOf, type Row } from './hunks.js';
import type { Paint } from './paint.js';
import { visibleLine } from './visible.js';

/** Changes of one text as a unified diff, as `patch` and `git apply -p0` read it. */
export function lineDiff(file: string, before: string, changes: readonly LineChange[], paint: Paint): string {
  const lines = linesOf(before);
  const around = { lines, from: 1, to: lines.length + 1, offset: { before: 0, after: 0 }, why: () => undefined };
  const hunks = hunksOf(around, changes);
  return [...fileHead(file, paint), ...hunks.flatMap((hunk) => showHunk(hunk, paint)), ''].join('\n');
}

/** The lines that name the file; with a tab behind it, a name may hold spaces. */
export const fileHead = (file: string, paint: Paint): readonly string[] => [
  paint.bold(`--- ${file}\t`),
  paint.bold(`+++ ${file}\t(after aloft)`),
];

/** The lines of a hunk, the reasons as comments behind those that are added. */
export const showHunk = (hunk: Hunk, paint: Paint): readonly string[] => [
  paint.cyan(hunkHead(hunk)),
  ...hunk.rows.flatMap((row) => showRow(row, paint)),
];

function showRow(row: Row, paint: Paint): readonly string[] {
  const [, text = '', ending = '', newline = ''] = /^(.*?)(\r?)(\n?)$/s.exec(row.text) ?? [];
  const isLast = newline === '' ? ['\\ No newline at end of file'] : [];
  switch (row.kind) {
    case 'kept':
      return [` ${text}${ending}`, ...isLast];
    case 'removed':
      return [paint.red(`-${text}`) + ending, ...isLast];
    case 'added':
      return [paint.green(`+${text}`) + showWhy(row.why, paint) + ending, ...isLast];
  }
}

const showWhy = (why: readonly Why[], paint: Paint): string =>
  why.length === 0
    ? ''
    : ` ${paint.dim(`# ${visibleLine(why.map(({ rule, message }) => `${rule}: ${message}`).join('; '))}`)}`;
