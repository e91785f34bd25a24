import { structuredPatch } from 'diff';
import { applyToText, type Spliced } from '../manifests/splice.js';
import type { Paint } from './paint.js';
import { type ReviewedManifest, type ReviewedObject, titleOf } from './reviewed.js';

/** What would change, as a unified diff of the input with the reason beside each change. */
export function diffReport(manifests: readonly ReviewedManifest[], paint: Paint): string {
  /** By how many lines the documents before have grown their file. */
  const grown = new Map<string, number>();
  return manifests.map((reviewed) => diffManifest(reviewed, grown, paint)).join('');
}

function diffManifest({ manifest, objects }: ReviewedManifest, grown: Map<string, number>, paint: Paint): string {
  const changed = objects.filter(({ operations }) => operations.length > 0);
  if (changed.length === 0) return '';
  const { file, text, startLine } = manifest;
  const operations = changed.flatMap((object) => object.operations);
  const spliced = applyToText(manifest, operations);
  const reasons = reasonsByLine(spliced, operations);
  // Every document is compared by itself: the time that a comparison takes grows faster than its texts.
  const { hunks } = structuredPatch(file, file, text, spliced.text, undefined, undefined, { context: 3 });
  const before = grown.get(file) ?? 0;
  grown.set(file, before + hunks.reduce((sum, { newLines, oldLines }) => sum + newLines - oldLines, 0));
  const lines = changed.map((object) => paint.bold(headerOf(object)));
  lines.push(paint.bold(`--- ${file}`), paint.bold(`+++ ${file} (after aloft)`));
  for (const hunk of hunks) {
    const from = `-${hunk.oldStart + startLine - 1},${hunk.oldLines}`;
    const to = `+${hunk.newStart + startLine - 1 + before},${hunk.newLines}`;
    lines.push(paint.cyan(`@@ ${from} ${to} @@`));
    let newLine = hunk.newStart;
    for (const line of hunk.lines) {
      lines.push(showLine(line.replace(/\r$/, ''), reasons.get(newLine), paint));
      if (line.startsWith('+') || line.startsWith(' ')) newLine++;
    }
  }
  return `${lines.join('\n')}\n`;
}

const headerOf = (object: ReviewedObject): string =>
  `# ${object.file}:${object.line}:${object.column} ${titleOf(object)} (namespace ${object.namespace})`;

function showLine(line: string, reason: string | undefined, paint: Paint): string {
  if (line.startsWith('-')) return paint.red(line);
  if (!line.startsWith('+')) return line;
  return reason === undefined ? paint.green(line) : `${paint.green(line)} ${paint.dim(`# ${reason}`)}`;
}

/** For each line of the new text on which something added begins: the rule and its reason. */
function reasonsByLine({ insertions }: Spliced, operations: readonly ReviewedObject['operations'][number][]) {
  const reasons = new Map<number, string>();
  for (const { line, operation, member } of insertions) {
    const why = operations[operation]?.because.find(({ at }) => at === member);
    if (why !== undefined) reasons.set(line, `${why.rule}: ${why.reason.message}`);
  }
  return reasons;
}
