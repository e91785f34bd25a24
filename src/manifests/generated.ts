import { visit } from 'yaml';
import { asRecord, asText, valueAt } from '../model/json.js';
import type { Path } from '../model/problem.js';
import { isBlockScalar, rangeOf } from './edits.js';
import { originOf } from './origin.js';
import { positionOf } from './position.js';
import { locate, type Manifest, type Problem, readManifests } from './read.js';
import { type Unpacked, unpack } from './unpack.js';

/** A document of a file, and whether there is anything to change in it. */
export type Candidate = { readonly text: string; readonly startLine: number; readonly isChanged: boolean };

/** Why nobody should edit a file by hand, and the place in it that says so; undefined where it is a source. */
export function objectionTo(file: string, documents: readonly Candidate[]): Problem | undefined {
  const text = documents.map((document) => document.text).join('');
  const changed = documents
    .filter((one) => one.isChanged && suspicious.test(one.text))
    .flatMap((one) => readManifests(file, one.text, one.startLine));
  return (
    generatedHeader(text) ??
    helmSource(text) ??
    first(changed, (manifest) => {
      const inDocument = notASource(manifest) ?? encrypted(manifest) ?? templateAction(manifest);
      return inDocument ?? first(unpack(manifest), (object) => builtFrom(manifest, object));
    })
  );
}

/** What is said of all others needs no parsing of them. */
const suspicious = /\{\{|\{%|AdmissionReview|ResourceList|\bsops\b|config\.kubernetes\.io|postrenderer\.helm\.sh/;

function first<T>(all: readonly T[], find: (one: T) => Problem | undefined): Problem | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

const at = (manifest: Manifest, path: Path, message: string): Problem => ({ ...positionOf(manifest, path), message });

/** What programs write above what they generate, and nobody above what they keep by hand. */
const generatedBy: readonly RegExp[] = [
  /@generated\b/,
  /\b(?:auto-?|automatically |machine[- ])generated\b/i,
  /\b(?:file|manifest|document|yaml|code) (?:is|was|has been) generated\b/i,
  /^[#\s]*(?:(?:warning|note|important|code|file|manifest|yaml)[:,!]?\s+)*generated (?:by|from|with|using|file)\b/i,
  /\bdo(?: not|n['’]?t) (?:manually |directly |hand[- ]?)?(?:edit|modify|change)(?: (?:this|it|the file|by hand|manually|directly)\b|\s*(?:[.!*#-]|$))/i,
];

/** A header is what stands above everything else, also where a license does. */
function generatedHeader(text: string): Problem | undefined {
  for (let start = 0, line = 1; start < text.length; line++) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    const [, before, comment = ''] = /^(\uFEFF?(?:---)?\s*)(#.*|%.*)?$/.exec(text.slice(start, end).trimEnd()) ?? [];
    if (before === undefined) return undefined;
    if (generatedBy.some((pattern) => pattern.test(comment))) {
      const column = before.replace('\uFEFF', '').length + 1;
      return { line, column, message: 'its header says that it is generated: change what it is generated from' };
    }
    start = end;
  }
  return undefined;
}

/** `helm template` names the template above each document; people put an address there. */
function helmSource(text: string): Problem | undefined {
  const found = /^# Source: (\S+\/(?:templates|crds)\/\S+)[ \t]*\r?$/m.exec(text);
  if (found === null || found[1]?.includes('://')) return undefined;
  const line = text.slice(0, found.index).split('\n').length;
  return { line, column: 1, message: `Helm rendered it: change the template ${found[1]}` };
}

function notASource(manifest: Manifest): Problem | undefined {
  const kind = asRecord(manifest.value)['kind'];
  if (kind === 'AdmissionReview')
    return at(manifest, ['kind'], 'an AdmissionReview is a request, not the source of one: use aloft review');
  if (kind === 'ResourceList')
    return at(manifest, ['kind'], 'a ResourceList passes between functions: fix the files that it was made of');
  return undefined;
}

/** SOPS signs all values of a file, also those that it does not encrypt. */
const encrypted = (manifest: Manifest): Problem | undefined =>
  asText(valueAt(manifest.value, ['sops', 'mac'])) === ''
    ? undefined
    : at(manifest, ['sops'], 'SOPS would refuse it afterwards, because of its MAC: decrypt it first');

/** What stands in a block scalar is for a program that reads it later: alerts of Prometheus, secrets of Vault. */
function templateAction(manifest: Manifest): Problem | undefined {
  const actions = [...manifest.text.matchAll(/\{\{|\{%/g)].map(({ index }) => index);
  if (actions.length === 0) return undefined;
  const blocks: (readonly [from: number, to: number])[] = [];
  visit(manifest.document, {
    Scalar: (_, node) => {
      const range = isBlockScalar(node) ? rangeOf(node) : undefined;
      if (range !== undefined) blocks.push(range);
    },
  });
  const offset = actions.find((action) => !blocks.some(([from, to]) => action >= from && action < to));
  if (offset === undefined) return undefined;
  const message = 'a template: what becomes of it is not known here; review what it renders, or change it by hand';
  return { ...locate(manifest, offset), message };
}

/** Tools annotate objects with where they come from: on the way only, unless they come from this very file. */
function builtFrom(manifest: Manifest, { path }: Unpacked): Problem | undefined {
  const origin = originOf({ value: manifest.value, text: '' }, { path });
  if (origin === undefined || `/${manifest.file}`.endsWith(`/${origin.path}`)) return undefined;
  return at(manifest, [...path, 'metadata', 'annotations'], `it was built from another file: fix ${origin.name}`);
}
