import { structuredPatch } from 'diff';
import { applyToText, type Spliced } from '../manifests/splice.js';
import type { Paint } from './paint.js';
import { type ReviewedManifest, type ReviewedObject, titleOf } from './reviewed.js';

/**
 * What would change, as a unified diff of the input with the reason beside each change. Each document is a patch of its
 * own, to what those before it have made of their file, so that `patch` and `git apply` take all of them in one go.
 */
export function diffReport(manifests: readonly ReviewedManifest[], paint: Paint): string {
  const before = new Map<string, Before>();
  return manifests.map((reviewed, index) => diffManifest(reviewed, manifests, index, before, paint)).join('');
}

/** What the documents before have made of a file: by how many lines it has grown, and the last lines of it. */
type Before = { readonly grown: number; readonly lines: readonly string[] };

const context = 3;

function diffManifest(
  { manifest, objects }: ReviewedManifest,
  all: readonly ReviewedManifest[],
  index: number,
  before: Map<string, Before>,
  paint: Paint,
): string {
  const { file, text, startLine } = manifest;
  const { grown, lines: head } = before.get(file) ?? { grown: 0, lines: [] };
  const changed = objects.filter(({ operations }) => operations.length > 0);
  if (changed.length === 0) {
    before.set(file, { grown, lines: [...head, ...linesOf(text)].slice(-context) });
    return '';
  }
  const operations = changed.flatMap((object) => object.operations);
  const spliced = applyToText(manifest, operations);
  const reasons = reasonsByLine(spliced, operations);
  const tail = linesAfter(all, index);
  // Every document is compared by itself: the time that a comparison takes grows faster than its texts.
  const whole = (own: string): string => [...head, own, ...tail].join('');
  const { hunks } = structuredPatch(file, file, whole(text), whole(spliced.text), undefined, undefined, { context });
  const growth = hunks.reduce((sum, { newLines, oldLines }) => sum + newLines - oldLines, 0);
  before.set(file, { grown: grown + growth, lines: [...head, ...linesOf(spliced.text)].slice(-context) });
  const shown = changed.map((object) => paint.bold(headerOf(object)));
  // With a tab behind it, a name may hold spaces.
  shown.push(paint.bold(`--- ${file}\t`), paint.bold(`+++ ${file}\t(after aloft)`));
  const offset = startLine - 1 - head.length + grown;
  for (const hunk of hunks) {
    const from = `-${hunk.oldStart + offset},${hunk.oldLines}`;
    const to = `+${hunk.newStart + offset},${hunk.newLines}`;
    shown.push(paint.cyan(`@@ ${from} ${to} @@`));
    let newLine = hunk.newStart - head.length;
    for (const line of hunk.lines) {
      shown.push(showLine(line, reasons.get(newLine), paint));
      if (line.startsWith('+') || line.startsWith(' ')) newLine++;
    }
  }
  return `${shown.join('\n')}\n`;
}

/** With what ends each of them. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The first lines of a file behind one of its documents. */
function linesAfter(all: readonly ReviewedManifest[], index: number): readonly string[] {
  const lines: string[] = [];
  for (let next = index + 1; lines.length < context && all[next]?.manifest.file === all[index]?.manifest.file; next++) {
    lines.push(...linesOf(all[next]?.manifest.text ?? ''));
  }
  return lines.slice(0, context);
}

const headerOf = (object: ReviewedObject): string =>
  `# ${object.file}:${object.line}:${object.column} ${titleOf(object)} (namespace ${object.namespace})`;

function showLine(line: string, reason: string | undefined, paint: Paint): string {
  if (line.startsWith('-')) return paint.red(line);
  if (!line.startsWith('+')) return line;
  const ending = line.endsWith('\r') ? '\r' : '';
  const own = paint.green(line.slice(0, line.length - ending.length));
  return reason === undefined ? `${own}${ending}` : `${own} ${paint.dim(`# ${reason}`)}${ending}`;
}

/** For each line of the new text on which something added begins: the rules and their reasons. */
function reasonsByLine({ insertions }: Spliced, operations: readonly ReviewedObject['operations'][number][]) {
  const reasons = new Map<number, string>();
  for (const { line, operation, member } of insertions) {
    const why = operations[operation]?.because.find(({ at }) => at === member);
    if (why === undefined) continue;
    const reason = `${why.rule}: ${why.reason.message}`;
    const others = reasons.get(line)?.split('; ') ?? [];
    // In a flow map, much stands on one line.
    if (!others.includes(reason)) reasons.set(line, [...others, reason].join('; '));
  }
  return reasons;
}
