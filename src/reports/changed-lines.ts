import { diffArrays } from 'diff';
import { type LineChange, lineChanges } from '../manifests/line-changes.js';
import type { Spliced } from '../manifests/splice.js';
import type { ReviewedManifest } from './reviewed.js';

/** Why a line is there: the rule, by the policy's name for it, and its reason. */
export type Why = { readonly rule: string; readonly message: string };

/**
 * The lines of a text that change, as `shown` makes of each of them. They are those that were written: to find them by
 * comparing takes a time that grows with the square of their number, so that is for what was written anew at once.
 */
export const changedLines = (
  text: string,
  { edits }: Spliced,
  shown = (line: string): string => line,
): readonly LineChange[] =>
  lineChanges(text, edits).flatMap(({ oldLine, newLine, removed, added }) => {
    const change = { oldLine, newLine, removed: removed.map(shown), added: added.map(shown) };
    const isPlain = removed.length === 0 || added.length === 0 || removed.length + added.length === 2;
    return isPlain ? [change] : compared(change);
  });

function compared({ oldLine, newLine, removed, added }: LineChange): readonly LineChange[] {
  const changes: LineChange[] = [];
  let [old, now] = [oldLine, newLine];
  let open: { removed: string[]; added: string[] } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    changes.push({ oldLine: old - open.removed.length, newLine: now - open.added.length, ...open });
    open = undefined;
  };
  for (const part of diffArrays([...removed], [...added])) {
    if (!part.added && !part.removed) close();
    else {
      open ??= { removed: [], added: [] };
      open[part.added ? 'added' : 'removed'].push(...part.value);
    }
    if (!part.added) old += part.value.length;
    if (!part.removed) now += part.value.length;
  }
  close();
  return changes;
}

/** By how many lines a text grows. */
export const growthOf = (changes: readonly LineChange[]): number =>
  changes.reduce((sum, { added, removed }) => sum + added.length - removed.length, 0);

/** For each added line on which a part of an operation's value begins: why. */
export function whyByLine(
  { objects }: ReviewedManifest,
  { insertions }: Spliced,
  changes: readonly LineChange[],
): ReadonlyMap<number, readonly Why[]> {
  const operations = objects.flatMap((object) => object.operations);
  const added = new Set(changes.flatMap(({ newLine, added: own }) => own.map((_, index) => newLine + index)));
  const reasons = new Map<number, readonly Why[]>();
  for (const { line, lines, operation, member } of insertions) {
    const because = operations[operation]?.because.find(({ at }) => at === member);
    if (because === undefined) continue;
    // The head of a text that grows within may stay as it was.
    let at = line;
    while (at < line + lines && !added.has(at)) at++;
    const { rule, reason } = because;
    const others = reasons.get(at) ?? [];
    // In a flow map, much stands on one line.
    if (others.some((other) => other.rule === rule && other.message === reason.message)) continue;
    reasons.set(at, [...others, { rule, message: reason.message }]);
  }
  return reasons;
}
