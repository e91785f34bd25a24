import { isMap, isSeq } from 'yaml';
import { isSame, valueAt } from '../model/json.js';
import { isFlow, lineStart, nextLine, type Replacement, rangeOf } from './edits.js';
import { type Plan, sourceKey } from './plan.js';
import { nodeIn, type Slot } from './trail.js';
import { faultsOf, parseTree } from './tree.js';
import { plainValue } from './value.js';
import type { Wish } from './wishes.js';

/** A text, and what became of it. */
type Changed = { readonly before: string; readonly after: string; readonly edits: readonly Replacement[] };

/**
 * Whether a changed text reads as the plan means it. Most plans change one collection of a document, and to parse its
 * lines alone takes a fraction of the time; where that does not settle it, the whole text does.
 */
export const isAsMeant = (changed: Changed, plan: Plan): boolean =>
  isPartAsMeant(changed, plan) || readsAs(changed.after, plan.after);

/** Whether a text is a document with a value, and without a fault. */
export function readsAs(text: string, value: unknown): boolean {
  const tree = parseTree(text);
  return faultsOf(tree).length === 0 && isSame(plainValue(tree).value, value);
}

function isPartAsMeant(changed: Changed, plan: Plan): boolean {
  // What anchors, aliases, merges and directives mean depends on other parts of the document, and whether a comment may
  // begin with a tab on what is before it.
  if (/[&*]|<<|^ *\t|^%/m.test(changed.before)) return false;
  const trail = sharedTrail(plan.wishes);
  const excerpt = trail.length === 0 ? undefined : excerptOf(changed, nodeIn(trail.at(-1) as Slot));
  return excerpt !== undefined && readsAs(excerpt, valueAt(plan.after, trail.map(sourceKey)));
}

/** The way to the innermost collection in which all wishes are. */
function sharedTrail(wishes: readonly Wish[]): readonly Slot[] {
  const [first = [], ...others] = wishes.map((wish) => (wish.kind === 'value' ? wish.trail.slice(0, -1) : wish.trail));
  const end = first.findIndex((slot, depth) => others.some((other) => !isSameSlot(slot, other[depth])));
  return end < 0 ? first : first.slice(0, end);
}

const isSameSlot = (one: Slot, other: Slot | undefined): boolean =>
  other !== undefined &&
  ('pair' in one ? 'pair' in other && one.pair === other.pair : 'seq' in other && one.item === other.item);

/**
 * The changed lines of a block collection, which read by themselves as they do in their place: whatever surrounds it is
 * indented less. Undefined where an edit leaves them, or where something else than a dash stands before them.
 */
function excerptOf({ before, after, edits }: Changed, node: unknown): string | undefined {
  const range = rangeOf(node);
  const [first, last] = [edits[0], edits.at(-1)];
  if (!(isMap(node) || isSeq(node)) || isFlow(node) || !range || !first || !last) return undefined;
  const start = lineStart(before, range[0]);
  const indent = before.slice(start, range[0]);
  const from = Math.min(start, first.from);
  const end = before[range[1] - 1] === '\n' ? range[1] : nextLine(before, range[1]);
  const to = Math.max(end, last.to);
  // The first member of a map may stand behind a dash.
  const isAlone = first.from < range[0] ? /^ *$/.test(indent) : /^[ -]*$/.test(indent);
  if (!isAlone || !isBlank(before.slice(from, start)) || !isBlank(before.slice(end, to))) return undefined;
  const changed = after.slice(from, after.length - (before.length - to));
  const areWhole = lineStart(before, from) === from && (to === before.length || changed.endsWith('\n'));
  if (!areWhole) return undefined;
  return first.from < range[0] ? changed : ' '.repeat(indent.length) + changed.slice(indent.length);
}

/** Whether lines hold nothing but comments. */
const isBlank = (lines: string): boolean => /^(?:[ \t]*(?:#.*)?(?:\r?\n|$))*$/.test(lines);
