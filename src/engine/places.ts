import type { Edit } from '../model/edit.js';
import { annotationPath, containerPath, elementPath, findContainer, labelPath } from '../model/field-paths.js';
import { valueAt } from '../model/json.js';
import type { Container, ContainerRef, Pod } from '../model/kubernetes.js';
import type { Path } from '../model/problem.js';
import type { Reason } from '../model/reason.js';

/**
 * Where in an object an edit does something: at the label, annotation, variable, volume or mount itself. What is still to
 * be added to a list has no index yet, and stands for the list. The object is the one that was received: what edits put
 * at the head of a list moves everything behind it.
 */
export function pathOfEdit(edit: Edit, object: unknown): Path {
  // Only what is shaped as its kind requires was ever edited; of a Service nothing but metadata was.
  const pod = object as Pod;
  switch (edit.kind) {
    case 'label':
      return labelPath(edit.key);
    case 'annotation':
      return annotationPath(edit.key);
    case 'env':
      return elementOf(pod, edit.container, 'env', ({ name }) => name === edit.env.name);
    case 'volume': {
      const index = pod.spec?.volumes?.findIndex(({ name }) => name === edit.volume.name) ?? -1;
      return elementPath(['spec', 'volumes'], index);
    }
    case 'volumeMount':
      return elementOf(pod, edit.container, 'volumeMounts', ({ mountPath }) => mountPath === edit.mount.mountPath);
  }
}

type Listed = 'env' | 'volumeMounts';
type Element<L extends Listed> = NonNullable<Container[L]>[number];

function elementOf<L extends Listed>(
  pod: Pod,
  ref: ContainerRef,
  field: L,
  isIt: (element: Element<L>) => boolean,
): Path {
  const placed = findContainer(pod, ref);
  if (placed === undefined) return ['spec', ref.list];
  const elements = (placed.container[field] ?? []) as readonly Element<L>[];
  return elementPath(containerPath(placed, field), elements.findIndex(isIt));
}

/** Whether a reason points to an element of a list to which edits add. */
export const pointsIntoList = ({ at }: Reason): boolean => typeof at?.at(-1) === 'number' && grows.has(at.at(-2));

const grows: ReadonlySet<unknown> = new Set(['env', 'volumeMounts', 'volumes']);

/**
 * A reason about the object that a rule saw, pointing into the one that was received: earlier rules may have put variables
 * before the author's, volumes and mounts behind them. What is theirs has no place in it but the list.
 */
export function pointToReceived(reason: Reason, seen: unknown, received: unknown): Reason {
  if (reason.at === undefined || !pointsIntoList(reason)) return reason;
  const list = reason.at.slice(0, -1);
  const index = Number(reason.at.at(-1));
  const [before, after] = [lengthAt(received, list), lengthAt(seen, list)];
  const own = list.at(-1) === 'env' ? index - after + before : index < before ? index : -1;
  return { ...reason, at: elementPath(list, own) };
}

function lengthAt(object: unknown, path: Path): number {
  const list = valueAt(object, path);
  return Array.isArray(list) ? list.length : 0;
}
