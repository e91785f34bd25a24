import { isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { BlockStyle } from './block-text.js';
import { isBlockScalar, isFlow, lineStart, nextLine, rangeOf } from './edits.js';
import type { Slot } from './trail.js';

/** The column (from 0) at which the keys of a block map, or the dashes of a block list, stand; undefined if they differ. */
export function columnOf(text: string, collection: YAMLMap | YAMLSeq): number | undefined {
  const offset = isMap(collection) ? rangeOf(collection.items[0]?.key)?.[0] : collection.range?.[0];
  if (offset === undefined) return undefined;
  const before = text.slice(lineStart(text, offset), offset);
  // Anchors, tags and explicit keys (`? `) stand in the way of knowing.
  return /^(?:[ ]|- )*$/.test(before) ? before.length : undefined;
}

/** The layout of the maps and lists around a place, the nearest first. */
export function blockStyleAt(text: string, trail: readonly Slot[], map?: YAMLMap): BlockStyle {
  const maps = [map, ...trail.toReversed().map((slot) => ('map' in slot ? slot.map : undefined))].filter(isMap);
  const through = new Set<unknown>(trail.map((slot) => ('pair' in slot ? slot.pair : undefined)));
  const offsets = (wanted: (value: unknown) => boolean): number[] =>
    maps.flatMap((near) => {
      const pairs = near.items.toSorted((a, b) => Number(through.has(b)) - Number(through.has(a)));
      return pairs.filter((pair) => wanted(pair.value)).flatMap((pair) => childOffset(text, near, pair) ?? []);
    });
  return {
    step: offsets(isMap).find((offset) => offset > 0) ?? 2,
    listIndent: offsets(isSeq).find((offset) => offset >= 0) ?? 0,
    // Without a last line end, readers disagree on whether a literal block has one.
    literals: text.endsWith('\n'),
  };
}

/** By how many columns a member's collection is indented under its key. */
function childOffset(text: string, map: YAMLMap, pair: Pair): number | undefined {
  const { value } = pair;
  if ((!isMap(value) && !isSeq(value)) || isFlow(value) || isFlow(map)) return undefined;
  const [outer, inner] = [columnOf(text, map), columnOf(text, value)];
  return outer === undefined || inner === undefined ? undefined : inner - outer;
}

/** Where the content of a node, or of a map's member, ends; comments and blank lines after it are not its content. */
export function contentEnd(text: string, node: unknown): number {
  if (isPair(node)) return rangeOf(node.value) ? contentEnd(text, node.value) : contentEnd(text, node.key);
  if ((isMap(node) || isSeq(node)) && !isFlow(node) && node.items.length > 0)
    return contentEnd(text, node.items.at(-1));
  const [from, to] = rangeOf(node) ?? [0, 0];
  if (!isScalar(node) || !isBlockScalar(node) || /^[|>][-1-9]*\+/.test(text.slice(from, to))) return to;
  const trailing = /(?:\r?\n)*$/.exec(text.slice(from, to))?.[0] ?? '';
  return trailing === '' ? to : nextLine(text, to - trailing.length);
}

/** Where the line after a node starts, also past comments that are indented deeper than the column. */
export function lineAfter(text: string, node: unknown, column: number): number {
  const end = contentEnd(text, node);
  let after = text[end - 1] === '\n' ? end : nextLine(text, end);
  for (let line = after; line < text.length; line = nextLine(text, line)) {
    const [, indent = '', first] = /^([ \t]*)([^\r\n]?)/.exec(text.slice(line, line + 1000)) ?? [];
    if (first === '#' && indent.length > column) after = nextLine(text, line);
    else if (first !== '') break;
  }
  return after;
}
