import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { setMember } from '../model/json.js';
import type { Path } from '../model/problem.js';

/** What is wrong at an offset of a document's text. */
export type Flaw = { readonly offset: number; readonly message: string };

/** A key that a map holds several times, at the last of them, which is the one that counts. */
type Duplicate = Flaw & { readonly path: Path };

type Reading = {
  readonly anchors: Map<string, Anchored>;
  readonly flaws: Flaw[];
  readonly duplicates: Duplicate[];
  /** Where in the document the reader is. */
  readonly path: (string | number)[];
  copied: number;
};
type Anchored = { readonly value: unknown } | 'open';

// `kubectl` measures alias bombs relative to the document; any real manifest is far below this.
const maxCopies = 100_000;

/**
 * The plain value of a document as `kubectl` sees it: aliases become copies, keys become strings, and a merge (`<<`)
 * overrides the members before it and yields to those after it.
 */
export function plainValue(document: Document): PlainValue {
  const reading: Reading = { anchors: new Map(), flaws: [], duplicates: [], path: [], copied: 0 };
  const value = read(document.contents, reading);
  return { value, flaws: reading.flaws, duplicates: reading.duplicates.toSorted((a, b) => a.offset - b.offset) };
}

export type PlainValue = {
  readonly value: unknown;
  readonly flaws: readonly Flaw[];
  readonly duplicates: readonly Duplicate[];
};

/** A map's key as a member name of JSON. */
export const keyOf = (pair: Pair): string => {
  const value = isScalar(pair.key) ? pair.key.value : pair.key;
  return value === null ? 'null' : String(typeof value === 'symbol' ? value.description : value);
};

/** Whether the member is a merge of other maps (`<<: *base`) and not a member of its own. */
export const isMerge = (pair: Pair): boolean => isScalar(pair.key) && typeof pair.key.value === 'symbol';

function read(node: unknown, reading: Reading): unknown {
  if (isAlias(node)) return readAlias(node, reading);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  if (node.anchor) reading.anchors.set(node.anchor, 'open');
  const value = isMap(node)
    ? readMap(node, reading)
    : isSeq(node)
      ? node.items.map((item, index) => readAt(index, item, reading))
      : node.value;
  if (node.anchor) reading.anchors.set(node.anchor, { value });
  return value;
}

function readAt(step: string | number, node: unknown, reading: Reading): unknown {
  reading.path.push(step);
  const value = read(node, reading);
  reading.path.pop();
  return value;
}

function readMap(map: YAMLMap, reading: Reading): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const counting = countingIn(map);
  reading.duplicates.push(...duplicatesIn(counting, reading.path));
  for (const pair of map.items) {
    if (isMerge(pair)) {
      merge(object, pair, reading);
    } else if (isScalar(pair.key)) {
      if (pair.key.anchor) reading.anchors.set(pair.key.anchor, { value: pair.key.value });
      const key = keyOf(pair);
      const before = reading.duplicates.length;
      setMember(object, key, readAt(key, pair.value, reading));
      // What is in a value that does not count, does not count either.
      if (counting !== undefined && counting.get(key)?.at(-1) !== pair) reading.duplicates.length = before;
    } else {
      reading.flaws.push({ offset: offsetOf(pair.key), message: 'expected a string as key, got a map, list or alias' });
    }
  }
  return object;
}

/** The members of each name, of which the last one counts; undefined where there is one of each. */
function countingIn({ items }: YAMLMap): ReadonlyMap<string, readonly Pair[]> | undefined {
  const members = items.filter((pair) => isScalar(pair.key) && !isMerge(pair));
  return new Set(members.map(keyOf)).size === members.length ? undefined : Map.groupBy(members, keyOf);
}

const duplicatesIn = (counting: ReadonlyMap<string, readonly Pair[]> | undefined, path: Path): readonly Duplicate[] =>
  [...(counting ?? [])].flatMap(([key, same]) => {
    const last = same.length > 1 ? same.at(-1) : undefined;
    return last === undefined ? [] : [{ ...repeated(last, same.length), path: [...path, key] }];
  });

function merge(object: Record<string, unknown>, pair: Pair, reading: Reading): void {
  const value = read(pair.value, reading);
  // The first of several maps wins, so it comes last.
  for (const source of Array.isArray(value) ? value.toReversed() : [value]) {
    if (source === null || typeof source !== 'object' || Array.isArray(source)) {
      reading.flaws.push({ offset: offsetOf(pair.key), message: 'expected a map or a list of maps to merge' });
      return;
    }
    for (const [key, member] of Object.entries(source)) setMember(object, key, copy(member, reading));
  }
}

function readAlias(alias: Alias, reading: Reading): unknown {
  const anchored = reading.anchors.get(alias.source);
  if (anchored !== undefined && anchored !== 'open') {
    const value = copy(anchored.value, reading);
    if (reading.copied <= maxCopies || reading.flaws.some(isBomb)) return value;
    reading.flaws.push({ offset: offsetOf(alias), message: bomb });
    return null;
  }
  const message =
    anchored === 'open'
      ? `the anchor "${alias.source}" contains itself`
      : `no anchor "${alias.source}" before its alias`;
  reading.flaws.push({ offset: offsetOf(alias), message });
  return null;
}

const repeated = (pair: Pair, times: number): Flaw => {
  const name = isScalar(pair.key) && pair.key.source ? pair.key.source : keyOf(pair);
  const often = times === 2 ? 'twice' : `${times} times`;
  return { offset: offsetOf(pair.key), message: `the key ${JSON.stringify(name)} is there ${often}` };
};

const bomb = `aliases stand for more than ${maxCopies} values, as in an attack ("billion laughs")`;
const isBomb = (flaw: Flaw): boolean => flaw.message === bomb;

/** Each alias is a value of its own: a patch of one must not change the others. */
function copy(value: unknown, reading: Reading): unknown {
  if (++reading.copied > maxCopies || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, reading));
  const object: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) setMember(object, key, copy(member, reading));
  return object;
}

function offsetOf(node: unknown): number {
  return (isAlias(node) || isScalar(node) || isMap(node) || isSeq(node)) && node.range ? node.range[0] : 0;
}
