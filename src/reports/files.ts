import { count } from './count.js';
import { type ReviewedRun, showProblem } from './reviewed.js';

/** A line for each file that was read: how many documents and objects it has, and how many change; and what was not read. */
export function filesReport({ manifests, leftOut = [] }: ReviewedRun): string {
  const files = new Map<string, { documents: number; objects: number; changed: number }>();
  for (const { file, hasValue, objects } of manifests) {
    const counts = files.get(file) ?? { documents: 0, objects: 0, changed: 0 };
    counts.documents += hasValue ? 1 : 0;
    counts.objects += objects.length;
    counts.changed += objects.filter(({ operations }) => operations.length > 0).length;
    files.set(file, counts);
  }
  const read = [...files].map(
    ([file, { documents, objects, changed }]) =>
      `${file}: ${count(documents, 'document')}, ${count(objects, 'object')} reviewed, ${changed} to change`,
  );
  return [...read, ...leftOut.map((one) => `left out: ${showProblem(one)}`)].map((line) => `${line}\n`).join('');
}
