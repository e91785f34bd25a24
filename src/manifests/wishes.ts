import type { YAMLMap, YAMLSeq } from 'yaml';
import type { Slot } from './trail.js';

/** The part of a value that an operation is about; `at` is a JSON pointer within the value. */
export type Part = { readonly operation: number; readonly at: string };

export type NewMember = { readonly key: string; value: unknown; parts: Part[] };
export type NewElement = { readonly value: unknown; readonly parts: readonly Part[] };

/** New members of a map, after those that it has. */
export type MembersWish = {
  readonly kind: 'members';
  readonly map: YAMLMap;
  readonly trail: readonly Slot[];
  readonly members: NewMember[];
};

/** New elements of a list. */
export type ElementsWish = {
  readonly kind: 'elements';
  readonly seq: YAMLSeq;
  readonly trail: readonly Slot[];
  /** The element of the source before which they go; the number of elements for the end. */
  readonly before: number;
  readonly elements: NewElement[];
};

/** Another value in a place of the source. */
export type ValueWish = { readonly kind: 'value'; readonly trail: readonly Slot[]; value: unknown; parts: Part[] };

/** What the operations ask of one node of the syntax tree. */
export type Wish = MembersWish | ElementsWish | ValueWish;

/** Wishes as they come up: asked for twice, a wish is the same one. */
export type Wishes = {
  readonly all: readonly Wish[];
  readonly members: (map: YAMLMap, trail: readonly Slot[]) => MembersWish;
  readonly elements: (seq: YAMLSeq, trail: readonly Slot[], before: number) => ElementsWish;
  /** The wish for another value at the end of a trail, if there is one. */
  readonly valueAt: (trail: readonly Slot[]) => ValueWish | undefined;
  readonly value: (trail: readonly Slot[], value: unknown) => ValueWish;
};

export function createWishes(): Wishes {
  const all: Wish[] = [];
  // In a large document there are too many to look through.
  const members = new Map<YAMLMap, MembersWish>();
  const elements = new Map<YAMLSeq, Map<number, ElementsWish>>();
  const values = new Map<unknown, ValueWish>();
  const know = <K, W extends Wish>(known: Map<K, W>, key: K, wish: W): W => {
    known.set(key, wish);
    all.push(wish);
    return wish;
  };
  const valueAt = (trail: readonly Slot[]) => values.get(handleOf(trail.at(-1)));
  return {
    all,
    members: (map, trail) =>
      members.get(map) ?? know(members, map, { kind: 'members', map, trail: [...trail], members: [] }),
    elements: (seq, trail, before) => {
      const known = elements.get(seq) ?? new Map<number, ElementsWish>();
      elements.set(seq, known);
      const wish = { kind: 'elements' as const, seq, trail: [...trail], before, elements: [] };
      return known.get(before) ?? know(known, before, wish);
    },
    valueAt,
    value: (trail, value) =>
      valueAt(trail) ?? know(values, handleOf(trail.at(-1)), { kind: 'value', trail: [...trail], value, parts: [] }),
  };
}

/** What a place is known by: a member, or the element of a list. */
const handleOf = (slot: Slot | undefined): unknown => slot && ('pair' in slot ? slot.pair : slot.item);
