import { type LineChange, linesOf } from '../manifests/line-changes.js';
import { changedLines, growthOf, whyByLine } from './changed-lines.js';
import { type Hunk, hunksOf } from './hunks.js';
import type { ReviewedManifest, ReviewedObject } from './reviewed.js';

/** A longer line that changes, as where a whole object stands on one, shows nobody anything. */
const longestLine = 4000;

/** What changes in each object of a run, line by line; an object is left out if no line of its own shows it. */
export function hunksByObject(manifests: readonly ReviewedManifest[]): ReadonlyMap<ReviewedObject, readonly Hunk[]> {
  const all = new Map<ReviewedObject, readonly Hunk[]>();
  const grown = new Map<string, number>();
  for (const manifest of manifests) {
    const { file, text, startLine, spliced } = manifest;
    if (spliced === undefined) continue;
    const changes = changedLines(text, spliced, withoutEnd);
    const why = whyByLine(manifest, spliced, changes);
    const lines = linesOf(text).map(withoutEnd);
    const shift = grown.get(file) ?? 0;
    const offset = { before: startLine - 1, after: startLine - 1 + shift };
    for (const { object, from, to, own } of sectionsOf(manifest, lines.length, changes)) {
      if (!own.every(isReadable)) continue;
      all.set(object, hunksOf({ lines, from, to, offset, why: (line) => why.get(line) }, own));
    }
    grown.set(file, shift + growthOf(changes));
  }
  return all;
}

const withoutEnd = (line: string): string => line.replace(/\r?\n$/, '');

const isReadable = ({ removed, added }: LineChange): boolean =>
  [...removed, ...added].every((line) => line.length <= longestLine);

type Section = {
  readonly object: ReviewedObject;
  /** The lines that belong to the object, from 1; `to` is the first that does not. */
  readonly from: number;
  readonly to: number;
  readonly own: readonly LineChange[];
};

/** The objects of a document, each with the changes on its lines. */
function sectionsOf(
  { file, startLine, objects }: ReviewedManifest,
  lines: number,
  changes: readonly LineChange[],
): readonly Section[] {
  const changed = objects.filter(({ operations }) => operations.length > 0);
  if (objects.length === 1) return changed.map((object) => ({ object, from: 1, to: lines + 1, own: changes }));
  const starts = objects.map((object) => startOf(object, file) - startLine + 1);
  let next = 0;
  return objects.flatMap((object, index) => {
    const to = starts[index + 1] ?? lines + 1;
    const first = next;
    while (next < changes.length && isBefore(changes[next], to)) next++;
    const own = changes.slice(first, next);
    return own.length === 0 ? [] : [{ object, from: starts[index] ?? 1, to, own }];
  });
}

/** What is put between two objects is the end of the first one. */
const isBefore = (change: LineChange | undefined, line: number): boolean =>
  change !== undefined && (change.oldLine < line || (change.oldLine === line && change.removed.length === 0));

/** The line of the text that was read, not that of a template it was rendered from. */
const startOf = ({ place }: ReviewedObject, file: string): number =>
  (place.rendered?.file === file ? place.rendered : place).line;
