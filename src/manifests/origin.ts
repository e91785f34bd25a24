import { asRecord, asText, valueAt } from '../model/json.js';
import type { Manifest } from './read.js';
import { parseTree } from './tree.js';
import type { Unpacked } from './unpack.js';
import { plainValue } from './value.js';

/** What a document says about where an object in it comes from. */
export type Origin = {
  /** As people are told it. */
  readonly name: string;
  /** The path of a file; absent where that is in another repository, or there is none. */
  readonly path?: string;
  /** Whether that is a template, of which the text is all that can be compared. */
  readonly isTemplate?: true;
  /** Which of the file's documents that are not empty, from 0. */
  readonly index?: number;
};

/** Where an object comes from, by its own annotations, those of the list it is in, or a comment before the document. */
export function originOf(
  manifest: Pick<Manifest, 'value' | 'text'>,
  { path }: Pick<Unpacked, 'path'>,
): Origin | undefined {
  // A list within a list of functions has the annotations for its items.
  for (let length = path.length; length >= 0; length -= 2) {
    const origin = annotatedOrigin(valueAt(manifest.value, [...path.slice(0, length), 'metadata', 'annotations']));
    if (origin !== undefined) return origin;
  }
  return commentedOrigin(manifest.text);
}

function annotatedOrigin(value: unknown): Origin | undefined {
  const annotations = asRecord(value);
  const first = (...keys: readonly string[]): string => keys.map((key) => asText(annotations[key])).find(Boolean) ?? '';
  // kpt and kustomize's functions: https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
  const path = first('internal.config.kubernetes.io/path', 'config.kubernetes.io/path');
  const index = first('internal.config.kubernetes.io/index', 'config.kubernetes.io/index');
  if (path !== '') return { name: path, path, ...(/^\d+$/.test(index) ? { index: Number(index) } : {}) };
  const origin = first('config.kubernetes.io/origin');
  if (origin !== '') return kustomizeOrigin(origin);
  // Helm's, for post-renderers since 3.21 and 4.
  const rendered = first('postrenderer.helm.sh/postrender-filename');
  return rendered === '' ? undefined : { name: rendered, path: rendered, isTemplate: true };
}

/** What `buildMetadata: [originAnnotations]` adds; with a repository, the file is not here. */
function kustomizeOrigin(text: string): Origin | undefined {
  const origin = asRecord(plainValue(parseTree(text)).value);
  const [path, repo, ref] = ['path', 'repo', 'ref'].map((key) => asText(origin[key]));
  if (!path) {
    const name = asText(origin['configuredIn']);
    return name === '' ? undefined : { name };
  }
  if (!repo) return { name: path, path };
  // A URL may hold a password.
  const where = repo.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
  return { name: `${where}//${path}${ref ? `?ref=${ref}` : ''}` };
}

/** Helm's comment, in front of everything else in the document. */
function commentedOrigin(text: string): Origin | undefined {
  const [lead = ''] = /^(?:[ \t]*(?:#[^\n]*|---[ \t]*(?:#[^\n]*)?)?\r?\n)*/.exec(text.replace(/^\uFEFF/, '')) ?? [];
  const path = [...lead.matchAll(/^# Source: (\S[^\r\n]*?)[ \t\r]*$/gm)].at(-1)?.[1];
  return path === undefined ? undefined : { name: path, path, isTemplate: true };
}
