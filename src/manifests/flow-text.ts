import { escapeToken } from '../engine/operation.js';
import { doubleQuoted, inlineText } from './scalar-text.js';
import { isCollection, marked, type Written } from './writer.js';

/** How flow collections (`{}`, `[]`, all of JSON) are written here. */
export type FlowStyle = {
  /** Whether every string is quoted. */
  readonly json: boolean;
  /** What follows a key, and what follows an element on the same line. */
  readonly colon: ':' | ': ';
  readonly comma: ',' | ', ';
  /** What stands between the braces of a map and its members. */
  readonly padding: '' | ' ';
  /** One level of indentation, if new collections are to have a line for each of their members. */
  readonly step?: string;
};

/** Appends a value to the last line; `indent` is that of the line. */
export function writeFlow(to: Written, value: unknown, at: string, indent: string, style: FlowStyle): void {
  marked(
    to,
    at,
    () => {
      if (isCollection(value)) writeCollection(to, value, at, indent, style);
      else append(to, style.json && typeof value === 'string' ? doubleQuoted(value) : inlineText(value, 'plain', true));
    },
    true,
  );
}

/** Appends `key: value` to the last line. */
export function writeFlowMember(
  to: Written,
  [key, value]: readonly [string, unknown],
  at: string,
  indent: string,
  style: FlowStyle,
): void {
  append(to, `${style.json ? doubleQuoted(key) : inlineText(key, 'plain', true)}${style.colon}`);
  writeFlow(to, value, at, indent, style);
}

function writeCollection(to: Written, value: object, at: string, indent: string, style: FlowStyle): void {
  const { step, comma } = style;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : [`{${style.padding}`, `${style.padding}}`];
  append(to, step === undefined ? open : open.trim());
  for (const [index, [key, part]] of Object.entries(value).entries()) {
    if (index > 0) append(to, step === undefined ? comma : ',');
    if (step !== undefined) to.lines.push(indent + step);
    const partAt = `${at}/${escapeToken(key)}`;
    const write = Array.isArray(value) ? writeFlow : writeNamed(key);
    write(to, part, partAt, indent + (step ?? ''), style);
  }
  if (step !== undefined) to.lines.push(indent);
  append(to, step === undefined ? close : close.trim());
}

const writeNamed =
  (key: string): typeof writeFlow =>
  (to, value, at, indent, style) =>
    writeFlowMember(to, [key, value], at, indent, style);

const append = (to: Written, text: string): void => {
  to.lines.push((to.lines.pop() ?? '') + text);
};
