import { count } from './count.js';
import { type ReviewedRun, showProblem } from './reviewed.js';

/** Which policy there is, and a line for each file: how many objects it has, and how many change; and what was not read. */
export function filesReport({ manifests, leftOut = [] }: ReviewedRun, policy: string | undefined): string {
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
  const others = leftOut.map((one) => `left out: ${showProblem(one)}`);
  return [`policy: ${policy ?? 'the embedded one'}`, ...read, ...others].map((line) => `${line}\n`).join('');
}

/** How many were left out, for the line that counts, and how to see which. */
export const leftOutCount = (leftOut: number): string => `${leftOut} left out (--verbose says what)`;

/** How many files have no object in them, although nothing is wrong with them: nothing at all, or only comments. */
export function emptyFiles({ manifests, problems }: Pick<ReviewedRun, 'manifests' | 'problems'>): number {
  const told = new Set(problems.map(({ file }) => file));
  const files = [...Map.groupBy(manifests, ({ file }) => file)];
  return files.filter(([file, own]) => !told.has(file) && own.every(({ hasValue }) => !hasValue)).length;
}
