/** The namespaces whose workloads see an object: all, or some. */
export type Visibility = 'everywhere' | ReadonlySet<string>;

/** Who sees an object of a namespace that is exported so; without `exportTo`, everyone. */
export function visibilityOf(namespace: string, exportTo: readonly string[]): Visibility {
  if (exportTo.length === 0 || exportTo.includes('*')) return 'everywhere';
  return new Set(exportTo.filter((where) => where !== '~').map((where) => (where === '.' ? namespace : where)));
}

/** Whether some workload sees both. */
export function overlaps(one: Visibility, other: Visibility): boolean {
  if (one === 'everywhere') return other === 'everywhere' || other.size > 0;
  return other === 'everywhere' ? one.size > 0 : [...one].some((namespace) => other.has(namespace));
}

/** Whether every workload that sees the second sees the first as well. */
export const reaches = (one: Visibility, other: Visibility): boolean =>
  one === 'everywhere' || (other !== 'everywhere' && [...other].every((namespace) => one.has(namespace)));

/**
 * `exportTo` as Istio takes it, or what is wrong with it: `*` alone, or `.` and other namespaces. Its own namespace is
 * written `.`: Istio refuses both together, and 1.20 forgot the others when it was written out (istio/istio#48349).
 */
export function parseExportTo(
  wanted: readonly string[],
  namespace: string,
): { readonly exportTo: readonly string[] } | { readonly problem: string } {
  const bad = wanted.find((where) => where !== '.' && where !== '*' && !isNamespace(where));
  if (bad === '~') return { problem: 'expected ".", "*" or a namespace: "~" would show it to nobody' };
  if (bad !== undefined) return { problem: `expected ".", "*" or a namespace, got "${bad}"` };
  const places = new Set(wanted.map((where) => (where === namespace ? '.' : where)));
  if (places.has('*') && places.size > 1) return { problem: '"*" is everywhere: expected it alone' };
  return { exportTo: [...places].sort() };
}

/** Whether Kubernetes would take a text as the name of a namespace. */
export const isNamespace = (text: string): boolean => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
