import jsonPatch from 'fast-json-patch';
import { createDraft, type Open } from './draft.js';
import { type Operation, pointerTokens } from './operation.js';

/**
 * Applies a patch strictly in memory, as the API server will, and compares the outcome with what was meant. The API
 * server refuses an object over a patch that does not apply, even under `failurePolicy: Ignore`, so no patch leaves
 * aloft without this. Throws where the patch does not apply, or leads elsewhere. The object itself is not touched.
 */
export function verifyPatch(before: object, operations: readonly Operation[], after: unknown): void {
  const copy = copyAlong(before, operations);
  for (const { op, path, value } of operations) jsonPatch.applyOperation(copy, { op, path, value }, true, true);
  if (!isSame(copy, after)) throw new Error('the patch does not lead to the object that was meant');
}

/** A copy of everything on the way to where the operations write; the rest is shared, because nothing writes there. */
function copyAlong(before: object, operations: readonly Operation[]): unknown {
  const { root, open } = createDraft(before);
  for (const { path } of operations) {
    let parent: Open | undefined = root;
    for (const token of pointerTokens(path).slice(0, -1)) parent = parent && open(parent, token);
  }
  return root;
}

/** Whether two JSON values are equal; parts that are one and the same are not walked. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isSame(member(one, key), member(other, key)));
}

const member = (object: object, key: string): unknown => (object as Readonly<Record<string, unknown>>)[key];
