import { asRecord, asText } from '../model/json.js';

/** An object of a source: in which of its documents, and where in that. */
export type Found<At> = { readonly document: number; readonly at: At };

/** The objects of a source, found again by what was rendered from them. */
export type Identities<At> = {
  readonly add: (value: unknown, document: number, at: At) => void;
  /** Undefined where it is not sure which one it is. */
  readonly find: (rendered: unknown, document?: number) => Found<At> | undefined;
};

type Known<At> = Found<At> & { readonly namespace: string };

/** Kustomize gives names a prefix, a suffix and a hash, and objects a namespace; the kind stays. */
export function createIdentities<At>(): Identities<At> {
  const byKey = new Map<string, Known<At>[]>();
  const put = (key: string, known: Known<At>): void => {
    const others = byKey.get(key);
    if (others) others.push(known);
    else byKey.set(key, [known]);
  };
  const only = (key: string, namespace: string): Known<At> | undefined => {
    const all = byKey.get(key) ?? [];
    const own = all.length > 1 ? all.filter((one) => one.namespace === namespace) : all;
    return own.length === 1 ? own[0] : undefined;
  };
  return {
    add: (value, document, at) => {
      const { kind, name, namespace } = identityOf(value);
      const known = { document, at, namespace };
      for (const key of [`${kind} ${name}`, `${document} ${kind} ${name}`]) put(key, known);
    },
    find: (rendered, document) => {
      const { kind, name, namespace } = identityOf(rendered);
      for (const where of document === undefined ? [kind] : [`${document} ${kind}`, kind]) {
        const original = namesIn(name).find((part) => byKey.has(`${where} ${part}`));
        if (original !== undefined) return only(`${where} ${original}`, namespace);
      }
      return undefined;
    },
  };
}

function identityOf(value: unknown): { readonly kind: string; readonly name: string; readonly namespace: string } {
  const { apiVersion, kind, metadata } = asRecord(value);
  const { name, generateName, namespace } = asRecord(metadata);
  // The version may have been raised, the group not.
  const group = asText(apiVersion).replace(/\/?[^/]*$/, '');
  return { kind: `${group}/${asText(kind)}`, name: asText(name) || asText(generateName), namespace: asText(namespace) };
}

/** Every name that this one may have been made of, the longest first: it ends where a word of it does. */
function namesIn(name: string): readonly string[] {
  const bounds = [0, ...[...name.matchAll(/[-.:]/g)].flatMap(({ index }) => [index, index + 1]), name.length];
  const names = bounds.flatMap((from) => bounds.flatMap((to) => (to > from ? [name.slice(from, to)] : [])));
  return names.toSorted((a, b) => b.length - a.length);
}
