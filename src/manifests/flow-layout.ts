import { isMap, isPair, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { isFlow, lineStart, rangeOf } from './edits.js';
import type { FlowStyle } from './flow-text.js';
import { collectionOf, type Slot } from './trail.js';

export type FlowCollection = YAMLMap | YAMLSeq;

/** How a flow collection and those around it are written, the nearest first. */
export function flowStyleAt(text: string, trail: readonly Slot[], collection?: FlowCollection): FlowStyle {
  const around = [collection, ...trail.toReversed().map(collectionOf)].filter(
    (near): near is FlowCollection => near !== undefined && isFlow(near),
  );
  const json = first(around, isQuoted) ?? false;
  const colon = first(around, (near) => colonOf(text, near)) ?? ': ';
  const comma = first(around, (near) => commaOf(text, near)) ?? (colon === ':' ? ',' : ', ');
  const padding = first(around, (near) => paddingOf(text, near)) ?? '';
  const step = json && !hasFlatChild(text, collection) ? first(around, (near) => stepOf(text, near)) : undefined;
  return { json, colon, comma, padding, ...(step === undefined ? {} : { step }) };
}

/** The indentation of a collection's elements, if each stands on a line of its own. */
export function ownLineIndent(text: string, collection: FlowCollection): string | undefined {
  const start = itemStart(collection.items.at(-1));
  if (start === undefined) return undefined;
  const line = lineStart(text, start);
  const before = text.slice(line, start);
  return line > (collection.range?.[0] ?? 0) && /^[ \t]*$/.test(before) ? before : undefined;
}

/** The blanks at the start of the line of an offset. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';

function first<T>(around: readonly FlowCollection[], find: (near: FlowCollection) => T | undefined): T | undefined {
  for (const near of around) {
    const found = find(near);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isQuoted(node: unknown): boolean | undefined {
  if (isScalar(node)) return typeof node.value === 'string' ? node.type === 'QUOTE_DOUBLE' : undefined;
  if (isMap(node)) return isQuoted(node.items[0]?.key);
  return isSeq(node) ? isQuoted(node.items[0]) : undefined;
}

function colonOf(text: string, node: unknown): ':' | ': ' | undefined {
  const pair = isMap(node) ? node.items[0] : undefined;
  const end = rangeOf(pair?.key)?.[1];
  return end === undefined ? undefined : /^:\S/.test(text.slice(end, end + 2)) ? ':' : ': ';
}

function commaOf(text: string, { items }: FlowCollection): ',' | ', ' | undefined {
  const end = itemEnd(items[0]);
  return end === undefined || items.length < 2 ? undefined : /^,\S/.test(text.slice(end, end + 2)) ? ',' : ', ';
}

function paddingOf(text: string, { range }: FlowCollection): '' | ' ' | undefined {
  const [, blank] = /\{( ?)[^\s}]/.exec(text.slice(range?.[0], range?.[1])) ?? [];
  return blank === undefined ? undefined : blank === ' ' ? ' ' : '';
}

function stepOf(text: string, collection: FlowCollection): string | undefined {
  const inner = ownLineIndent(text, collection);
  const outer = indentAt(text, collection.range?.[0] ?? 0);
  return inner?.startsWith(outer) ? inner.slice(outer.length) : undefined;
}

function hasFlatChild(text: string, collection: FlowCollection | undefined): boolean {
  const children = collection?.items.map((item) => (isPair(item) ? item.value : item)) ?? [];
  return children.some((child) => {
    const [from, to] = rangeOf(child) ?? [0, 0];
    return (isMap(child) || isSeq(child)) && child.items.length > 0 && !text.slice(from, to).includes('\n');
  });
}

const itemStart = (item: unknown): number | undefined => rangeOf(isPair(item) ? item.key : item)?.[0];

/** Where the content of a flow collection's element ends. */
export const itemEnd = (item: unknown): number | undefined =>
  (isPair(item) ? (rangeOf(item.value) ?? rangeOf(item.key)) : rangeOf(item))?.[1];
