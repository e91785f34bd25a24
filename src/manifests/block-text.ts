import { escapeToken } from '../engine/operation.js';
import { doubleQuoted, fitsLiteral, inlineText, scalarText } from './scalar-text.js';
import { isCollection, marked, type Written } from './writer.js';

/** How the surroundings are laid out. */
export type BlockStyle = {
  /** Columns by which a map within a map is indented. */
  readonly step: number;
  /** Columns by which a list is indented under its key: 0 in `containers:\n- name`. */
  readonly listIndent: number;
  /** Whether a string of several lines may stand in a literal block (`|`). */
  readonly literals: boolean;
};

/** Writes `key: value`, the key at the indentation. */
export function writeMember(
  to: Written,
  [key, value]: readonly [string, unknown],
  at: string,
  indent: string,
  style: BlockStyle,
): void {
  marked(to, at, () => {
    to.lines.push(`${indent}${scalarText(key)}:`);
    writeValue(to, value, at, indent, style);
  });
}

/** Writes `- value`, the dash at the indentation. */
export function writeElement(
  to: Written,
  value: unknown,
  at: string,
  indent: string,
  style: BlockStyle,
  gap = ' ',
): void {
  marked(to, at, () => {
    const first = to.lines.length;
    if (isCollection(value)) {
      writeBlock(to, value, at, indent + ' '.repeat(1 + gap.length), style);
      to.lines[first] = `${indent}-${gap}${to.lines[first]?.trimStart() ?? ''}`;
    } else {
      to.lines.push(`${indent}-`);
      writeValue(to, value, at, indent, style);
    }
  });
}

/** Writes a value after the key or dash that ends the last line. */
function writeValue(to: Written, value: unknown, at: string, indent: string, style: BlockStyle): void {
  if (isCollection(value)) {
    writeBlock(to, value, at, indent + ' '.repeat(Array.isArray(value) ? style.listIndent : style.step), style);
  } else if (typeof value === 'string' && style.literals && fitsLiteral(value)) {
    to.lines.push(`${to.lines.pop()} ${literalHeader(value)}`, ...literalLines(value, indent + ' '.repeat(style.step)));
  } else {
    to.lines.push(
      `${to.lines.pop()} ${typeof value === 'string' && value.includes('\n') ? doubleQuoted(value) : inlineText(value)}`,
    );
  }
}

/** Writes the members of a map, or the elements of a list, at the indentation. */
export function writeBlock(to: Written, value: object, at: string, indent: string, style: BlockStyle): void {
  for (const [key, part] of Object.entries(value)) {
    const partAt = `${at}/${escapeToken(key)}`;
    if (Array.isArray(value)) writeElement(to, part, partAt, indent, style);
    else writeMember(to, [key, part], partAt, indent, style);
  }
}

export const literalHeader = (value: string): string => (value.endsWith('\n') ? '|' : '|-');

export const literalLines = (value: string, indent: string): string[] =>
  value
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line));
