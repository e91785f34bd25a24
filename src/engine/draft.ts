/** An object or list of a draft: free to be changed. */
export type Open = Record<string | number, unknown>;

/** A JSON value that may be changed in place; it shares with its source whatever was not opened. */
export type Draft = {
  readonly root: Open;
  /** What stands under a key, free to be changed; undefined where there is no object or list. */
  readonly open: (parent: Open, key: string | number) => Open | undefined;
};

/** A draft of an object, whose source never notices what becomes of it: each part is copied, once, when it is opened. */
export function createDraft(source: object): Draft {
  const copies = new Set<unknown>();
  const copy = (value: object): Open => {
    const made = (Array.isArray(value) ? [...value] : { ...value }) as Open;
    copies.add(made);
    return made;
  };
  const open = (parent: Open, key: string | number): Open | undefined => {
    const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (typeof child !== 'object' || child === null) return undefined;
    if (copies.has(child)) return child as Open;
    const own = copy(child);
    parent[key] = own;
    return own;
  };
  return { root: copy(source), open };
}
