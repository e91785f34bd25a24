import type { Edit } from '../model/edit.js';
import { sameEnv } from '../model/env.js';
import type { Container, ContainerRef, EnvVar } from '../model/kubernetes.js';
import { because, type Reason } from '../model/reason.js';
import type { EnvGroup } from './tracer.js';

/** The edits that give a container a group of variables, or why it gets none of them. */
export type GroupDecision = { readonly edits: readonly Edit[] } | { readonly note: Reason };

/** Decides on one group for one container. The author wins, and so does an `envFrom` that we cannot look into. */
export function decideGroup(group: EnvGroup, container: Container, ref: ContainerRef): GroupDecision {
  const env = new Map((container.env ?? []).map((variable) => [variable.name, variable]));
  const own = group.env.map(({ name }) => name);
  const others = group.decidedBy.filter((name) => !own.includes(name));
  const decided = others.find((name) => env.has(name)) ?? ownDecision(group, env);
  if (decided !== undefined) return { note: because('author-decided', `${decided} is set in ${ref.name}`) };
  const names = [...own, ...others, ...(group.merged === undefined ? [] : [group.merged.name])];
  const hidden = names.find((name) => !env.has(name) && mayComeFromElsewhere(name, container));
  if (hidden !== undefined) {
    return { note: because('env-from-may-decide', `envFrom of ${ref.name} may set ${hidden}`) };
  }
  const edits = group.env.map(
    (variable): Edit => ({ kind: 'env', container: ref, env: variable, reason: group.reason }),
  );
  if (group.merged === undefined) return { edits };
  return { edits: [...edits, mergeEdit(group.merged, env.get(group.merged.name), ref, group.reason)] };
}

/**
 * The variable of the group itself that the author has set. All of them being there as they should is no decision of
 * anyone's; some of them being there is, because ours would stand before those they refer to.
 */
function ownDecision({ env: wanted, merged }: EnvGroup, env: ReadonlyMap<string, EnvVar>): string | undefined {
  const present = wanted.flatMap(({ name }) => env.get(name) ?? []);
  const list = merged === undefined ? undefined : env.get(merged.name);
  if (list?.valueFrom != null) return list.name;
  const asWanted = present.length === wanted.length && wanted.every((one, index) => isSame(one, present[index]));
  return asWanted ? undefined : present[0]?.name;
}

const isSame = (one: EnvVar, other: EnvVar | undefined): boolean => other !== undefined && sameEnv(one, other);

/** Whether a variable may come from a ConfigMap or Secret; a prefix that the name lacks rules it out. */
const mayComeFromElsewhere = (name: string, { envFrom }: Container): boolean =>
  (envFrom ?? []).some(({ prefix }) => name.startsWith(prefix ?? ''));

/** The author's own list with the missing keys behind it, or a list of ours. */
function mergeEdit(
  { name, entries }: NonNullable<EnvGroup['merged']>,
  present: EnvVar | undefined,
  container: ContainerRef,
  reason: Reason,
): Edit {
  const authors = present?.value ?? '';
  const keys = keysOf(authors);
  const missing = entries.filter(([key]) => !keys.has(key)).map(([key, value]) => `${key}=${value}`);
  const value = [...(authors.trim() === '' ? [] : [authors.replace(/,\s*$/, '')]), ...missing].join(',');
  const edit = {
    kind: 'env',
    container,
    env: { name, value: missing.length === 0 ? authors : value },
    reason,
  } as const;
  return present === undefined ? edit : { ...edit, replaces: authors };
}

/** The keys of a comma list of `key=value`. */
export const keysOf = (list: string): ReadonlySet<string> =>
  new Set(list.split(',').map((entry) => entry.split('=')[0]?.trim() ?? ''));
