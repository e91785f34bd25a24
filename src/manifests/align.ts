import type { OutlineLine } from './outline.js';
import type { TemplateLine } from './template.js';

/** For lines of what was rendered, by their index: the lines of the template that made them. */
export type Alignment = ReadonlyMap<number, Aligned>;
export type Aligned = { readonly rendered: OutlineLine; readonly template: TemplateLine };

/**
 * Holds what was rendered against the document of a template that it most looks like. Lines that stand once in both,
 * below the same keys, are the same; between two of those, as much as possible; and the lines of a loop are those of
 * its one turn. A line that this leaves in doubt is left out.
 */
export function align(rendered: readonly OutlineLine[], documents: readonly (readonly TemplateLine[])[]): Alignment {
  const aligned = new Map<number, Aligned>();
  const made = documents.map(indexed);
  const template = made.length === 1 ? made[0] : mostAlike(rendered, made);
  if (template === undefined) return aligned;
  const put = (line: OutlineLine | undefined, other: TemplateLine | undefined): void => {
    if (line && other) aligned.set(line.index, { rendered: line, template: other });
  };
  let last: Pair = { r: -1, t: -1 };
  for (const next of [...inOrder(uniquePairs(rendered, template)), { r: rendered.length, t: template.lines.length }]) {
    const gap = [rendered.slice(last.r + 1, next.r), template.lines.slice(last.t + 1, next.t)] as const;
    for (const { r, t } of alignGap(...gap)) put(gap[0][r], gap[1][t]);
    put(rendered[next.r], template.lines[next.t]);
    last = next;
  }
  for (const line of rendered) {
    const [only, ...others] = aligned.has(line.index) ? [] : candidates(line, template);
    if (others.length === 0) put(line, only);
  }
  return aligned;
}

/** A document of a template: its lines, those without actions by path and text, and the others by path. */
type Indexed = {
  readonly lines: readonly TemplateLine[];
  readonly exact: ReadonlyMap<string, readonly TemplateLine[]>;
  readonly patterns: ReadonlyMap<string, readonly TemplateLine[]>;
};

const indexed = (lines: readonly TemplateLine[]): Indexed => ({
  lines,
  exact: Map.groupBy(
    lines.filter(({ pattern }) => !pattern),
    keyOf,
  ),
  patterns: Map.groupBy(
    lines.filter(({ pattern }) => pattern),
    ({ path }) => path,
  ),
});

const keyOf = ({ path, text }: OutlineLine): string => `${path}\n${text}`;

/** The lines that may have made this one; where one is literally the same, those with actions did not. */
function candidates(line: OutlineLine, { exact, patterns }: Indexed): readonly TemplateLine[] {
  const same = exact.get(keyOf(line));
  if (same !== undefined) return same;
  const others = patterns.get(line.path) ?? [];
  return others.length > mostPatterns ? [] : others.filter((other) => likeness(line, other) > 0);
}

/** Below one key, more lines with actions are a long text, of which no line is like one alone. */
const mostPatterns = 100;

/** How much of the rendered line the line of the template accounts for; 0 if it cannot have made it. */
function likeness(rendered: OutlineLine, template: TemplateLine): number {
  if (rendered.path !== template.path) return 0;
  if (template.pattern === undefined) return rendered.text === template.text ? 2 * template.literal : 0;
  return template.pattern.test(rendered.text) ? template.literal : 0;
}

function mostAlike(rendered: readonly OutlineLine[], documents: readonly Indexed[]): Indexed | undefined {
  let best: Indexed | undefined;
  let most = 0;
  for (const document of documents) {
    let sum = 0;
    for (const line of rendered) {
      sum += candidates(line, document).reduce((top, other) => Math.max(top, likeness(line, other)), 0);
    }
    if (sum > most) {
      best = document;
      most = sum;
    }
  }
  return best;
}

/** Indexes of a rendered line and of a line of the template. */
type Pair = { readonly r: number; readonly t: number };

/** The lines that stand once in both, in the order of what was rendered. */
function uniquePairs(rendered: readonly OutlineLine[], { lines }: Indexed): readonly Pair[] {
  const inTemplate = once(lines);
  return [...once(rendered)].flatMap(([key, r]) => {
    const t = inTemplate.get(key);
    return t === undefined ? [] : [{ r, t }];
  });
}

function once(lines: readonly OutlineLine[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const twice: string[] = [];
  for (const [index, line] of lines.entries()) {
    const key = keyOf(line);
    if (found.has(key)) twice.push(key);
    else found.set(key, index);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** As many of the pairs as go forwards in both: the longest increasing row. */
function inOrder(pairs: readonly Pair[]): readonly Pair[] {
  // Of the rows of each length, the pair that ends the lowest; and of each pair, the row that it goes on with.
  const ends: Row[] = [];
  for (const pair of pairs) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle]?.pair.t ?? 0) < pair.t) low = middle + 1;
      else high = middle;
    }
    ends[low] = { pair, before: ends[low - 1] };
  }
  const row: Pair[] = [];
  for (let end = ends.at(-1); end !== undefined; end = end.before) row.push(end.pair);
  return row.reverse();
}

type Row = { readonly pair: Pair; readonly before: Row | undefined };

/** Where nothing fits, a comparison of everything with everything is not worth its time. */
const mostCells = 250_000;

/** The pairs of two short runs of lines, in order, that account for as much as possible. */
function alignGap(rendered: readonly OutlineLine[], template: readonly TemplateLine[]): readonly Pair[] {
  const width = template.length + 1;
  if (rendered.length === 0 || template.length === 0 || rendered.length * width > mostCells) return [];
  // The most that the lines from `r` and from `t` on can come to.
  const most = new Float64Array((rendered.length + 1) * width);
  const at = (r: number, t: number): number => most[r * width + t] ?? 0;
  const both = (r: number, t: number): number => {
    const [line, other] = [rendered[r], template[t]];
    const like = line && other ? likeness(line, other) : 0;
    return like === 0 ? 0 : like + at(r + 1, t + 1);
  };
  for (let r = rendered.length - 1; r >= 0; r--) {
    for (let t = template.length - 1; t >= 0; t--) {
      most[r * width + t] = Math.max(at(r + 1, t), at(r, t + 1), both(r, t));
    }
  }
  const pairs: Pair[] = [];
  for (let [r, t] = [0, 0]; r < rendered.length && t < template.length; ) {
    if (at(r, t) === both(r, t) && at(r, t) > 0) pairs.push({ r: r++, t: t++ });
    else if (at(r, t) === at(r + 1, t)) r++;
    else t++;
  }
  return pairs;
}
