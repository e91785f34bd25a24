import type { Edit } from '../model/edit.js';
import { sameEnv } from '../model/env.js';
import { containerPath, elementPath, variablePath } from '../model/field-paths.js';
import type { ContainerRef, EnvVar } from '../model/kubernetes.js';
import type { PlacedContainer } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import { because, type Reason } from '../model/reason.js';
import type { EnvGroup } from './tracer.js';

/** The edits that give a container a group of variables, or why it gets none of them. */
export type GroupDecision = { readonly edits: readonly Edit[] } | { readonly note: Reason };

/** A container's variables, for several questions about them. */
export type ContainerEnv = {
  readonly placed: PlacedContainer;
  readonly ref: ContainerRef;
  readonly variables: ReadonlyMap<string, EnvVar>;
  /** The prefixes of the variables that come from ConfigMaps and Secrets, which we cannot look into. */
  readonly hiddenPrefixes: readonly string[];
};

/** Takes a container's variables down, once for all groups. */
export function readEnv(placed: PlacedContainer): ContainerEnv {
  const { list, container } = placed;
  const variables = new Map<string, EnvVar>();
  // Of two variables with one name, Kubernetes lets the last one count.
  for (const variable of container.env ?? []) variables.set(variable.name, variable);
  const hiddenPrefixes = (container.envFrom ?? []).map(({ prefix }) => prefix ?? '');
  return { placed, ref: { list, name: container.name }, variables, hiddenPrefixes };
}

/** Decides on one group for one container. The author wins, and so does an `envFrom` that may hold the same. */
export function decideGroup(group: EnvGroup, container: ContainerEnv): GroupDecision {
  const { ref, variables } = container;
  const decided = authorsDecision(group, variables);
  if (decided !== undefined) {
    const at = settingPath(container, decided);
    return { note: because('author-decided', `${decided} is set in ${ref.name}`, at) };
  }
  const hidden = container.hiddenPrefixes.length === 0 ? undefined : hiddenDecision(group, container);
  if (hidden !== undefined) {
    const at = settingPath(container, hidden);
    return { note: because('env-from-may-decide', `envFrom of ${ref.name} may set ${hidden}`, at) };
  }
  const { env, merged, reason } = group;
  const edits = env.map((variable): Edit => ({ kind: 'env', container: ref, env: variable, reason }));
  if (merged !== undefined) edits.push(mergeEdit(merged, variables.get(merged.name), ref, reason));
  return { edits };
}

/** Where a variable is set, else where the ConfigMap or Secret is named that may set it; the last one counts. */
export const settingPath = ({ placed, variables, hiddenPrefixes }: ContainerEnv, name: string): Path =>
  variables.has(name)
    ? variablePath(placed, name)
    : elementPath(
        containerPath(placed, 'envFrom'),
        hiddenPrefixes.findLastIndex((prefix) => name.startsWith(prefix)),
      );

/** Every variable that a group sets, merges or leaves to whoever decides the same thing otherwise. */
export const namesOf = ({ env, decidedBy, merged }: EnvGroup): readonly string[] => [
  ...env.map(({ name }) => name),
  ...decidedBy,
  ...(merged === undefined ? [] : [merged.name]),
];

/**
 * The variable by which the author has decided already. That all of a group's own are there as they should be is no
 * decision of anyone's, whatever else is there: a later rule may have put it there. That some are is one, because ours
 * would stand before those they refer to.
 */
function authorsDecision({ env, decidedBy, merged }: EnvGroup, present: ContainerEnv['variables']): string | undefined {
  if (merged !== undefined && present.get(merged.name)?.valueFrom != null) return merged.name;
  if (env.every((own) => isSame(own, present.get(own.name)))) return undefined;
  return decidedBy.find((name) => present.has(name)) ?? env.find(({ name }) => present.has(name))?.name;
}

/** The variable of a group that may come from a ConfigMap or Secret; a prefix that its name lacks rules it out. */
function hiddenDecision(group: EnvGroup, { variables, hiddenPrefixes }: ContainerEnv) {
  return namesOf(group).find(
    (name) => !variables.has(name) && hiddenPrefixes.some((prefix) => name.startsWith(prefix)),
  );
}

const isSame = (one: EnvVar, other: EnvVar | undefined): boolean => other !== undefined && sameEnv(one, other);

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
