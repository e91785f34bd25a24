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
export function writeFlowMember(to: Written, [key, value]: readonly [string, unknown], at: string, indent: string, style: FlowStyle): void {
  append(to, `${style.json ? doubleQuoted(key) : inlineText(key, 'plain', true)}${style.colon}`);
  writeFlow(to, value, at, indent, style);
}

function writeCollection(to: Written, value: object, at: string, indent: string, style: FlowStyle): void {
  const isList = Array.isArray(value);
  const padding = isList ? '' : style.padding;
  append(to, `${isList ? '[' : '{'}${style.step === undefined ? padding : ''}`);
  for (const [index, [key, part]] of Object.entries(value).entries()) {
    if (index > 0) append(to, style.step === undefined ? style.comma : ',');
    if (style.step !== undefined) to.lines.push(indent + style.step);
    const partAt = `${at}/${escapeToken(key)}`;
    if (isList) writeFlow(to, part, partAt, indent + (style.step ?? ''), style);
    else writeFlowMember(to, [key, part], partAt, indent + (style.step ?? ''), style);
  }
  if (style.step !== undefined) to.lines.push(indent);
  append(to, `${style.step === undefined ? padding : ''}${isList ? ']' : '}'}`);
}

const append = (to: Written, text: string): void => {
  to.lines.push((to.lines.pop() ?? '') + text);
};
