import type { Kind } from '../model/kubernetes.js';

/** How the API server calls each kind, and the operations on which rules decide. */
export const kinds = {
  // A Pod's spec is immutable once it exists, so only its creation can be changed.
  Pod: { group: '', version: 'v1', resource: 'pods', operations: ['CREATE'] },
  // Istio's upgrades and re-applied charts drop annotations, so updates count as well.
  Service: { group: '', version: 'v1', resource: 'services', operations: ['CREATE', 'UPDATE'] },
} as const satisfies Record<Kind, object>;

/** A kind as a request names it. */
export type GroupVersionKind = { readonly group: string; readonly version: string; readonly kind: string };

/** The kind of an object, where rules decide on it. */
export function kindOf({ group, version, kind }: GroupVersionKind): Kind | undefined {
  if (kind !== 'Pod' && kind !== 'Service') return undefined;
  return kinds[kind].group === group && kinds[kind].version === version ? kind : undefined;
}

export type Operation = (typeof kinds)[Kind]['operations'][number];

/** The operation of a request, where rules for the kind decide on it. */
export const operationOn = (kind: Kind, operation: string): Operation | undefined =>
  kinds[kind].operations.find((wanted) => wanted === operation);
