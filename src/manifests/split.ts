import { splitJson } from './json-stream.js';

// YAML forbids these lines inside of any scalar, so they can be found without parsing; `kubectl` does the same.
const marker = /(?:^|\n)\uFEFF?(---|\.\.\.)(?=[ \t\r\n]|$)/g;

// A line that is neither blank, nor a comment, nor a directive; a marker is content, because it begins a document.
const content = /(?:^|\n)\uFEFF?(?!%)[ \t]*[^\s#]/;

/**
 * The documents of a YAML stream, each with the comments and directives before it, and the values of a stream of JSON:
 * joined they are the text again. Splitting before parsing keeps a broken document from spoiling the others.
 */
export function* splitDocuments(text: string): Generator<string, void, undefined> {
  for (const part of splitStream(text)) yield* splitJson(part) ?? [part];
}

function* splitStream(text: string): Generator<string, void, undefined> {
  let start = 0;
  let pending: string | undefined;
  for (const match of text.matchAll(marker)) {
    const at = match.index + (match[0].startsWith('\n') ? 1 : 0);
    if (!content.test(text.slice(start, at))) continue;
    if (pending !== undefined) yield pending;
    const next = match[1] === '---' ? at : endOfLine(text, at);
    pending = text.slice(start, next);
    start = next;
  }
  const rest = text.slice(start);
  // What follows the last `...` may be nothing but comments, which are no document of their own.
  const isDocument = pending === undefined || content.test(rest);
  if (pending !== undefined) yield isDocument ? pending : pending + rest;
  if (isDocument && rest !== '') yield rest;
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
