import { isMap, isScalar, isSeq } from 'yaml';
import type { Part } from './wishes.js';
import type { Mark } from './writer.js';

/** A change of a text: the characters from `from` to `to` become `text`. */
export type TextEdit = {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** How deep in the tree: where two insertions meet, the deeper comes first. */
  readonly depth: number;
  readonly notes: readonly Note[];
};

/** A part of the text, and what stands in its place afterwards. */
export type Replacement = Pick<TextEdit, 'from' | 'to' | 'text'>;

/** Which lines of an edit's text (from 0) are for which part of which operation's value. */
export type Note = {
  readonly operation: number;
  readonly member: string;
  readonly line: number;
  readonly lines: number;
};

/** The parts of the operations' values that written lines are for. */
export const notesOf = (marks: readonly Mark[], parts: readonly Part[], shift = 0): readonly Note[] =>
  parts.flatMap(({ operation, at }) =>
    marks
      .filter((mark) => mark.at === at || mark.at.startsWith(`${at}/`))
      .map(({ at: member, line, lines }) => ({
        operation,
        member: member.slice(at.length),
        line: line + shift,
        lines,
      })),
  );

/** An edit that adds whole lines at the start of a line, or after the last line if that has no end. */
export function insertLines(
  text: string,
  at: number,
  lines: readonly string[],
  depth: number,
  notes: readonly Note[],
): TextEdit {
  const eol = eolOf(text);
  const isAfterEnd = at > 0 && text[at - 1] !== '\n';
  return {
    from: at,
    to: at,
    text: isAfterEnd ? eol + lines.join(eol) : lines.map((line) => line + eol).join(''),
    depth,
    notes: isAfterEnd ? notes.map((note) => ({ ...note, line: note.line + 1 })) : notes,
  };
}

/** The line end that the text uses. */
export const eolOf = (text: string): string => (text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n');

/** Where the line of an offset starts; a byte order mark is no part of it. */
export const lineStart = (text: string, offset: number): number => {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return text[start] === '\uFEFF' ? start + 1 : start;
};

/** Where the line after an offset starts; a line starts at an offset that follows a line's end. */
export const nextLine = (text: string, offset: number): number => {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
};

/** Where a node's text starts and ends, without its anchor, tag and comments. */
export function rangeOf(node: unknown): readonly [from: number, to: number] | undefined {
  const range = node !== null && typeof node === 'object' && 'range' in node ? node.range : undefined;
  return Array.isArray(range) ? [range[0], range[1]] : undefined;
}

export const isFlow = (node: unknown): boolean => (isMap(node) || isSeq(node)) && node.flow === true;

export const isBlockScalar = (node: unknown): boolean =>
  isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
