import { type Document, isAlias, isMap, isNode, isSeq, type YAMLSeq } from 'yaml';
import { escapeToken, type Operation, pointerTokens } from '../engine/operation.js';
import { copyOf, valueAt } from '../model/json.js';
import { type AliasUse, aliasesOf } from './aliases.js';
import { patch } from './patch.js';
import { memberOf } from './position.js';
import { nodeIn, type Slot } from './trail.js';
import { keyOf } from './value.js';
import { createWishes, type Part, type Wish, type Wishes } from './wishes.js';

export type Plan = {
  readonly wishes: readonly Wish[];
  /** The value that the document is to have. */
  readonly after: unknown;
  /** Whether aliases give way to what they stand for. */
  readonly writesOut: boolean;
};

/**
 * What operations ask of a document's nodes. Aliases that are kept follow what becomes of their anchors: it is for the
 * caller to see whether that comes out as it should.
 */
export function planEdits(
  document: Document,
  value: unknown,
  operations: readonly Operation[],
  keepsAliases = false,
): Plan {
  const wishes = createWishes();
  const after = copyOf(value);
  const plan = { document, before: value, after, wishes, orders: new Map(), keepsAliases, writesOut: false };
  for (const [index, operation] of operations.entries()) {
    patch(after, operation);
    place(plan, operation, index);
  }
  return { wishes: wishes.all, after, writesOut: plan.writesOut };
}

type Planning = {
  readonly document: Document;
  readonly before: unknown;
  readonly after: unknown;
  readonly wishes: Wishes;
  /** Of the lists that got elements: which element of the source now stands at each index, `undefined` for a new one. */
  readonly orders: Map<YAMLSeq, (number | undefined)[]>;
  readonly keepsAliases: boolean;
  writesOut: boolean;
};

function place(plan: Planning, operation: Operation, index: number): void {
  const tokens = pointerTokens(operation.path);
  const trail: Slot[] = [];
  let node: unknown = plan.document.contents;
  for (const [depth, token] of tokens.entries()) {
    if (isWhole(plan, node, trail)) {
      const part = { operation: index, at: pointerTo(tokens.slice(depth)) };
      replaceWhole(plan, trail, tokens.slice(0, depth), part);
      return;
    }
    detachAliases(plan, node, trail);
    const isLast = depth === tokens.length - 1;
    const slot = slotOf(plan, node, token, isLast && operation.op === 'add');
    if (slot === undefined) {
      const isNew = isLast
        ? { value: operation.value, at: '' }
        : { value: valueAt(plan.after, tokens.slice(0, depth + 1)), at: pointerTo(tokens.slice(depth + 1)) };
      addTo(plan, node, trail, { token, value: isNew.value, part: { operation: index, at: isNew.at } });
      return;
    }
    trail.push(slot);
    node = nodeIn(slot);
  }
  detachAliases(plan, node, trail);
  const wish = plan.wishes.value(trail, operation.value);
  wish.value = operation.value;
  wish.parts = [{ operation: index, at: '' }];
}

const pointerTo = (tokens: readonly string[]): string => tokens.map((token) => `/${escapeToken(token)}`).join('');

/** Whether a node can only be written as a whole, because it is an alias, or has another value already. */
const isWhole = (plan: Planning, node: unknown, trail: readonly Slot[]): boolean =>
  isAlias(node) || (trail.length > 0 && plan.wishes.valueAt(trail) !== undefined);

function replaceWhole(plan: Planning, trail: readonly Slot[], path: readonly string[], part: Part): void {
  const wished = plan.wishes.valueAt(trail);
  if (wished === undefined && plan.keepsAliases) return;
  if (wished === undefined) plan.writesOut = true;
  (wished ?? plan.wishes.value(trail, valueAt(plan.after, path))).parts.push(part);
}

/** Where a key or index leads; undefined if nothing of the source stands there, or a new element is to go there. */
function slotOf(plan: Planning, node: unknown, token: string, isAdd: boolean): Slot | undefined {
  if (isMap(node)) {
    const pair = memberOf(node.items, token);
    return pair && { map: node, pair };
  }
  if (!isSeq(node) || isAdd) return undefined;
  const index = orderOf(plan, node)[Number(token)];
  return index === undefined ? undefined : { seq: node, index, item: node.items[index] };
}

type Addition = { readonly token: string; readonly value: unknown; readonly part: Part };

function addTo(plan: Planning, node: unknown, trail: readonly Slot[], { token, value, part }: Addition): void {
  if (isMap(node)) {
    const { members } = plan.wishes.members(node, trail);
    const known = members.find(({ key }) => key === token);
    if (!known) members.push({ key: token, value, parts: [part] });
    else if (part.at !== '') known.parts.push(part);
    else Object.assign(known, { value, parts: [part] });
  } else if (isSeq(node)) {
    const order = orderOf(plan, node);
    const at = token === '-' ? order.length : Number(token);
    const before = order.slice(at).find((index) => index !== undefined) ?? node.items.length;
    const newBefore = at - 1 - order.slice(0, at).findLastIndex((index) => index !== undefined);
    plan.wishes.elements(node, trail, before).elements.splice(newBefore, 0, { value, parts: [part] });
    order.splice(at, 0, undefined);
  }
}

function orderOf(plan: Planning, seq: YAMLSeq): (number | undefined)[] {
  const known = plan.orders.get(seq);
  const order = known ?? [...seq.items.keys()];
  if (!known) plan.orders.set(seq, order);
  return order;
}

/** Writes out the aliases of a node that is about to change, so that what they stand for stays. */
function detachAliases(plan: Planning, node: unknown, trail: readonly Slot[]): void {
  if (plan.keepsAliases || !isNode(node) || isAlias(node) || !('anchor' in node) || !node.anchor) return;
  for (const use of aliasesOf(plan.document, node)) {
    plan.writesOut = true;
    const value = use.isMerged
      ? valueAt(plan.before, trail.map(sourceKey))
      : valueAt(plan.after, currentPath(plan, use));
    plan.wishes.value(use.trail, value);
  }
}

/** What a place is called in the value of the source. */
export const sourceKey = (slot: Slot): string | number => ('pair' in slot ? keyOf(slot.pair) : slot.index);

const currentPath = (plan: Planning, { trail }: AliasUse): (string | number)[] =>
  trail.map((slot) =>
    'pair' in slot ? keyOf(slot.pair) : (plan.orders.get(slot.seq)?.indexOf(slot.index) ?? slot.index),
  );
