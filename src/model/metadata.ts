import type { Container, ContainerList, ObjectMeta, OwnerReference, Pod, StringMap } from './kubernetes.js';

type Object_ = { readonly metadata?: ObjectMeta };

/** The value of a label, or undefined; own properties only, because users may name a label `constructor`. */
export const labelOf = (object: Object_, key: string): string | undefined => ownValue(object.metadata?.labels, key);

/** The value of an annotation, or undefined. */
export const annotationOf = (object: Object_, key: string): string | undefined =>
  ownValue(object.metadata?.annotations, key);

/** The entry of a map of strings, or undefined; safe for any key. */
export const ownValue = (map: StringMap | null | undefined, key: string): string | undefined =>
  map != null && Object.hasOwn(map, key) ? map[key] : undefined;

/** The controller that owns an object, else its first owner, as Kubernetes' `GetControllerOf` and Datadog's owner lookup do. */
export function ownerOf(object: Object_): OwnerReference | undefined {
  const owners = object.metadata?.ownerReferences ?? [];
  return owners.find((owner) => owner.controller === true) ?? owners[0];
}

/** A container together with its place: the list it stands in, and where in it. */
export type PlacedContainer = { readonly list: ContainerList; readonly index: number; readonly container: Container };

/** Every container a Pod is created with: init containers (and native sidecars) first, in the order they start. */
export function containersOf(pod: Pod): readonly PlacedContainer[] {
  const placed: PlacedContainer[] = [];
  let index = 0;
  for (const container of pod.spec?.initContainers ?? []) {
    placed.push({ list: 'initContainers', index: index++, container });
  }
  index = 0;
  for (const container of pod.spec?.containers ?? []) placed.push({ list: 'containers', index: index++, container });
  return placed;
}
