import { type Document, LineCounter } from 'yaml';
import { splitDocuments } from './split.js';
import { faultsOf, parseTree } from './tree.js';
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
  /** Keys that a map holds twice. kubectl takes the last one without a word; whoever wrote them meant something else. */
  readonly duplicates: readonly Problem[];
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
  const lines = countLines(text);
  const told = ({ offset, message }: Flaw): Problem => ({ ...locate({ text, startLine, lines }, offset), message });
  const { document, value, flaws } = readDocument(text);
  const problems = flaws.map(told);
  const duplicates = document.errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ pos: [offset] }) => told({ offset, message: `the key ${keyAt(text, offset)} is there twice` }));
  const isEmpty = problems.length > 0 || value === null || value === undefined;
  return { file, text, startLine, ...(isEmpty ? {} : { value }), problems, duplicates, document, lines };
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
  // Of several faults only the first is told, because the others mostly follow from it.
  const [fault] = faultsOf(document);
  if (fault !== undefined) {
    const flaw = { offset: fault.pos[0], message: toldOf(fault.code, fault.message) };
    return { document, flaws: hinted([flaw], text) };
  }
  const { value, flaws } = plainValue(document);
  return { document, value, flaws: hinted(flaws, text) };
}

function keyAt(text: string, offset: number): string {
  const [key = ''] = /^(?:"[^"]*"|'[^']*'|[^:\r\n]+)/.exec(text.slice(offset, offset + 100)) ?? [];
  return JSON.stringify(key.replace(/^(["'])(.*)\1$/, '$2'));
}

function toldOf(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'the document is nested too deeply';
  return message.charAt(0).toLowerCase() + message.slice(1);
}

const unquotedTemplate = /(?:^|\n|[:-][ \t]+)[ \t]*\{\{/;

function hinted(flaws: readonly Flaw[], text: string): readonly Flaw[] {
  if (!unquotedTemplate.test(text)) return flaws;
  const hint = 'looks like a template; render it first, e.g. with helm template';
  return flaws.map((flaw, index) => (index === 0 ? { ...flaw, message: `${flaw.message} (${hint})` } : flaw));
}
