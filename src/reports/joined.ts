import type { Replacement } from '../manifests/edits.js';
import type { Insertion } from '../manifests/splice.js';
import type { ReviewedManifest } from './reviewed.js';

/** Documents that follow each other in a file as one, also in what is to become of them. */
export function joined(first: ReviewedManifest, others: readonly ReviewedManifest[]): ReviewedManifest {
  if (others.length === 0) return first;
  const manifests = [first, ...others];
  let [before, after, newLines, operations] = ['', '', 0, 0];
  const edits: Replacement[] = [];
  const insertions: Insertion[] = [];
  for (const { text, spliced, objects } of manifests) {
    const [start, lines, past] = [before.length, newLines, operations];
    for (const edit of spliced?.edits ?? []) edits.push({ ...edit, from: edit.from + start, to: edit.to + start });
    for (const one of spliced?.insertions ?? []) {
      insertions.push({ ...one, line: one.line + lines, operation: one.operation + past });
    }
    const now = spliced?.text ?? text;
    before += text;
    after += now;
    newLines += now.split('\n').length - 1;
    operations += objects.reduce((sum, object) => sum + object.operations.length, 0);
  }
  return {
    file: first.file,
    text: before,
    startLine: first.startLine,
    hasValue: manifests.some(({ hasValue }) => hasValue),
    objects: manifests.flatMap(({ objects }) => objects),
    ...(edits.length === 0 ? {} : { spliced: { text: after, edits, insertions } }),
  };
}
