/** An object of a manifest, and where in the manifest's value it stands. */
export type Unpacked = { readonly value: unknown; readonly path: readonly (string | number)[] };

/** The objects of a manifest: itself, or the items of a `List`, `PodList`, …, also of lists within lists. */
export function unpack(manifest: { readonly value?: unknown }): readonly Unpacked[] {
  return unpackAt(manifest.value, []);
}

function unpackAt(value: unknown, path: readonly (string | number)[]): readonly Unpacked[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const items = itemsOf(value);
  return items ? items.flatMap((item, index) => unpackAt(item, [...path, 'items', index])) : [{ value, path }];
}

function itemsOf(object: object): readonly unknown[] | undefined {
  if (!('kind' in object) || typeof object.kind !== 'string' || !object.kind.endsWith('List')) return undefined;
  return 'items' in object && Array.isArray(object.items) ? object.items : undefined;
}
