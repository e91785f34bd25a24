import { type Document, isAlias, isMap, isNode, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { escapeToken, type Operation, pointerTokens } from '../engine/operation.js';
import { type AliasUse, aliasesOf } from './aliases.js';
import { patch, valueAt } from './patch.js';
import { memberOf } from './position.js';
import { nodeIn, type Slot } from './trail.js';
import { keyOf } from './value.js';

/** The part of a value that an operation is about; `at` is a JSON pointer within the value. */
export type Part = { readonly operation: number; readonly at: string };

export type NewMember = { readonly key: string; value: unknown; parts: Part[] };
export type NewElement = { readonly value: unknown; readonly parts: readonly Part[] };

/** What the operations ask of one node of the syntax tree. */
export type Wish =
  | { readonly kind: 'members'; readonly map: YAMLMap; readonly trail: readonly Slot[]; readonly members: NewMember[] }
  | {
      readonly kind: 'elements';
      readonly seq: YAMLSeq;
      readonly trail: readonly Slot[];
      /** The element of the source before which they go; the number of elements for the end. */
      readonly before: number;
      readonly elements: NewElement[];
    }
  | { readonly kind: 'value'; readonly trail: readonly Slot[]; value: unknown; parts: Part[] };

/** The wishes of the operations on a document's nodes, and the value that the document is to have afterwards. */
export function planEdits(document: Document, value: unknown, operations: readonly Operation[]): Plan {
  const plan: Planning = { document, before: value, after: structuredClone(value), wishes: [], orders: new Map() };
  for (const [index, operation] of operations.entries()) {
    patch(plan.after, operation);
    place(plan, operation, index);
  }
  return plan;
}

export type Plan = { readonly wishes: readonly Wish[]; readonly after: unknown };

type Planning = {
  readonly document: Document;
  readonly before: unknown;
  readonly after: unknown;
  readonly wishes: Wish[];
  /** Of the lists that got elements: which element of the source now stands at each index, `undefined` for a new one. */
  readonly orders: Map<YAMLSeq, (number | undefined)[]>;
};

function place(plan: Planning, operation: Operation, index: number): void {
  const tokens = pointerTokens(operation.path);
  const trail: Slot[] = [];
  let node: unknown = plan.document.contents;
  for (const [depth, token] of tokens.entries()) {
    const part = {
      operation: index,
      at: tokens
        .slice(depth)
        .map((rest) => `/${escapeToken(rest)}`)
        .join(''),
    };
    const here = tokens.slice(0, depth);
    const wished = trail.length > 0 ? valueWish(plan, trail) : undefined;
    if (wished || isAlias(node)) {
      (wished ?? setValue(plan, trail, valueAt(plan.after, here))).parts.push(part);
      return;
    }
    detachAliases(plan, node, trail);
    const isLast = depth === tokens.length - 1;
    const slot = slotOf(plan, node, token, isLast && operation.op === 'add');
    if (slot === undefined) {
      const isNew = isLast
        ? { value: operation.value, at: '' }
        : { value: valueAt(plan.after, [...here, token]), at: tailOf(part.at) };
      addTo(plan, node, trail, { token, value: isNew.value, part: { operation: index, at: isNew.at } });
      return;
    }
    trail.push(slot);
    node = nodeIn(slot);
  }
  detachAliases(plan, node, trail);
  const wish = setValue(plan, trail, operation.value);
  wish.value = operation.value;
  wish.parts = [{ operation: index, at: '' }];
}

const tailOf = (pointer: string): string => pointer.slice(pointer.indexOf('/', 1)).replace(/^[^/].*/, '');

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
    const members = membersWish(plan, node, trail).members;
    const known = members.find(({ key }) => key === token);
    if (!known) members.push({ key: token, value, parts: [part] });
    else if (part.at !== '') known.parts.push(part);
    else Object.assign(known, { value, parts: [part] });
  } else if (isSeq(node)) {
    const order = orderOf(plan, node);
    const at = token === '-' ? order.length : Number(token);
    const before = order.slice(at).find((index) => index !== undefined) ?? node.items.length;
    const newBefore = at - 1 - order.slice(0, at).findLastIndex((index) => index !== undefined);
    elementsWish(plan, node, trail, before).elements.splice(newBefore, 0, { value, parts: [part] });
    order.splice(at, 0, undefined);
  }
}

function orderOf(plan: Planning, seq: YAMLSeq): (number | undefined)[] {
  const known = plan.orders.get(seq);
  const order = known ?? [...seq.items.keys()];
  if (!known) plan.orders.set(seq, order);
  return order;
}

function membersWish(plan: Planning, map: YAMLMap, trail: readonly Slot[]) {
  const known = plan.wishes.find((wish) => wish.kind === 'members' && wish.map === map);
  if (known?.kind === 'members') return known;
  const wish = { kind: 'members' as const, map, trail: [...trail], members: [] };
  plan.wishes.push(wish);
  return wish;
}

function elementsWish(plan: Planning, seq: YAMLSeq, trail: readonly Slot[], before: number) {
  const known = plan.wishes.find((wish) => wish.kind === 'elements' && wish.seq === seq && wish.before === before);
  if (known?.kind === 'elements') return known;
  const wish = { kind: 'elements' as const, seq, trail: [...trail], before, elements: [] };
  plan.wishes.push(wish);
  return wish;
}

const handleOf = (slot: Slot | undefined): unknown => slot && ('pair' in slot ? slot.pair : slot.item);

function valueWish(plan: Planning, trail: readonly Slot[]) {
  const handle = handleOf(trail.at(-1));
  const known = plan.wishes.find((wish) => wish.kind === 'value' && handleOf(wish.trail.at(-1)) === handle);
  return known?.kind === 'value' ? known : undefined;
}

function setValue(plan: Planning, trail: readonly Slot[], value: unknown) {
  const known = valueWish(plan, trail);
  if (known) return known;
  const wish = { kind: 'value' as const, trail: [...trail], value, parts: [] as Part[] };
  plan.wishes.push(wish);
  return wish;
}

/** Writes out the aliases of a node that is about to change, so that what they stand for stays. */
function detachAliases(plan: Planning, node: unknown, trail: readonly Slot[]): void {
  if (!isNode(node) || isAlias(node) || !('anchor' in node) || !node.anchor) return;
  for (const use of aliasesOf(plan.document, node)) {
    const value = use.isMerged
      ? valueAt(plan.before, trail.map(sourceKey))
      : valueAt(plan.after, currentPath(plan, use));
    setValue(plan, use.trail, value);
  }
}

const sourceKey = (slot: Slot): string | number => ('pair' in slot ? keyOf(slot.pair) : slot.index);

const currentPath = (plan: Planning, { trail }: AliasUse): (string | number)[] =>
  trail.map((slot) =>
    'pair' in slot ? keyOf(slot.pair) : (plan.orders.get(slot.seq)?.indexOf(slot.index) ?? slot.index),
  );
