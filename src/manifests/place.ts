import type { Path } from '../model/problem.js';
import { type Alignment, align } from './align.js';
import { type Origin, originOf } from './origin.js';
import { outlineOf } from './outline.js';
import { positionOf } from './position.js';
import type { Manifest, Position } from './read.js';
import { type FindInSource, readSourceObjects } from './source-objects.js';
import { type TemplateLine, templateDocuments } from './template.js';
import type { Unpacked } from './unpack.js';

/** Where something stands: in the source, where that is known, else in the text that was read. */
export type Place = Position & {
  readonly file: string;
  /** Where in the rendered text that was read, if `file` is what it was rendered from. */
  readonly rendered?: Position & { readonly file: string };
  /** What the document says it was rendered from, if that is not there or does not tell where. */
  readonly source?: string;
};

/**
 * The sources that a path may mean, in groups from the surest on, each read when it is asked for; within a group none is
 * surer than another. A source is known by identity, and read once.
 */
export type ReadSource = (path: string) => readonly (() => readonly Source[])[] | undefined;
export type Source = { readonly file: string; readonly text: string };

/** Finds the place of a path within a document; `object` is which of its objects the path is in. */
export function createPlaces(manifest: Manifest, readSource: ReadSource): (path: Path, object: Unpacked) => Place {
  const finders = new Map<string, Finder>();
  const alignments = new Map<Source, Alignment>();
  const alignedTo = (source: Source): Alignment => {
    const alignment = alignments.get(source) ?? align(outlineOf(manifest.text), studied(source).documents());
    alignments.set(source, alignment);
    return alignment;
  };
  const finderOf = (object: Unpacked): Finder => {
    const here = (path: Path): Place => ({ file: manifest.file, ...positionOf(manifest, path) });
    const origin = originOf(manifest, object);
    if (origin === undefined) return here;
    const rendered = { manifest, object, origin, alignedTo };
    const source = origin.path === undefined ? undefined : chosen(readSource(origin.path) ?? [], rendered);
    if (source === undefined) return (path) => ({ ...here(path), source: origin.name });
    // What was rendered into the file that it names is that file.
    if (source.file === manifest.file) return here;
    return (path) => {
      const found = findIn(source, rendered, path);
      return found ? { file: source.file, ...found, rendered: here(path) } : { ...here(path), source: origin.name };
    };
  };
  return (path, object) => {
    const key = object.path.join('/');
    const find = finders.get(key) ?? finderOf(object);
    finders.set(key, find);
    return find(path);
  };
}

type Finder = (path: Path) => Place;

type Rendered = {
  readonly manifest: Manifest;
  readonly object: Unpacked;
  readonly origin: Origin;
  readonly alignedTo: (source: Source) => Alignment;
};

/** The one source in which the object is, or that is alone; of several none, for a wrong line costs more than none. */
function chosen(groups: readonly (() => readonly Source[])[], rendered: Rendered): Source | undefined {
  for (const group of groups) {
    const sources = group();
    const { object, origin } = rendered;
    const fitting = origin.isTemplate ? sources : sources.filter((source) => findIn(source, rendered, object.path));
    if (fitting.length > 0) return fitting.length === 1 ? fitting[0] : undefined;
  }
  return undefined;
}

function findIn(source: Source, rendered: Rendered, path: Path): Position | undefined {
  const { manifest, object, origin, alignedTo } = rendered;
  const isPlain = origin.isTemplate !== true || !source.text.includes('{{');
  const found = isPlain
    ? studied(source).find()(object.value, path.slice(object.path.length), origin.index)
    : undefined;
  if (found !== undefined || origin.isTemplate !== true) return found;
  return placeByLine(manifest, path, alignedTo(source));
}

/** Where the template makes the line that a path is on, or else that of the nearest key above it. */
function placeByLine(manifest: Manifest, path: Path, alignment: Alignment): Position {
  for (let length = path.length; length >= 0; length--) {
    const { line, column } = positionOf(manifest, path.slice(0, length));
    const aligned = alignment.get(line - manifest.startLine);
    if (aligned === undefined) continue;
    const { rendered, template } = aligned;
    const within = column - rendered.column;
    const isOwn = within > 0 && within <= template.head;
    return { line: template.index + 1, column: template.column + (isOwn ? within : 0) };
  }
  return { line: 1, column: 1 };
}

type Studied = {
  readonly find: () => FindInSource;
  readonly documents: () => readonly (readonly TemplateLine[])[];
};

/** A source is named by many documents, and read for the first of them. */
const studies = new WeakMap<Source, Studied>();

function studied(source: Source): Studied {
  const known = studies.get(source);
  if (known) return known;
  const study = {
    find: once(() => readSourceObjects(source.file, source.text)),
    documents: once(() => templateDocuments(source.text)),
  };
  studies.set(source, study);
  return study;
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
