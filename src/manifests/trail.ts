import type { Pair, YAMLMap, YAMLSeq } from 'yaml';

/** A place within a collection of the syntax tree; a trail of them leads from the root to a node. */
export type Slot =
  | { readonly map: YAMLMap; readonly pair: Pair }
  | { readonly seq: YAMLSeq; readonly index: number; readonly item: unknown };

/** The node that stands in a place. */
export const nodeIn = (slot: Slot): unknown => ('pair' in slot ? slot.pair.value : slot.item);

/** The collection that a place belongs to. */
export const collectionOf = (slot: Slot): YAMLMap | YAMLSeq => ('pair' in slot ? slot.map : slot.seq);
