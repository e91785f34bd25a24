import { hasPlaceholder } from '../engine/template.js';
import { objectionTo } from '../manifests/generated.js';
import { lineChanges } from '../manifests/line-changes.js';
import type { Position } from '../manifests/read.js';
import type { Insertion, Replacement } from '../manifests/splice.js';
import { unaskedChange } from '../manifests/unasked.js';
import { isRecord, valueAt } from '../model/json.js';
import type { FixedFile } from '../reports/fixed.js';
import type { InputProblem, LocatedOperation, ReviewedManifest } from '../reports/reviewed.js';

/** A file as it was read: its documents in their order. */
export type ReadFile = { readonly file: string; readonly manifests: readonly ReviewedManifest[] };

/** A file with its new text. */
export type Fix = FixedFile & { readonly after: string };

/** The files of a run, in the order in which they were read; a file may be read twice. */
export function filesOf(manifests: readonly ReviewedManifest[]): readonly ReadFile[] {
  const files: { file: string; manifests: ReviewedManifest[] }[] = [];
  for (const manifest of manifests) {
    const last = files.at(-1);
    const sharesLine = last?.manifests.at(-1)?.text.endsWith('\n') === false;
    if (last?.file === manifest.file && (manifest.startLine > 1 || sharesLine)) last.manifests.push(manifest);
    else files.push({ file: manifest.file, manifests: [manifest] });
  }
  return files;
}

/** What is to become of a file's text: undefined where it stays as it is, a problem where it has to. */
export function planFix({ file, manifests }: ReadFile): Fix | InputProblem | undefined {
  if (!manifests.some(isChanged)) return undefined;
  const refuse = (message: string, place: Position): InputProblem => {
    const { line, column } = place;
    return { file, line, column, message };
  };
  const objection = objectionTo(
    file,
    manifests.map((manifest) => ({ ...manifest, isChanged: isChanged(manifest) })),
  );
  if (objection !== undefined) return refuse(objection.message, objection);
  const objects = manifests.flatMap((manifest) => manifest.objects).filter((object) => object.operations.length > 0);
  const part = objects.find(({ review }) => lacksImage(review.after));
  if (part !== undefined) return refuse(patching, part.place);
  const printed = manifests.find(({ spliced }) => spliced?.reprinted);
  if (printed !== undefined) {
    const place = printed.objects.find(({ operations }) => operations.length > 0)?.place;
    return refuse(reprinting, place ?? { line: printed.startLine, column: 1 });
  }
  const { before, after, edits, insertions, operations } = joined(manifests);
  const changes = lineChanges(before, edits);
  const unasked = unaskedChange(changes, insertions, operations);
  if (unasked !== undefined) return refuse(writingOut, { line: unasked.oldLine, column: 1 });
  const madeUp = operations.find(({ value }) => hasPlaceholder(JSON.stringify(value)));
  if (madeUp !== undefined && !hasPlaceholder(before)) return refuse(placeholder, madeUp.place);
  return { file, before, after, changes, objects: objects.length };
}

const isChanged = ({ spliced, text }: ReviewedManifest): boolean => spliced !== undefined && spliced.text !== text;

/** No Pod can be created without an image for each container: this is for kustomize, or another tool, to merge. */
function lacksImage(object: unknown): boolean {
  const containers = valueAt(object, ['spec', 'containers']);
  return Array.isArray(containers) && containers.some((one) => isRecord(one) && one['image'] === undefined);
}

const patching = 'a container has no image, so this is a patch: fix what it is a patch of';
const reprinting = 'it would have to be printed anew, and not only grow by the lines that are missing';
const writingOut = 'more than what is missing would change here, as where an alias has to be written out';
const placeholder =
  'it would get a name that only its controller makes up: give its Pods labels, or name it in the policy';

type Joined = {
  readonly before: string;
  readonly after: string;
  readonly edits: readonly Replacement[];
  readonly insertions: readonly Insertion[];
  readonly operations: readonly LocatedOperation[];
};

/** What was done to each document, as one for the whole file. */
function joined(manifests: readonly ReviewedManifest[]): Joined {
  let [before, after, newLines] = ['', '', 0];
  const edits: Replacement[] = [];
  const insertions: Insertion[] = [];
  const operations: LocatedOperation[] = [];
  for (const { text, spliced, objects } of manifests) {
    const [start, shift, first] = [before.length, newLines, operations.length];
    for (const { from, to, text: own } of spliced?.edits ?? []) {
      edits.push({ from: from + start, to: to + start, text: own });
    }
    for (const one of spliced?.insertions ?? []) {
      insertions.push({ ...one, line: one.line + shift, operation: one.operation + first });
    }
    if (spliced !== undefined) for (const object of objects) operations.push(...object.operations);
    const now = spliced?.text ?? text;
    before += text;
    after += now;
    newLines += now.split('\n').length - 1;
  }
  return { before, after, edits, insertions, operations };
}
