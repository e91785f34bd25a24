import { type Document, LineCounter } from 'yaml';
import type { Path } from '../model/problem.js';
import { flawsOf, hinted } from './faults.js';
import { splitBrokenJson } from './json-stream.js';
import { splitDocuments } from './split.js';
import { parseTree } from './tree.js';
import { type Flaw, plainValue } from './value.js';

/** Where something stands in a file; both count from 1. */
export type Position = { readonly line: number; readonly column: number };

/** What keeps a document from being read, and where. */
export type Problem = Position & { readonly message: string };

/** A key that a map holds several times: the place of the last one, and its path in the document. */
export type DuplicateKey = Problem & { readonly path: Path };

/** One document of a file: its text, its value, and what it takes to find one in the other. */
export type Manifest = {
  readonly file: string;
  /** With the comments, directives and marker before it: the texts of a file's manifests, joined, are the file. */
  readonly text: string;
  /** The line of the file on which `text` starts, from 1. */
  readonly startLine: number;
  /** The column on which it starts, where that is not the first: in a line with several values of JSON. */
  readonly startColumn?: number;
  /** Absent in a document that is empty or has problems. */
  readonly value?: unknown;
  readonly problems: readonly Problem[];
  /** Keys that a map holds twice. kubectl takes the last one without a word; whoever wrote them meant something else. */
  readonly duplicates: readonly DuplicateKey[];
  readonly document: Document;
  readonly lines: LineCounter;
};

/** The manifests of a YAML or JSON text, in order; a broken one says so in its `problems` and leaves the others alone. */
export const readManifests = (file: string, text: string, firstLine = 1): readonly Manifest[] => [
  ...eachManifest(file, text, firstLine),
];

/** The same, one after the other: a syntax tree is ten times its text, and most need only one at a time. */
export function* eachManifest(file: string, text: string, firstLine = 1): Generator<Manifest, void, undefined> {
  let at: Position = { line: firstLine, column: 1 };
  for (const part of splitDocuments(text)) {
    const manifest = readManifest(file, part, at);
    const pieces = manifest.problems.length > 0 ? (splitBrokenJson(part) ?? []) : [];
    if (pieces.length === 0) yield manifest;
    let before = at;
    for (const piece of pieces) {
      const own = readManifest(file, piece, before);
      before = behind(own);
      yield own;
    }
    at = behind(manifest);
  }
}

/** The position in the file of an offset in the manifest's text. */
export function locate({ text, startLine, startColumn = 1, lines }: Placed, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  if (line > 1) return { line: startLine + line - 1, column: Math.max(col, 1) };
  // Editors do not count the byte order mark.
  const invisible = text.startsWith('\uFEFF') && offset > 0 ? 1 : 0;
  return { line: startLine, column: startColumn - 1 + Math.max(col, 1) - invisible };
}

type Placed = Pick<Manifest, 'text' | 'startLine' | 'startColumn' | 'lines'>;

/** Where in the file the text ends. */
function behind({ text, startLine, startColumn = 1, lines: { lineStarts } }: Placed): Position {
  const newlines = lineStarts.length - 1;
  const column = newlines === 0 ? startColumn : 1;
  return { line: startLine + newlines, column: column + text.length - (lineStarts[newlines] ?? 0) };
}

/** The manifest in a text that holds one document, and where in its file that stands. */
export function readManifest(file: string, text: string, { line, column }: Position): Manifest {
  const placed = { text, startLine: line, ...(column > 1 ? { startColumn: column } : {}), lines: countLines(text) };
  const told = ({ offset, message }: Flaw): Problem => ({ ...locate(placed, offset), message });
  const document = parseTree(text);
  const faults = flawsOf(document, text);
  const { value, flaws, duplicates } = faults.length > 0 ? unread : plainValue(document);
  const problems = hinted([...faults, ...flaws], text).map(told);
  const isEmpty = problems.length > 0 || value === null || value === undefined;
  const read = isEmpty ? {} : { value };
  return {
    file,
    ...placed,
    ...read,
    problems,
    duplicates: duplicates.map((one) => ({ ...told(one), path: one.path })),
    document,
  };
}

const unread = { value: undefined, flaws: [], duplicates: [] };

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    lines.addNewLine(start);
    end = text.indexOf('\n', start);
  }
  return lines;
}
