export type Quotes = 'plain' | 'single' | 'double';

/**
 * A string as a YAML scalar on one line: plain where no reader, of YAML 1.1 or 1.2, could take it for something else,
 * else quoted, in the asked quotes where they can hold it and are not harder to read.
 */
export function scalarText(value: string, preferred: Quotes = 'plain', inFlow = false): string {
  if (preferred === 'plain' && isPlain(value, inFlow)) return value;
  if (!isPrintable.test(value)) return doubleQuoted(value);
  const escapes = count(value, /["\\]/g);
  const doubled = count(value, /'/g);
  const single = preferred === 'single' ? doubled <= escapes + 1 : doubled < escapes;
  return single && preferred !== 'double' ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);
}

/** A string in double quotes, as JSON and YAML both read it. */
export const doubleQuoted = (value: string): string =>
  JSON.stringify(value).replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Anything that stands on one line: a string, a number, a boolean, null, an empty map or list. */
export const inlineText = (value: unknown, quotes: Quotes = 'plain', inFlow = false): string =>
  typeof value === 'string' ? scalarText(value, quotes, inFlow) : (JSON.stringify(value) ?? 'null');

/** Whether a string of several lines reads back as written in a literal block (`|`). */
export function fitsLiteral(value: string): boolean {
  const lines = value.replace(/\n$/, '').split('\n');
  const isSafe = lines.every((line) => isPrintable.test(line.replaceAll('\t', '')) && (line === '' || /\S/.test(line)));
  return value.includes('\n') && isSafe && /^\S/.test(value) && lines.at(-1) !== '';
}

const reserved = /^(?:y|yes|n|no|true|false|on|off|null)$/i;
const isPrintable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
// What JSON leaves as it is and YAML does not allow, or reads as the end of a line.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Stricter than YAML: a string that starts like a number, a date or an indicator is always quoted. */
function isPlain(value: string, inFlow: boolean): boolean {
  if (!/^(?:-{0,2}\p{L}|[_/$])/u.test(value) || reserved.test(value) || !isPrintable.test(value)) return false;
  return !/:(?: |$)| #| $/.test(value) && !(inFlow && /[,[\]{}]|:[^/]/.test(value));
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
