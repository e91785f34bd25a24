import type { Why } from './changed-lines.js';
import { count } from './count.js';
import { type Html, html, nothing } from './html-text.js';
import type { Hunk, Row } from './hunks.js';
import { shortened } from './unified.js';

/**
 * Before and after as the columns of a table, with the reasons in a third one. A browser copes with so many rows; where
 * there are more, lines that belong together share one, and only the first shows its number.
 */
export const sideBySide = (name: string, hunks: readonly Hunk[], isLarge: boolean): Html => html`<table class="diff">
<caption class="unseen">${name}: before, after, and why</caption>
<thead><tr><th scope="col">before</th><th scope="col">after</th><th scope="col">why</th></tr></thead>
<tbody>${hunks.flatMap(({ skipped, rows }) => [gap(skipped), ...rowsOf(isLarge ? merged(rows) : rows)])}</tbody>
</table>`;

const gap = (skipped: number): Html =>
  skipped === 0 ? nothing : html`<tr class="gap"><td colspan="3">${count(skipped, 'line')} unchanged</td></tr>`;

/** Kept lines as one row, and the lines that are added for one reason. */
function merged(rows: readonly Row[]): readonly Row[] {
  const blocks: Row[] = [];
  for (const row of rows) {
    const last = blocks.at(-1);
    const isMore = row.kind === last?.kind && !(row.kind === 'added' && row.why.length > 0);
    if (last === undefined || !isMore) blocks.push(row);
    else blocks.splice(-1, 1, { ...last, text: `${last.text}\n${row.text}` });
  }
  return blocks;
}

type Kept = Extract<Row, { kind: 'kept' }>;
type Removed = Extract<Row, { kind: 'removed' }>;
type Added = Extract<Row, { kind: 'added' }>;

/** Kept lines one by one; what is removed beside what is added in its place. */
function rowsOf(rows: readonly Row[]): readonly Html[] {
  const shown: Html[] = [];
  for (let at = 0; at < rows.length; ) {
    const row = rows[at];
    if (row?.kind === 'kept') {
      shown.push(keptRow(row));
      at++;
      continue;
    }
    const end = rows.findIndex((other, index) => index > at && other.kind === 'kept');
    const block = rows.slice(at, end < 0 ? rows.length : end);
    shown.push(...changedRows(block.filter(isRemoved), block.filter(isAdded)));
    at += block.length;
  }
  return shown;
}

const isRemoved = (row: Row): row is Removed => row.kind === 'removed';
const isAdded = (row: Row): row is Added => row.kind === 'added';

function keptRow({ text, before, after }: Kept): Html {
  const line = shortened(text, 1000);
  return html`<tr><td data-n="${before}">${line}</td><td data-n="${after}">${line}</td></tr>
`;
}

function changedRows(removed: readonly Removed[], added: readonly Added[]): readonly Html[] {
  const height = Math.max(removed.length, added.length);
  const starts = added.flatMap(({ why }, index) => (why.length > 0 || index === 0 ? [index] : []));
  if (added.length === 0) starts.push(0);
  return Array.from({ length: height }, (_, index) => {
    const [before, after] = [removed[index], added[index]];
    const next = starts.find((start) => start > index) ?? height;
    const why = starts.includes(index) ? whyCell(after?.why ?? [], next - index) : nothing;
    const [old, now] = marked(before?.text, after?.text);
    return html`<tr class="changed">${
      before === undefined
        ? html`<td></td>`
        : html`<td class="removed" data-n="${before.before}"><del>${old}</del></td>`
    }${
      after === undefined ? html`<td></td>` : html`<td class="added" data-n="${after.after}"><ins>${now}</ins></td>`
    }${why}</tr>
`;
  });
}

const whyCell = (why: readonly Why[], rows: number): Html =>
  html`<td class="why" rowspan="${rows}">${why.map(({ rule, message }) => html`<p><b>${rule}</b> ${message}</p>`)}</td>`;

/** Both lines, with what differs between them marked where both have something in common. */
function marked(before: string | undefined, after: string | undefined): readonly [Html, Html] {
  if (before === undefined || after === undefined) return [html`${before ?? ''}`, html`${after ?? ''}`];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [markedIn(before, head, tail), markedIn(after, head, tail)];
}

function markedIn(text: string, head: number, tail: number): Html {
  const end = text.length - tail;
  return html`${text.slice(0, head)}${head < end ? html`<mark>${text.slice(head, end)}</mark>` : nothing}${text.slice(end)}`;
}
