import { type Document, LineCounter, type YAMLParseError } from 'yaml';
import { splitDocuments } from './split.js';
import { parseTree } from './tree.js';
import { type Flaw, plainValue } from './value.js';

/** Where something stands in a file; both count from 1. */
export type Position = { readonly line: number; readonly column: number };

/** What keeps a document from being read, and where. */
export type Problem = Position & { readonly message: string };

/** One document of a file: its text, its value, and what it takes to find one in the other. */
export type Manifest = {
  readonly file: string;
  /** With the comments, directives and marker before it: the texts of a file's manifests, joined, are the file. */
  readonly text: string;
  /** The line of the file on which `text` starts, from 1. */
  readonly startLine: number;
  /** Absent in a document that is empty or has problems. */
  readonly value?: unknown;
  readonly problems: readonly Problem[];
  readonly document: Document;
  readonly lines: LineCounter;
};

/** The manifests of a YAML or JSON text, in order; a broken one says so in its `problems` and leaves the others alone. */
export function readManifests(file: string, text: string): readonly Manifest[] {
  let startLine = 1;
  return splitDocuments(text).map((part) => {
    const manifest = readManifest(file, part, startLine);
    startLine += part.split('\n').length - 1;
    return manifest;
  });
}

/** The position in the file of an offset in the manifest's text. */
export function locate(
  { text, startLine, lines }: Pick<Manifest, 'text' | 'startLine' | 'lines'>,
  offset: number,
): Position {
  const { line, col } = lines.linePos(offset);
  // Editors do not count the byte order mark.
  const invisible = line === 1 && text.startsWith('\uFEFF') && offset > 0 ? 1 : 0;
  return { line: startLine + Math.max(line, 1) - 1, column: Math.max(col, 1) - invisible };
}

function readManifest(file: string, text: string, startLine: number): Manifest {
  const { document, value, flaws } = readDocument(text);
  const lines = countLines(text);
  const problems = flaws.map(({ offset, message }) => ({ ...locate({ text, startLine, lines }, offset), message }));
  const isEmpty = problems.length > 0 || value === null || value === undefined;
  return { file, text, startLine, ...(isEmpty ? {} : { value }), problems, document, lines };
}

type Read = { readonly document: Document; readonly value?: unknown; readonly flaws: readonly Flaw[] };

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    lines.addNewLine(start);
    end = text.indexOf('\n', start);
  }
  return lines;
}

function readDocument(text: string): Read {
  const document = parseTree(text);
  if (document.errors.length > 0) return { document, flaws: hinted(flawsOf(document.errors, text), text) };
  const { value, flaws } = plainValue(document);
  return { document, value, flaws: hinted(flaws, text) };
}

/** Duplicate keys are all told; of the syntax errors only the first, because the others mostly follow from it. */
function flawsOf(errors: readonly YAMLParseError[], text: string): readonly Flaw[] {
  const firstOther = errors.find((error) => error.code !== 'DUPLICATE_KEY');
  return errors
    .filter((error) => error.code === 'DUPLICATE_KEY' || error === firstOther)
    .map(({ code, message, pos: [offset] }) => ({
      offset,
      message: toldOf(code, message, keyAt(text, offset)),
    }));
}

function keyAt(text: string, offset: number): string {
  const [key = ''] = /^(?:"[^"]*"|'[^']*'|[^:\r\n]+)/.exec(text.slice(offset, offset + 100)) ?? [];
  return JSON.stringify(key.replace(/^(["'])(.*)\1$/, '$2'));
}

function toldOf(code: string, message: string, key: string): string {
  if (code === 'DUPLICATE_KEY') return `the key ${key} is there twice`;
  if (code === 'RESOURCE_EXHAUSTION') return 'the document is nested too deeply';
  return message.charAt(0).toLowerCase() + message.slice(1);
}

const unquotedTemplate = /(?:^|\n|[:-][ \t]+)[ \t]*\{\{/;

function hinted(flaws: readonly Flaw[], text: string): readonly Flaw[] {
  if (!unquotedTemplate.test(text)) return flaws;
  const hint = 'looks like a template; render it first, e.g. with helm template';
  return flaws.map((flaw, index) => (index === 0 ? { ...flaw, message: `${flaw.message} (${hint})` } : flaw));
}
