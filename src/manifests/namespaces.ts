import { asRecord, asText } from '../model/json.js';
import type { StringMap } from '../model/kubernetes.js';
import { eachManifest, type Manifest } from './read.js';
import { splitDocuments } from './split.js';
import { unpack } from './unpack.js';

/** Set by every API server since Kubernetes 1.21, whatever the manifest says. */
const nameLabel = 'kubernetes.io/metadata.name';

/** The labels of the namespaces that manifests bring along, by name; of two of a name, the last counts. */
export function namespaceLabelsOf(manifests: Iterable<Pick<Manifest, 'value'>>): ReadonlyMap<string, StringMap> {
  const namespaces = new Map<string, StringMap>();
  for (const manifest of manifests) {
    for (const { value } of unpack(manifest)) {
      const { apiVersion, kind, metadata } = asRecord(value);
      const name = asText(asRecord(metadata)['name']);
      if (apiVersion !== 'v1' || kind !== 'Namespace' || name === '') continue;
      namespaces.set(name, { ...labelsOf(metadata), [nameLabel]: name });
    }
  }
  return namespaces;
}

/** The same for texts: only those of their documents are read that may be about a namespace. */
export const readNamespaceLabels = (
  texts: Iterable<{ readonly file: string; readonly text: string }>,
): ReadonlyMap<string, StringMap> => namespaceLabelsOf(eachCandidate(texts));

function* eachCandidate(texts: Iterable<{ readonly file: string; readonly text: string }>): Generator<Manifest> {
  for (const { file, text } of texts) {
    if (!mayBeNamespace.test(text)) continue;
    for (const part of splitDocuments(text)) if (mayBeNamespace.test(part)) yield* eachManifest(file, part);
  }
}

const mayBeNamespace = /\bkind["']?\s*:\s*["']?Namespace\b/;

/** A label that is no text is refused by the API server, and no label. */
const labelsOf = (metadata: unknown): StringMap =>
  Object.fromEntries(
    Object.entries(asRecord(asRecord(metadata)['labels'])).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
