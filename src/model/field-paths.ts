import type { Container, ContainerRef, Pod } from './kubernetes.js';
import type { PlacedContainer } from './metadata.js';
import type { Path } from './problem.js';

/** Where a label of an object stands. */
export const labelPath = (key: string): Path => ['metadata', 'labels', key];

/** Where an annotation of an object stands. */
export const annotationPath = (key: string): Path => ['metadata', 'annotations', key];

export const hostNetworkPath: Path = ['spec', 'hostNetwork'];

/** Where a field of a container stands; without fields, the container itself. */
export const containerPath = ({ list, index }: Omit<PlacedContainer, 'container'>, ...fields: Path): Path => [
  'spec',
  list,
  index,
  ...fields,
];

/** Where the image of a container stands that is no init container. */
export const imagePath = (pod: Pod, container: Container): Path => [
  'spec',
  'containers',
  pod.spec?.containers?.indexOf(container) ?? 0,
  'image',
];

/** Where an element of a list stands; the list, where it has no such element. */
export const elementPath = (list: Path, index: number): Path => (index < 0 ? list : [...list, index]);

/** Where a variable of a container stands; of two with one name, the last one counts. */
export const variablePath = ({ container, ...placed }: PlacedContainer, name: string): Path =>
  elementPath(containerPath(placed, 'env'), container.env?.findLastIndex((variable) => variable.name === name) ?? -1);

/** A container of a Pod with its place, by its name; undefined where there is none. */
export function findContainer(pod: Pod, { list, name }: ContainerRef): PlacedContainer | undefined {
  const index = pod.spec?.[list]?.findIndex((container) => container.name === name) ?? -1;
  const container = pod.spec?.[list]?.[index];
  return container && { list, index, container };
}
