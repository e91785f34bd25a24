import type { Replacement } from './edits.js';

/** Lines that give way to others, each with what ends it; one of both may be empty. */
export type LineChange = {
  /** The first of them in the old text, and in the new one, from 1. */
  readonly oldLine: number;
  readonly newLine: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
};

/** The lines in which the edits make a difference, in the order of the text, as few of them as can be. */
export function lineChanges(text: string, edits: readonly Replacement[]): readonly LineChange[] {
  const changes: LineChange[] = [];
  let [at, oldLine, grown] = [0, 1, 0];
  for (const { from, to, edits: own } of wholeLines(text, edits)) {
    oldLine += newlines(text.slice(at, from));
    at = from;
    const before = linesOf(text.slice(from, to));
    const after = linesOf(applied(text, from, to, own));
    const change = trimmed({ oldLine, newLine: oldLine + grown, removed: before, added: after });
    if (change.removed.length + change.added.length > 0) changes.push(change);
    grown += after.length - before.length;
  }
  return changes;
}

/** A text's lines with what ends them. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

type Stretch = { readonly from: number; readonly to: number; readonly edits: readonly Replacement[] };

/** The edits with the lines that they touch; those whose lines meet belong together. */
function wholeLines(text: string, edits: readonly Replacement[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const edit of edits) {
    const own = { ...linesAround(text, edit), edits: [edit] };
    const last = stretches.at(-1);
    if (last === undefined || last.to < own.from) stretches.push(own);
    else {
      // Without the end of its last line, a stretch goes on with the next one.
      const isOpen = edit.to >= last.to && !edit.text.endsWith('\n');
      const to = isOpen ? lineEnd(text, edit.to) : Math.max(last.to, own.to);
      stretches[stretches.length - 1] = { from: last.from, to, edits: [...last.edits, edit] };
    }
  }
  return stretches;
}

function linesAround(text: string, { from, to, text: own }: Replacement): Omit<Stretch, 'edits'> {
  const start = from === 0 ? 0 : text.lastIndexOf('\n', from - 1) + 1;
  const isWhole = own === '' || own.endsWith('\n');
  // Whole lines between two others, or in the place of some.
  if (isWhole && start === from && (from === to || text[to - 1] === '\n')) return { from, to };
  return { from: start, to: lineEnd(text, to) };
}

const lineEnd = (text: string, offset: number): number => text.indexOf('\n', offset) + 1 || text.length;

function applied(text: string, from: number, to: number, edits: readonly Replacement[]): string {
  let result = '';
  let at = from;
  for (const edit of edits) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at, to);
}

/** Without the lines that are the same before and after, at both ends. */
function trimmed({ oldLine, newLine, removed, added }: LineChange): LineChange {
  const most = Math.min(removed.length, added.length);
  let head = 0;
  while (head < most && removed[head] === added[head]) head++;
  let tail = 0;
  while (tail < most - head && removed.at(-1 - tail) === added.at(-1 - tail)) tail++;
  return {
    oldLine: oldLine + head,
    newLine: newLine + head,
    removed: removed.slice(head, removed.length - tail),
    added: added.slice(head, added.length - tail),
  };
}

const newlines = (text: string): number => text.split('\n').length - 1;
