import { hasPlaceholder } from '../engine/template.js';
import { objectionTo } from '../manifests/generated.js';
import { lineChanges } from '../manifests/line-changes.js';
import type { Position } from '../manifests/read.js';
import { unaskedChange } from '../manifests/unasked.js';
import { isRecord, valueAt } from '../model/json.js';
import type { FixedFile } from '../reports/fixed.js';
import { joined } from '../reports/joined.js';
import type { InputProblem, ReviewedManifest } from '../reports/reviewed.js';

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
  const [first, ...others] = manifests;
  const whole = first && joined(first, others);
  if (whole?.spliced === undefined || !isChanged(whole)) return undefined;
  const refuse = (message: string, place: Position): InputProblem => {
    const { line, column } = place;
    return { file, line, column, message };
  };
  const objection = objectionTo(
    file,
    manifests.map((manifest) => ({ ...manifest, isChanged: isChanged(manifest) })),
  );
  if (objection !== undefined) return refuse(objection.message, objection);
  const objects = whole.objects.filter((object) => object.operations.length > 0);
  const part = objects.find(({ review }) => lacksImage(review.after));
  if (part !== undefined) return refuse(patching, part.place);
  const printed = manifests.find(({ spliced }) => spliced?.reprinted);
  if (printed !== undefined) {
    const place = printed.objects.find(({ operations }) => operations.length > 0)?.place;
    return refuse(reprinting, place ?? { line: printed.startLine, column: 1 });
  }
  const before = whole.text;
  const { text: after, edits, insertions } = whole.spliced;
  const operations = objects.flatMap((object) => object.operations);
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
