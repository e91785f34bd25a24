import { asRecord, asText, valueAt } from '../model/json.js';
import type { Path } from '../model/problem.js';
import { createIdentities } from './identities.js';
import { positionOf } from './position.js';
import { eachManifest, type Manifest, type Position, readManifest } from './read.js';
import { unpack } from './unpack.js';

/** Where a path of a rendered object stands, as far as that is there; undefined if it is not sure in which object. */
export type FindInSource = (rendered: unknown, path: Path, index?: number) => Position | undefined;

/** Reads plain YAML or JSON that objects were rendered from; no more than one of its syntax trees is kept. */
export function readSourceObjects(file: string, text: string): FindInSource {
  const documents: Document[] = [];
  const identities = createIdentities<Path>();
  for (const manifest of eachManifest(file, text)) {
    // Tools count neither empty documents nor those that hold nothing but comments.
    if (manifest.value === undefined) continue;
    for (const { value, path } of unpack(manifest)) identities.add(value, documents.length, path);
    documents.push({ text: manifest.text, line: manifest.startLine, column: manifest.startColumn ?? 1 });
  }
  const read = readerOf(file, documents);
  return (rendered, path, index) => {
    const found = identities.find(rendered, index);
    if (found === undefined) return undefined;
    const manifest = read(found.document);
    const source = valueAt(manifest?.value, found.at);
    return manifest && positionOf(manifest, [...found.at, ...samePath(path, rendered, source)]);
  };
}

type Document = Position & Pick<Manifest, 'text'>;

/** What comes of one document mostly comes together. */
function readerOf(file: string, documents: readonly Document[]): (index: number) => Manifest | undefined {
  let last = -1;
  let manifest: Manifest | undefined;
  return (index) => {
    const document = documents[index];
    if (index !== last) manifest = document && readManifest(file, document.text, document);
    last = index;
    return manifest;
  };
}

/** The path to the same in the source: lists may have got elements that it lacks, and are told apart by their names. */
function samePath(path: Path, rendered: unknown, source: unknown): Path {
  const found: (string | number)[] = [];
  let here = rendered;
  let there = source;
  for (const step of path) {
    const own = Array.isArray(here) && Array.isArray(there) ? sameElement(here, Number(step), there) : step;
    if (own === undefined) break;
    found.push(own);
    here = valueAt(here, [step]);
    there = valueAt(there, [own]);
  }
  return found;
}

function sameElement(here: readonly unknown[], index: number, there: readonly unknown[]): number | undefined {
  const nameOf = (element: unknown): string => asText(asRecord(element)['name']);
  const name = nameOf(here[index]);
  if (name === '') return here.length === there.length ? index : undefined;
  const found = there.findIndex((element) => nameOf(element) === name);
  return found < 0 ? undefined : found;
}
