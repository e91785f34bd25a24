import { isSeq, type YAMLSeq } from 'yaml';
import { blockStyleAt, columnOf, lineAfter } from './block-layout.js';
import { writeElement, writeMember } from './block-text.js';
import { eolOf, insertLines, lineStart, type Note, nextLine, notesOf, rangeOf, type TextEdit } from './edits.js';
import type { Slot } from './trail.js';
import type { Part, Wish } from './wishes.js';
import type { Written } from './writer.js';

/** New members after the last one of a block map; undefined where that cannot be done by adding lines. */
export function addMembers(
  text: string,
  { map, trail, members }: Wish & { kind: 'members' },
): readonly TextEdit[] | undefined {
  const column = columnOf(text, map);
  if (column === undefined) return undefined;
  const style = blockStyleAt(text, trail, map);
  const { lines, notes } = collect(members, (to, { key, value }) =>
    writeMember(to, [key, value], '', ' '.repeat(column), style),
  );
  return [insertLines(text, lineAfter(text, map.items.at(-1), column), lines, trail.length + 1, notes)];
}

/** New elements of a block list. */
export function addElements(text: string, wish: Wish & { kind: 'elements' }): readonly TextEdit[] | undefined {
  const { seq, trail, before, elements } = wish;
  const column = columnOf(text, seq);
  if (column === undefined) return undefined;
  const indent = ' '.repeat(column);
  const style = blockStyleAt(text, trail);
  const gap = gapAfterDash(text, seq);
  const { lines, notes } = collect(elements, (to, { value }) => writeElement(to, value, '', indent, style, gap));
  const depth = trail.length + 1;
  if (before > 0) return [insertLines(text, lineAfter(text, seq.items[before - 1], column), lines, depth, notes)];
  const dash = seq.range?.[0] ?? 0;
  const start = lineStart(text, dash);
  if (text.slice(start, dash).trim() === '') {
    return [
      insertLines(text, aboveComments(text, start, firstLineOf(text, trail.at(-1)) ?? start), lines, depth, notes),
    ];
  }
  // The first dash shares its line with another one: `- - a`.
  const eol = eolOf(text);
  return [{ from: dash, to: dash, text: lines.join(eol).trimStart() + eol + indent, depth: -depth, notes }];
}

type Wanted = { readonly value: unknown; readonly parts: readonly Part[] };

function collect<T extends Wanted>(wanted: readonly T[], write: (to: Written, one: T) => void) {
  const lines: string[] = [];
  const notes: Note[] = [];
  for (const one of wanted) {
    const written: Written = { lines: [], marks: [] };
    write(written, one);
    // One by one: what is added may be longer than a call may have arguments.
    for (const note of notesOf(written.marks, one.parts, lines.length)) notes.push(note);
    for (const line of written.lines) lines.push(line);
  }
  return { lines, notes };
}

const firstLineOf = (text: string, slot: Slot | undefined): number | undefined =>
  slot && 'pair' in slot ? nextLine(text, rangeOf(slot.pair.key)?.[1] ?? text.length) : undefined;

/** A comment above an element stays with it. */
function aboveComments(text: string, start: number, limit: number): number {
  let at = start;
  while (at > limit) {
    const previous = lineStart(text, at - 1);
    if (!/^[ \t]*(?:#|\r?\n)/.test(text.slice(previous, at))) break;
    at = previous;
  }
  return at;
}

function gapAfterDash(text: string, seq: YAMLSeq): string {
  const item = seq.items[0];
  const start = isSeq(item) ? undefined : rangeOf(item)?.[0];
  const between = text.slice((seq.range?.[0] ?? 0) + 1, start);
  return start !== undefined && /^ +$/.test(between) ? between : ' ';
}
