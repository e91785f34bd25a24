import { type Operation, pointerTokens } from '../engine/operation.js';
import { copyOf, setMember, valueAt } from '../model/json.js';

/** Carries out one operation of a JSON Patch in place. */
export function patch(root: unknown, { op, path, value }: Operation): void {
  const tokens = [...pointerTokens(path)];
  const last = tokens.pop();
  const parent = valueAt(root, tokens);
  const own = copyOf(value);
  if (last === undefined || parent === null || typeof parent !== 'object')
    throw new Error(`cannot ${op} ${path}: no such place`);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    parent.splice(index, op === 'replace' ? 1 : 0, own);
  } else {
    setMember(parent as Record<string, unknown>, last, own);
  }
}
