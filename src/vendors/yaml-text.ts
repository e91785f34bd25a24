import { isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments, type Tags, type YAMLMap } from 'yaml';
import { isRecord } from '../model/json.js';

/** What a YAML text says, as Go reads it (sigs.k8s.io/yaml), and how it is written: the first document counts, and the last of two equal keys. */
export type YamlText = { readonly value: unknown; readonly root: ParsedNode | null };

/** Members to add to an object: values, and objects of which the same holds. */
export type Members = { readonly [key: string]: string | number | Members };

/** Reads a text; undefined where it is no YAML. */
export function readYaml(text: string): YamlText | undefined {
  try {
    const [document] = parseAllDocuments(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent', customTags });
    if (document === undefined || !('errors' in document)) return { value: null, root: null };
    if (document.errors.length > 0) return undefined;
    return { value: document.toJS({ maxAliasCount: 100 }), root: document.contents };
  } catch {
    // What nests too deeply, or refers to itself too often, Go cannot read either.
    return undefined;
  }
}

/** Go reads neither times nor dates: they stay texts. */
const customTags = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !tag.tag.endsWith(':timestamp')));

/**
 * A text with members added that it lacks; nothing of the text itself is changed, comments included. Undefined where the
 * text does not let members be added beside its own, as with aliases and merge keys.
 */
export function addMembers(
  text: string,
  { value, root }: YamlText,
  members: Members,
  sameName: SameName,
): string | undefined {
  if (text === '') return block(members, '', text);
  const whole = text === '' || text.endsWith('\n') || (isMap(root) && root.flow) ? text : text + lineEnd(text);
  // Go reads the end of a text as the end of a block, without a line end.
  if (whole !== text && root !== null && isBlock(lastOf(root))) return undefined;
  const work: Work = { text: whole, sameName, insertions: [] };
  if (root === null || isUnset(root)) work.insertions.push({ at: whole.length, what: block(members, '', text) });
  else if (!collect(work, root, members)) return undefined;
  // From behind, so that places stay where they are; of two at one place the inner one, collected first, comes first.
  const grown = work.insertions
    .reverse()
    .sort((one, other) => other.at - one.at)
    .reduce((so, { at, what }) => so.slice(0, at) + what + so.slice(at), whole);
  const result = grown.slice(0, grown.length - (whole.length - text.length));
  // Where a text is stranger than what is looked at here, what comes of it tells.
  const after = readYaml(result);
  return after !== undefined && isSame(after.value, withMembers(value, members, sameName)) ? result : undefined;
}

const isBlock = (node: ParsedNode): boolean =>
  isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');

/** Whether the key of a text is another spelling of a name. */
export type SameName = (key: string, name: string) => boolean;

/** The key of an object that is a name, in whichever spelling; of two, the last. */
export const keyOf = (object: object, name: string, sameName: SameName): string | undefined =>
  Object.keys(object).findLast((key) => sameName(key, name));

type Insertion = { readonly at: number; readonly what: string };
type Work = { readonly text: string; readonly sameName: SameName; readonly insertions: Insertion[] };

/** Collects what to insert into a node, and into those in it; false where there is no place for it. */
function collect(work: Work, node: ParsedNode | null, members: Members): boolean {
  if (!isMap(node)) return false;
  const map = node as YAMLMap.Parsed;
  const missing: Record<string, Members[string]> = {};
  for (const [name, value] of Object.entries(members)) {
    const pair = map.items.findLast(({ key }) => isScalar(key) && work.sameName(String(key.value), name));
    if (pair === undefined) missing[name] = value;
    else if (typeof value !== 'object' || !collect(work, pair.value, value)) return false;
  }
  if (Object.keys(missing).length === 0) return true;
  work.insertions.push(map.flow ? intoFlow(work.text, map, missing) : intoBlock(work.text, map, missing));
  return true;
}

function intoFlow(text: string, map: YAMLMap.Parsed, members: Members): Insertion {
  const last = map.items.at(-1);
  if (last === undefined) return { at: map.range[0] + 1, what: flow(members) };
  const at = (last.value ?? last.key).range[1];
  // Go takes a colon for a part of the name, unless a space follows.
  return { at, what: `${text[at - 1] === ':' ? ' ' : ''}, ${flow(members)}` };
}

/** Behind the line on which the last member ends, and behind the comments that stand under it. */
function intoBlock(text: string, map: YAMLMap.Parsed, members: Members): Insertion {
  const start = map.items[0]?.key.range[0] ?? 0;
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const end = lastOf(map).range[1];
  const line = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
  const comments = new RegExp(`(?: {${indent.length},}#.*\\n)*`, 'y');
  comments.lastIndex = line;
  return { at: line + (comments.exec(text)?.[0].length ?? 0), what: block(members, indent, text) };
}

/** The last thing in a node. */
function lastOf(node: ParsedNode): ParsedNode {
  if (isMap(node) && !node.flow) {
    const last = (node as YAMLMap.Parsed).items.at(-1);
    if (last !== undefined) return lastOf(last.value ?? last.key);
  }
  const last = isSeq(node) && !node.flow ? node.items.at(-1) : undefined;
  return last === undefined ? node : lastOf(last as ParsedNode);
}

const block = (members: Members, indent: string, text: string): string =>
  blockLines(members, indent)
    .map((line) => line + lineEnd(text))
    .join('');

const blockLines = (members: Members, indent: string): readonly string[] =>
  Object.entries(members).flatMap(([key, value]) =>
    typeof value === 'object'
      ? [`${indent}${key}:`, ...blockLines(value, `${indent}  `)]
      : [`${indent}${key}: ${scalar(value)}`],
  );

const flow = (members: Members): string =>
  Object.entries(members)
    .map(([key, value]) => {
      const written = typeof value === 'object' ? `{${flow(value)}}` : scalar(value);
      return `${JSON.stringify(key)}: ${written}`;
    })
    .join(', ');

const scalar = (value: string | number): string => (typeof value === 'string' ? quoteYaml(value) : String(value));

/** A text between double quotes, as YAML and JSON both read it; Go's parser refuses what does not print. */
export const quoteYaml = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const isUnset = (node: ParsedNode): boolean => isScalar(node) && node.value === null && node.source === '';

function withMembers(value: unknown, members: Members, sameName: SameName): unknown {
  const own = isRecord(value) ? value : {};
  const all: Record<string, unknown> = { ...own };
  for (const [name, member] of Object.entries(members)) {
    const key = keyOf(own, name, sameName) ?? name;
    all[key] = typeof member === 'object' ? withMembers(own[key], member, sameName) : member;
  }
  return all;
}

/** Whether two values of YAML texts say the same; the order of members does not matter. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) {
    return Object.is(one, other);
  }
  if (Array.isArray(one) !== Array.isArray(other) || !isPlain(one) || !isPlain(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(Reflect.get(one, key), Reflect.get(other, key)))
  );
}

const isPlain = (value: object): boolean => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
