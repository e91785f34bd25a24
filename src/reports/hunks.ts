import type { LineChange } from '../manifests/line-changes.js';
import type { Why } from './changed-lines.js';

/** A line of a text, with its number before and after. */
export type Row =
  | { readonly kind: 'kept'; readonly text: string; readonly before: number; readonly after: number }
  | { readonly kind: 'removed'; readonly text: string; readonly before: number }
  | { readonly kind: 'added'; readonly text: string; readonly after: number; readonly why: readonly Why[] };

/** Changed lines and a few around them; `skipped` is how many lines were left out before. */
export type Hunk = { readonly skipped: number; readonly rows: readonly Row[] };

/** How many lines around a change show where it is. */
export const context = 3;

/** What changes are shown in. */
export type Around = {
  readonly lines: readonly string[];
  /** The first of the lines that may be shown, from 1, and the first that may not any more. */
  readonly from: number;
  readonly to: number;
  /** What is to be added to the numbers of lines. */
  readonly offset: { readonly before: number; readonly after: number };
  readonly why: (line: number) => readonly Why[] | undefined;
};

/** The changes with the lines around them, those together that are near to each other. */
export function hunksOf(around: Around, changes: readonly LineChange[]): readonly Hunk[] {
  const hunks: { skipped: number; rows: Row[] }[] = [];
  let shown = around.from;
  for (const [index, change] of changes.entries()) {
    const { oldLine, newLine, removed, added } = change;
    const isNear = hunks.length > 0 && oldLine - shown <= context;
    const start = isNear ? shown : Math.max(shown, oldLine - context);
    if (!isNear) hunks.push({ skipped: start - shown, rows: [] });
    const end = oldLine + removed.length;
    shown = Math.min(changes[index + 1]?.oldLine ?? around.to, end + context);
    const rows = [
      ...kept(around, start, oldLine, newLine - oldLine),
      ...changed(around, change),
      ...kept(around, end, shown, newLine + added.length - end),
    ];
    for (const row of rows) hunks.at(-1)?.rows.push(row);
  }
  return hunks;
}

function kept({ lines, offset }: Around, from: number, to: number, growth: number): readonly Row[] {
  return lines.slice(from - 1, to - 1).map((text, index) => {
    const line = from + index;
    return { kind: 'kept', text, before: line + offset.before, after: line + growth + offset.after };
  });
}

const changed = ({ offset, why }: Around, { oldLine, newLine, removed, added }: LineChange): readonly Row[] => [
  ...removed.map((text, index): Row => ({ kind: 'removed', text, before: oldLine + index + offset.before })),
  ...added.map((text, index): Row => {
    const line = newLine + index;
    return { kind: 'added', text, after: line + offset.after, why: why(line) ?? [] };
  }),
];

/** Where a hunk is, as a unified diff says it. */
export function hunkHead({ rows }: Hunk): string {
  const before = rows.flatMap((row) => ('before' in row ? [row.before] : []));
  const after = rows.flatMap((row) => ('after' in row ? [row.after] : []));
  return `@@ -${before[0] ?? 0},${before.length} +${after[0] ?? 0},${after.length} @@`;
}
