import { type LineChange, linesOf } from '../manifests/line-changes.js';
import { changedLines, growthOf, whyByLine } from './changed-lines.js';
import { type Around, context, hunksOf } from './hunks.js';
import { joined } from './joined.js';
import { fileHead, showHunk } from './line-diff.js';
import type { Paint } from './paint.js';
import { type Remark, type Report, type ReviewedManifest, showPlace, titleOf } from './reviewed.js';
import { upgradeText } from './upgrade.js';
import { visibleLine } from './visible.js';

/**
 * What would change, as a unified diff of the input with the reason beside each change. Each document is a patch of its
 * own, to what those before it have made of their file, so that `patch` and `git apply` take all of them in one go; they
 * pass over the comments before it, which say what rules in mode `audit` leave.
 */
export const diffReport: Report = ({ manifests, upgrade }, { paint }) => {
  const before = new Map<string, Before>();
  const all = ofWholeLines(manifests);
  const diffs = all.map((_, index) => diffManifest(all, index, before, paint)).join('');
  return upgrade === undefined ? diffs : diffs + upgradeText(upgrade);
};

/** The documents, those as one that share a line, as values of JSON may: a diff knows nothing smaller. */
function ofWholeLines(manifests: readonly ReviewedManifest[]): readonly ReviewedManifest[] {
  const groups: [ReviewedManifest, ...ReviewedManifest[]][] = [];
  for (const manifest of manifests) {
    const before = groups.at(-1)?.at(-1);
    if (before?.file === manifest.file && !/(?:^|\n)$/.test(before.text)) groups.at(-1)?.push(manifest);
    else groups.push([manifest]);
  }
  return groups.map(([first, ...others]) => joined(first, others));
}

/** What the documents before have made of a file: by how many lines it has grown, and the last lines of it. */
type Before = { readonly grown: number; readonly lines: readonly string[] };

function diffManifest(
  all: readonly ReviewedManifest[],
  index: number,
  before: Map<string, Before>,
  paint: Paint,
): string {
  const manifest = all[index];
  if (manifest === undefined) return '';
  const { file, text, startLine, spliced } = manifest;
  const { grown, lines: head } = before.get(file) ?? { grown: 0, lines: [] };
  const lastLines = (own: string): readonly string[] => [...head, ...linesOf(own).slice(-context)].slice(-context);
  const introduction = introduce(manifest, paint);
  if (spliced === undefined) {
    before.set(file, { grown, lines: lastLines(text) });
    return introduction.map((line) => `${line}\n`).join('');
  }
  const changes = changedLines(text, spliced);
  before.set(file, { grown: grown + growthOf(changes), lines: lastLines(spliced.text) });
  const why = whyByLine(manifest, spliced, changes);
  const lines = [...head, ...linesOf(text), ...linesAfter(all, index)];
  const offset = startLine - 1 + grown - head.length;
  const around: Around = {
    lines,
    from: 1,
    to: lines.length + 1,
    offset: { before: offset, after: offset },
    why: (line) => why.get(line - head.length),
  };
  const hunks = hunksOf(
    around,
    changes.map((change) => further(change, head.length)),
  );
  return [...introduction, ...fileHead(file, paint), ...hunks.flatMap((hunk) => showHunk(hunk, paint)), ''].join('\n');
}

const further = ({ oldLine, newLine, ...lines }: LineChange, by: number): LineChange => ({
  ...lines,
  oldLine: oldLine + by,
  newLine: newLine + by,
});

/** The first lines of a file behind one of its documents. */
function linesAfter(all: readonly ReviewedManifest[], index: number): readonly string[] {
  const lines: string[] = [];
  for (let next = index + 1; lines.length < context && all[next]?.file === all[index]?.file; next++) {
    lines.push(...linesOf(all[next]?.text ?? ''));
  }
  return lines.slice(0, context);
}

/** Comments that say which objects change, and what else rules would do if their mode were not `audit`. */
const introduce = ({ objects }: ReviewedManifest, paint: Paint): readonly string[] =>
  objects.flatMap((object) => {
    const left = object.remarks.filter(({ level }) => level === 'note');
    if (object.operations.length === 0 && left.length === 0) return [];
    const title = `${showPlace(object.place)} ${titleOf(object)} (namespace ${object.namespace})`;
    return [paint.bold(comment(title)), ...left.map((remark) => paint.dim(comment(wouldAdd(remark))))];
  });

const wouldAdd = ({ name, edit = '', reason }: Remark): string =>
  `audit: ${name} would add ${edit} (${reason.message})`;

const comment = (text: string): string => `# ${visibleLine(text)}`;
