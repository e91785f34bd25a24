import { isSame, setMember } from '../model/json.js';
import { createDraft, type Open } from './draft.js';
import { type Operation, pointerTokens, unescapeToken } from './operation.js';

/**
 * Applies a patch strictly in memory, as the API server will, and compares the outcome with what was meant. The API
 * server refuses an object over a patch that does not apply, even under `failurePolicy: Ignore`, so no patch leaves
 * aloft without this. Throws where the patch does not apply, or leads elsewhere. The object itself is not touched.
 *
 * Not done with fast-json-patch, which lets pass what Go's json-patch refuses (`/a/01`, members of prototypes) and
 * takes half as long as all rules together; the tests hold the two against each other.
 */
export function verifyPatch(before: object, operations: readonly Operation[], after: unknown): void {
  const draft = createDraft(before);
  let way = '';
  let parent: Open | undefined;
  for (const { op, path, value } of operations) {
    const slash = path.lastIndexOf('/');
    // Most operations of a patch go to the same place.
    if (parent === undefined || slash !== way.length || !path.startsWith(way)) {
      way = path.slice(0, slash);
      parent = pointerTokens(way).reduce<Open | undefined>((at, token) => at && draft.open(at, token), draft.root);
    }
    if (parent === undefined || slash < 0) throw new Error(`${op} ${path}: there is nothing to ${op} it to`);
    const key = unescapeToken(path.slice(slash + 1));
    if (Array.isArray(parent)) applyToList(parent, op, key, value);
    else if (op === 'add' || Object.hasOwn(parent, key)) setMember(parent, key, value);
    else throw new Error(`${op} ${path}: there is nothing to replace`);
  }
  if (!isSame(draft.root, after)) throw new Error('the patch does not lead to the object that was meant');
}

function applyToList(list: unknown[], op: Operation['op'], key: string, value: unknown): void {
  const index = op === 'add' && key === '-' ? list.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  if (!(index < list.length + (op === 'add' ? 1 : 0)))
    throw new Error(`${op}: no index ${key} in a list of ${list.length}`);
  list.splice(index, op === 'add' ? 0 : 1, value);
}
