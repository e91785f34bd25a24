import type { LineChange } from '../manifests/line-changes.js';
import { count } from './count.js';
import { leftOutCount } from './files.js';
import { lineDiff } from './line-diff.js';
import type { Paint } from './paint.js';

/** What became, or is to become, of a file. */
export type FixedFile = {
  readonly file: string;
  readonly before: string;
  readonly changes: readonly LineChange[];
  /** How many objects in it are changed. */
  readonly objects: number;
};

/** A line for each file: how many lines were written into it. */
export const fixedReport = (files: readonly FixedFile[], isDone: boolean): string =>
  files.map((fixed) => `${fixed.file}: ${countLines(fixed, isDone)} for ${count(fixed.objects, 'object')}\n`).join('');

/** The same in full. */
export const fixedDiff = (files: readonly FixedFile[], paint: Paint): string =>
  files.map(({ file, before, changes }) => lineDiff(file, before, changes, paint)).join('');

/** What a run came to. */
export type FixTally = {
  readonly fixed: number;
  readonly notFixed: number;
  readonly untouched: number;
  /** What somebody could have expected to be read. */
  readonly leftOut: number;
  readonly violations: number;
};

/** One line for a person. */
export function fixSummary({ fixed, notFixed, untouched, leftOut, violations }: FixTally, isDone: boolean): string {
  const counts = [
    `${count(fixed, 'file')} ${isDone ? 'fixed' : 'to fix'}`,
    ...(notFixed === 0 ? [] : [`${notFixed} not fixed`]),
    `${untouched} with nothing to fix`,
    ...(leftOut === 0 ? [] : [leftOutCount(leftOut)]),
    ...(violations === 0 ? [] : [`${count(violations, 'violation')} left`]),
  ];
  return `${counts.join(', ')}\n`;
}

function countLines({ changes }: FixedFile, isDone: boolean): string {
  const sum = (of: (change: LineChange) => number): number => changes.reduce((all, change) => all + of(change), 0);
  const added = sum((change) => Math.max(0, change.added.length - change.removed.length));
  const changed = sum(changedLines);
  const [add, change] = isDone ? ['added', 'changed'] : ['to add', 'to change'];
  if (changed === 0) return `${count(added, 'line')} ${add}`;
  return added === 0
    ? `${count(changed, 'line')} ${change}`
    : `${count(added, 'line')} ${add} and ${changed} ${change}`;
}

/** A last line that only gets an end is no change. */
const changedLines = ({ removed, added }: LineChange): number =>
  removed.filter((line, index) => line.trimEnd() !== added[index]?.trimEnd()).length;
