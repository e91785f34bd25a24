import type { Operation } from '../engine/operation.js';
import type { LineChange } from './line-changes.js';
import type { Insertion } from './splice.js';

/**
 * The first change that does more than the operations ask for: adds lines that are for none of them, or takes away what
 * the author wrote. Aliases that are written out do both.
 */
export function unaskedChange(
  changes: readonly LineChange[],
  insertions: readonly Insertion[],
  operations: readonly Operation[],
): LineChange | undefined {
  const asked = new Map<number, Operation | undefined>();
  for (const { line, lines, operation } of insertions) {
    for (let at = line; at < line + lines; at++) {
      if (asked.get(at)?.op !== 'replace') asked.set(at, operations[operation]);
    }
  }
  return changes.find((change) => !isAsked(change, asked));
}

function isAsked({ newLine, removed, added }: LineChange, asked: ReadonlyMap<number, Operation | undefined>): boolean {
  const told = added.map((_, index) => asked.get(newLine + index));
  // A line that goes on to hold what it held, as `labels: {}` and the last element of a list in JSON do.
  const others = added.filter((line, index) => told[index] === undefined && !/^[\s}\],]*$/.test(line)).length;
  if (others > removed.length) return false;
  if (told.some((operation) => operation?.op === 'replace')) return true;
  return removed.length <= added.length && isKept(removed.join('').replace(nothing, ''), added.join(''));
}

/** What may go because it says nothing: `{}`, `[]`, `null`, and blanks. */
const nothing = /\{\s*\}|\[\s*\]|\b(?:null|Null|NULL)\b|~|\s/g;

/** Whether all of a text is still there, in its order. */
function isKept(before: string, after: string): boolean {
  let at = 0;
  for (const char of before) {
    at = after.indexOf(char, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
