import { type Document, isAlias, isMap, isPair, isSeq, type Node, visit } from 'yaml';
import type { Slot } from './trail.js';
import { isMerge } from './value.js';

/** A place where an alias stands; merged ones (`<<: *base`) have no value of their own. */
export type AliasUse = { readonly trail: readonly Slot[]; readonly isMerged: boolean };

/** The aliases that stand for a node: those of its anchor's name, until another node takes the name. */
export function aliasesOf(document: Document, anchored: Node): readonly AliasUse[] {
  const uses: AliasUse[] = [];
  const holders = new Map<string, Node>();
  visit(document, {
    Node: (key, node, path) => {
      if (isAlias(node)) {
        if (holders.get(node.source) === anchored) uses.push(useOf([...path, node]));
      } else if (key !== null && 'anchor' in node && node.anchor) {
        holders.set(node.anchor, node);
      }
    },
  });
  return uses;
}

function useOf(path: readonly unknown[]): AliasUse {
  const trail: Slot[] = [];
  for (const [depth, node] of path.entries()) {
    const next = path[depth + 1];
    if (isMap(node) && isPair(next)) trail.push({ map: node, pair: next });
    if (isSeq(node)) trail.push({ seq: node, index: node.items.indexOf(next), item: next });
  }
  return { trail, isMerged: trail.some((slot) => 'pair' in slot && isMerge(slot.pair)) };
}
