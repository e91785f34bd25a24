import { isMap, isNode, isSeq, type Pair } from 'yaml';
import { locate, type Manifest, type Position } from './read.js';
import { isMerge, keyOf } from './value.js';

/** Where a path ends in the file: at the key of a map's member, at a list's element, else at what is there of the path. */
export function positionOf(manifest: Manifest, path: readonly (string | number)[]): Position {
  let node: unknown = manifest.document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const pair = isMap(node) ? memberOf(node.items, String(step)) : undefined;
    const next: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
    const start = startOf(pair ? pair.key : next);
    if (start === undefined) break;
    offset = start;
    node = next;
  }
  return locate(manifest, offset);
}

/** The member with this key, if it is the map's own and not merged into it; of two, the one that counts. */
export const memberOf = (pairs: readonly Pair[], key: string): Pair | undefined =>
  pairs.findLast((pair) => !isMerge(pair) && keyOf(pair) === key);

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
