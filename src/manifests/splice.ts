import { escapeToken, type Operation } from '../engine/operation.js';
import { addElements, addMembers } from './block-edits.js';
import { isFlow, type Replacement, type TextEdit } from './edits.js';
import { addToFlow, replaceInFlow } from './flow-edits.js';
import { type Plan, planEdits } from './plan.js';
import { isAsMeant, readsAs } from './proof.js';
import type { Manifest } from './read.js';
import { reprint, rewrite } from './reprint.js';
import { collectionOf, nodeIn } from './trail.js';
import { replaceValue } from './value-edits.js';
import type { Part, Wish } from './wishes.js';

/** Lines of the new text that hold a part of an operation's value. */
export type Insertion = {
  /** From 1, within the manifest's new text. */
  readonly line: number;
  readonly lines: number;
  /** The operation's index. */
  readonly operation: number;
  /** The part, as a JSON pointer within the operation's value; `''` for all of it. */
  readonly member: string;
};

/** A manifest's text after some operations; `reprinted` if it had to be printed anew, spacing and all. */
export type Spliced = {
  readonly text: string;
  readonly insertions: readonly Insertion[];
  /** What makes the new text of the old one, in the order of the text. */
  readonly edits: readonly Replacement[];
  readonly reprinted?: true;
};

/** Writes the operations into the manifest's text, and leaves every other byte of it as it is. */
export function applyToText(
  manifest: Pick<Manifest, 'text' | 'value' | 'document'>,
  operations: readonly Operation[],
): Spliced {
  const { text, value, document } = manifest;
  if (operations.length === 0) return { text, insertions: [], edits: [] };
  const plan = planEdits(document, value, operations);
  // Containers that share their variables by an alias mostly get the same ones: then the anchor is enough.
  const shared = plan.writesOut ? splice(text, planEdits(document, value, operations, true)) : undefined;
  if (shared && readsAs(shared.text, plan.after)) return shared;
  const spliced = splice(text, plan);
  // A file must never be left with another meaning than intended, whatever way of writing YAML it has found.
  if (spliced && isAsMeant({ before: text, after: spliced.text, edits: spliced.edits }, plan)) return spliced;
  // A merge wins over what is written before it, wherever that is put.
  for (const print of [() => reprint(text, value, operations), () => rewrite(text, plan.after)]) {
    const printed = print();
    if (!readsAs(printed, plan.after)) continue;
    const edits = [{ from: 0, to: text.length, text: printed }];
    return { text: printed, insertions: [], edits, reprinted: true };
  }
  throw new Error(`cannot write ${operations[0]?.path} into the text`);
}

function splice(text: string, plan: Plan): Spliced | undefined {
  const edits: TextEdit[] = [];
  for (const wish of plan.wishes) {
    const own = editsFor(text, wish);
    if (own === undefined) return undefined;
    edits.push(...own);
  }
  return applyEdits(text, edits.toSorted(byPlace));
}

/** What is put before a text comes before what replaces it. */
const byPlace = (a: TextEdit, b: TextEdit): number =>
  a.from - b.from || Number(a.from < a.to) - Number(b.from < b.to) || b.depth - a.depth;

function editsFor(text: string, wish: Wish): readonly TextEdit[] | undefined {
  if (wish.kind === 'value') {
    const slot = wish.trail.at(-1);
    return slot && isFlow(collectionOf(slot)) ? replaceInFlow(text, nodeIn(slot), wish) : replaceValue(text, wish);
  }
  const node = wish.kind === 'members' ? wish.map : wish.seq;
  if (!isFlow(node)) return wish.kind === 'members' ? addMembers(text, wish) : addElements(text, wish);
  if (node.items.length === 0) return fill(text, wish);
  if (wish.kind === 'members') return addToFlow({ text, node, trail: wish.trail }, wish.members, false);
  const isInside = wish.before > 0 && wish.before < node.items.length;
  return isInside ? undefined : addToFlow({ text, node, trail: wish.trail }, wish.elements, wish.before === 0);
}

/** An empty `{}` or `[]` gives way to a collection in the style of what surrounds it. */
function fill(text: string, wish: Exclude<Wish, { kind: 'value' }>): readonly TextEdit[] | undefined {
  const entries: [string, { value: unknown; parts: readonly Part[] }][] =
    wish.kind === 'members'
      ? wish.members.map((member) => [member.key, member])
      : wish.elements.map((element, index) => [String(index), element]);
  const parts = entries.flatMap(([key, entry]) =>
    entry.parts.map(({ operation, at }) => ({ operation, at: `/${escapeToken(key)}${at}` })),
  );
  const value =
    wish.kind === 'elements'
      ? entries.map(([, entry]) => entry.value)
      : Object.fromEntries(entries.map(([key, entry]) => [key, entry.value]));
  const slot = wish.trail.at(-1);
  const filled = { kind: 'value' as const, trail: wish.trail, value, parts };
  if (slot && !isFlow(collectionOf(slot))) return replaceValue(text, filled);
  return replaceInFlow(text, wish.kind === 'members' ? wish.map : wish.seq, filled);
}

function applyEdits(text: string, edits: readonly TextEdit[]): Spliced | undefined {
  let result = '';
  let end = 0;
  let line = 1;
  const insertions: Insertion[] = [];
  for (const { from, to, text: own, notes } of edits) {
    if (from < end) return undefined;
    const kept = text.slice(end, from);
    line += newlines(kept);
    for (const note of notes) insertions.push({ ...note, line: line + note.line });
    line += newlines(own);
    result += kept + own;
    end = to;
  }
  // The whole before its parts, as they are read.
  insertions.sort((a, b) => a.line - b.line || b.lines - a.lines || a.member.length - b.member.length);
  return {
    text: result + text.slice(end),
    insertions,
    edits: edits.map(({ from, to, text: own }) => ({ from, to, text: own })),
  };
}

const newlines = (text: string): number => text.split('\n').length - 1;
