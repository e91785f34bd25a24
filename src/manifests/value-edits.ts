import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { blockStyleAt, columnOf, contentEnd, lineAfter } from './block-layout.js';
import { type BlockStyle, literalHeader, literalLines, writeBlock } from './block-text.js';
import { insertLines, isBlockScalar, isFlow, lineStart, nextLine, notesOf, rangeOf, type TextEdit } from './edits.js';
import { fitsLiteral, inlineText, type Quotes } from './scalar-text.js';
import { nodeIn, type Slot } from './trail.js';
import type { Wish } from './wishes.js';
import { isCollection, marked, type Written } from './writer.js';

type ValueWish = Wish & { kind: 'value' };
/** What is to stand on the key's line, and on lines of its own below. */
type Shape = { readonly head: string; readonly below: Written };
type Place = { readonly text: string; readonly wish: ValueWish; readonly old: readonly [from: number, to: number] };

/** Another value in the place of one in a block collection; what comes after it on its line stays. */
export function replaceValue(text: string, wish: ValueWish): readonly TextEdit[] | undefined {
  const slot = wish.trail.at(-1);
  const node = slot && nodeIn(slot);
  const old = rangeOf(node);
  const column = slot && 'pair' in slot ? columnOf(text, slot.map) : undefined;
  if (!slot || !old) return undefined;
  const shape = shapeOf(text, wish, node, column);
  if (shape === undefined) return undefined;
  const place = { text, wish, old };
  if (isBlockScalar(node)) return replaceBlockScalar(place, shape, contentEnd(text, node));
  if (isFlow(node) || isScalar(node) || isAlias(node)) return replaceInline(place, shape);
  return replaceBlock(place, shape, slot);
}

function shapeOf(
  text: string,
  { value, trail }: ValueWish,
  old: unknown,
  column: number | undefined,
): Shape | undefined {
  const below: Written = { lines: [], marks: [] };
  const style = styleBelow(text, trail, old, column);
  if (isCollection(value)) {
    const indent = column === undefined ? elementIndent(text, old) : collectionIndent(value, column, style);
    if (indent === undefined) return undefined;
    marked(below, '', () => writeBlock(below, value, '', indent, style));
    return column === undefined ? afterDash(below) : { head: '', below };
  }
  if (typeof value === 'string' && column !== undefined && isLiteral(value, old, style)) {
    marked(below, '', () => below.lines.push(...literalLines(value, literalIndent(text, old, column, style))));
    return { head: literalHeader(value), below };
  }
  return { head: inlineText(value, quotesOf(old)), below };
}

/** A literal block would swallow the comments after it that are indented as it is. */
function styleBelow(text: string, trail: readonly Slot[], old: unknown, column: number | undefined): BlockStyle {
  const style = blockStyleAt(text, trail);
  const isFollowed = column !== undefined && lineAfter(text, old, column) !== lineAfter(text, old, Number.MAX_VALUE);
  return isFollowed ? { ...style, literals: false } : style;
}

const collectionIndent = (value: object, column: number, { listIndent, step }: BlockStyle): string =>
  ' '.repeat(column + (Array.isArray(value) ? listIndent : step));

/** The indentation of what stands after a list's dash; undefined if nothing does, or more than a dash is before it. */
function elementIndent(text: string, old: unknown): string | undefined {
  const [from, to] = rangeOf(old) ?? [0, 0];
  const before = text.slice(lineStart(text, from), from);
  return from < to && /^ *(?:- +)+$/.test(before) ? ' '.repeat(before.length) : undefined;
}

/** A list's element begins on the line of its dash. */
function afterDash({ lines: [first = '', ...lines], marks }: Written): Shape {
  return { head: first.trimStart(), below: { lines, marks: marks.map((mark) => ({ ...mark, line: mark.line - 1 })) } };
}

const isLiteral = (value: string, old: unknown, style: BlockStyle): boolean =>
  style.literals && fitsLiteral(value) && quotesOf(old) === 'plain';

function literalIndent(text: string, old: unknown, column: number, style: BlockStyle): string {
  const [from, to] = isBlockScalar(old) ? (rangeOf(old) ?? [0, 0]) : [0, 0];
  const [, own] = /\n( +)[^ \r\n]/.exec(text.slice(from, to)) ?? [];
  return own ?? ' '.repeat(column + style.step);
}

/** The quotes of a scalar of the source. */
export const quotesOf = (node: unknown): Quotes =>
  isScalar(node) && node.type === 'QUOTE_DOUBLE'
    ? 'double'
    : isScalar(node) && node.type === 'QUOTE_SINGLE'
      ? 'single'
      : 'plain';

function replaceInline({ text, wish, old: [from, to] }: Place, shape: Shape): readonly TextEdit[] {
  const isTall = shape.below.lines.length > 0;
  const head = headEdit(text, from, to, shape.head);
  return [
    { ...head, depth: 0, notes: isTall ? [] : wholeNote(wish) },
    ...(isTall ? [linesBelow(text, nextLine(text, to), wish, shape)] : []),
  ];
}

/** Nothing at all stands between `key:` and a comment or the line's end if the old value was left out. */
function headEdit(text: string, from: number, to: number, head: string): { from: number; to: number; text: string } {
  const blanks = /[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0;
  if (head === '') return { from: from - (from === to ? 0 : blanks), to, text: '' };
  if (from !== to) return { from, to, text: head };
  return { from, to, text: `${blanks > 0 ? '' : ' '}${head}${text[from] === '#' ? ' ' : ''}` };
}

function replaceBlockScalar({ text, wish, old: [from] }: Place, shape: Shape, end: number): readonly TextEdit[] {
  const header = /^[|>][-+\d]*/.exec(text.slice(from, from + 10))?.[0] ?? '';
  const isTall = shape.below.lines.length > 0;
  const start = nextLine(text, from);
  const head = headEdit(text, from, from + header.length, shape.head);
  return [
    { ...head, depth: 0, notes: isTall ? [] : wholeNote(wish) },
    { from: start, to: end, text: '', depth: 0, notes: [] },
    ...(isTall ? [linesBelow(text, end, wish, shape)] : []),
  ];
}

function replaceBlock({ text, wish, old: [from] }: Place, shape: Shape, slot: Slot): readonly TextEdit[] | undefined {
  const node = nodeIn(slot);
  if (!('pair' in slot) || (!isMap(node) && !isSeq(node)) || node.anchor || node.tag) return undefined;
  const end = contentEnd(text, node);
  const after = text[end - 1] === '\n' ? end : nextLine(text, end);
  const colon = text.indexOf(':', rangeOf(slot.pair.key)?.[1] ?? from) + 1;
  const isTall = shape.below.lines.length > 0;
  return [
    ...(isTall ? [] : [{ from: colon, to: colon, text: ` ${shape.head}`, depth: 0, notes: wholeNote(wish) }]),
    { from: lineStart(text, from), to: after, text: '', depth: 0, notes: [] },
    ...(isTall ? [linesBelow(text, after, wish, shape)] : []),
  ];
}

function linesBelow(text: string, at: number, { parts, trail }: ValueWish, { below }: Shape): TextEdit {
  return insertLines(text, at, below.lines, trail.length + 1, notesOf(below.marks, parts));
}

const wholeNote = ({ parts }: ValueWish) => notesOf([{ at: '', line: 0, lines: 1 }], parts);
