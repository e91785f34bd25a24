import type { Edit } from '../model/edit.js';
import { isSame } from '../model/json.js';
import type { Path } from '../model/problem.js';
import type { Check } from './compare.js';
import type { ExpectedEdit } from './schema.js';

/** Holds the edits of a rule against those that a case expects: of each what is said of it, and there are no others. */
export function compareEdits(path: Path, expected: readonly ExpectedEdit[], edits: readonly Edit[] | undefined): Check {
  if (edits === undefined) return { path, is: 'unseen' };
  const got = edits.map((edit, index) => asFarAs(flatten(edit), expected[index]));
  return isSame(expected, got)
    ? { path, is: 'met' }
    : { path, is: 'failed', message: 'not as expected', difference: { expected, got } };
}

/** What is asked of an edit; all of one that nobody asked for. */
const asFarAs = (edit: ExpectedEdit, expected: ExpectedEdit | undefined): object =>
  Object.fromEntries(
    Object.entries(edit).filter(([key, value]) => value !== undefined && (expected === undefined || key in expected)),
  );

/** An edit in the words of a suite. */
function flatten(edit: Edit): ExpectedEdit {
  const { kind } = edit;
  const reason = edit.reason.code;
  switch (kind) {
    case 'label':
    case 'annotation':
      return { kind, name: edit.key, value: edit.value, reason };
    case 'env': {
      const { name, value, valueFrom } = edit.env;
      return { kind, name, value, from: valueFrom?.fieldRef?.fieldPath, container: edit.container.name, reason };
    }
    case 'volume':
      return { kind, name: edit.volume.name, from: edit.volume.hostPath?.path, reason };
    case 'volumeMount':
      return { kind, name: edit.mount.mountPath, from: edit.mount.name, container: edit.container.name, reason };
  }
}
