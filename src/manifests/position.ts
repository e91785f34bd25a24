import { isAlias, isMap, isNode, isScalar, isSeq, type Pair } from 'yaml';
import { valueAt } from '../model/json.js';
import { locate, type Manifest, type Position } from './read.js';
import { isMerge, keyOf } from './value.js';

/**
 * Where a path ends in the file: at the key of a map's member, at a list's element, else at what is there of the path.
 * What comes through an alias stands where the alias is, and what is merged into a map at the `<<`: whoever looks there
 * sees what is meant, and an edit takes effect there and not at everything else that the anchor is for.
 */
export function positionOf(manifest: Manifest, path: readonly (string | number)[]): Position {
  let node: unknown = manifest.document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? memberOf(node.items, String(step)) : undefined;
    const next: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
    const start = startOf(pair ? pair.key : next);
    if (start === undefined) {
      offset = startOf(mergeAt(manifest, path.slice(0, depth + 1), node)?.key) ?? offset;
      break;
    }
    offset = start;
    node = next;
  }
  return locate(manifest, offset);
}

/** The member with this key, if it is the map's own and not merged into it; of two, the one that counts. */
export const memberOf = (pairs: readonly Pair[], key: string): Pair | undefined =>
  pairs.findLast((pair) => isScalar(pair.key) && !isMerge(pair) && keyOf(pair) === key);

/** The merge that a member of a map comes from: of several, the last that has it. */
function mergeAt({ value, document }: Manifest, path: readonly (string | number)[], map: unknown): Pair | undefined {
  if (!isMap(map) || valueAt(value, path) === undefined) return undefined;
  const merges = map.items.filter(isMerge);
  const key = String(path.at(-1));
  const holds = ({ value }: Pair): boolean => {
    const sources: readonly unknown[] = isSeq(value) ? value.items : [value];
    return sources.some((source) => {
      const merged = isAlias(source) ? source.resolve(document) : source;
      return isMap(merged) && memberOf(merged.items, key) !== undefined;
    });
  };
  return merges.length > 1 ? (merges.findLast(holds) ?? merges.at(-1)) : merges[0];
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
