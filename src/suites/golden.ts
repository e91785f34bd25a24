import { escapeToken, type Operation } from '../engine/operation.js';
import type { Manifest } from '../manifests/read.js';
import { readManifests } from '../manifests/read.js';
import { applyToText } from '../manifests/splice.js';
import { isRecord, isSame, valueAt } from '../model/json.js';
import type { Path } from '../model/problem.js';
import { asYaml } from './shown.js';

/** A value that is to stand at the end of a path of a document. */
export type NewValue = { readonly path: Path; readonly value: unknown };

/** A document's text with other values in it; what stays the same keeps its bytes and its comments. */
export function writeValues(manifest: Manifest, values: readonly NewValue[]): string {
  const operations = values.flatMap(({ path, value }) =>
    changes(valueAt(manifest.value, path), value, path.map((step) => `/${escapeToken(String(step))}`).join('')),
  );
  return applyToText(manifest, operations).text;
}

/** A golden file with a value in it, which it may have had before in the main. */
export function writeGolden(file: string, golden: Manifest | undefined, value: unknown): string {
  if (golden?.value !== undefined && isRecord(golden.value) && isRecord(value)) {
    const kept = Object.keys(golden.value).every((key) => Object.hasOwn(value, key));
    if (kept) return writeValues(golden, [{ path: [], value }]);
  }
  return file.endsWith('.json') ? `${JSON.stringify(value, undefined, 2)}\n` : newYaml(value);
}

/** JSON is YAML too, and leaves nothing to be taken for something else. */
function newYaml(value: unknown): string {
  const text = asYaml(value);
  const [manifest] = readManifests('', text);
  return isSame(manifest?.value, value) ? text : `${JSON.stringify(value, undefined, 2)}\n`;
}

/** What leads from one value to another; nothing can be taken away, so that a value which loses a part is replaced. */
function changes(before: unknown, after: unknown, path: string): readonly Operation[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  if (isRecord(before) && isRecord(after) && Object.keys(before).every((key) => Object.hasOwn(after, key))) {
    return Object.entries(after).flatMap(([key, value]) => {
      const at = `${path}/${escapeToken(key)}`;
      return Object.hasOwn(before, key) ? changes(before[key], value, at) : [{ op: 'add', path: at, value }];
    });
  }
  return [{ op: 'replace', path, value: after }];
}

/** Elements at both ends stay; between them, some are new, or each changes by itself. */
function listChanges(before: readonly unknown[], after: readonly unknown[], path: string): readonly Operation[] {
  const head = sameAtHead(before, after);
  const tail = sameAtHead(before.slice(head).reverse(), after.slice(head).reverse());
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  if (old.length === 0 && before.length > 0) {
    return fresh.map((value, index) => ({ op: 'add', path: `${path}/${head + index}`, value }));
  }
  if (old.length !== fresh.length) return [{ op: 'replace', path, value: after }];
  return fresh.flatMap((value, index) => changes(old[index], value, `${path}/${head + index}`));
}

function sameAtHead(one: readonly unknown[], other: readonly unknown[]): number {
  const first = one.findIndex((item, index) => index >= other.length || !isSame(item, other[index]));
  return first < 0 ? one.length : first;
}
