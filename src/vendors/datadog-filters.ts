import type { Edit } from '../model/edit.js';
import { containerPath } from '../model/field-paths.js';
import type { PlacedContainer } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import { because, type Reason } from '../model/reason.js';
import type { DatadogRole } from './datadog-containers.js';
import { type ContainerEnv, settingPath } from './env-group.js';

/** A list by which Agents choose containers, and where it is read. */
export type ContainerFilter = {
  readonly setting: FilterSetting;
  readonly variable: string;
  /** What Agents before 7.20 read; later ones read it as well, but no longer once one of the new lists is there. */
  readonly legacy?: string;
  readonly readBy: readonly DatadogRole[];
};

export const filterSettings = [
  'exclude',
  'excludeLogs',
  'excludeMetrics',
  'include',
  'includeLogs',
  'includeMetrics',
] as const;
export type FilterSetting = (typeof filterSettings)[number];

const everyRole = ['agent', 'process-agent', 'cluster-agent'] as const;

/**
 * The six lists. Whoever collects containers reads those for everything and for metrics, the Agent alone those for logs
 * (DataDog/datadog-agent pkg/util/containers/filter.go; docs.datadoghq.com/containers/guide/container-discovery-management).
 */
export const containerFilters: readonly ContainerFilter[] = [
  { setting: 'exclude', variable: 'DD_CONTAINER_EXCLUDE', legacy: 'DD_AC_EXCLUDE', readBy: everyRole },
  { setting: 'excludeLogs', variable: 'DD_CONTAINER_EXCLUDE_LOGS', readBy: ['agent'] },
  { setting: 'excludeMetrics', variable: 'DD_CONTAINER_EXCLUDE_METRICS', legacy: 'DD_AC_EXCLUDE', readBy: everyRole },
  { setting: 'include', variable: 'DD_CONTAINER_INCLUDE', legacy: 'DD_AC_INCLUDE', readBy: everyRole },
  { setting: 'includeLogs', variable: 'DD_CONTAINER_INCLUDE_LOGS', readBy: ['agent'] },
  { setting: 'includeMetrics', variable: 'DD_CONTAINER_INCLUDE_METRICS', legacy: 'DD_AC_INCLUDE', readBy: everyRole },
];

/** What a filter looks like: a kind and a regular expression, without a space; a bare `.*` is no filter. */
export const filterPattern = /^(image|name|kube_namespace):\S+$/;

/** The Agents' own images, in every registry of Datadog's. */
export const agentImages = 'image:(^|[/.])datadog(hq)?([/.]\\S*)?/(agent|cluster-agent)([:@]|$)';

/** The Agent's own configuration, which may hold the same lists; a variable would replace them. */
const configurationFile = '/etc/datadog-agent/datadog.yaml';

/** Where a container has a file for its configuration mounted; undefined where it has none. */
export function configurationFilePath(placed: PlacedContainer): Path | undefined {
  const index = placed.container.volumeMounts?.findIndex(({ mountPath }) => mountPath === configurationFile) ?? -1;
  return index < 0 ? undefined : containerPath(placed, 'volumeMounts', index);
}

/** The edit that completes one list of one container, or why its author has decided about it. */
export function completeFilter(
  { variable, legacy }: ContainerFilter,
  wanted: readonly string[],
  container: ContainerEnv,
): Edit | Reason {
  const { ref, variables, hiddenPrefixes } = container;
  const present = variables.get(variable);
  if (present?.valueFrom != null) {
    const message = `${variable} of ${ref.name} comes from elsewhere`;
    return because('author-decided', message, settingPath(container, variable));
  }
  if (present === undefined) {
    const hides = (name: string) => hiddenPrefixes.some((prefix) => name.startsWith(prefix));
    const hidden = [variable, ...(legacy === undefined ? [] : [legacy])].find(hides);
    if (hidden !== undefined) {
      const message = `envFrom of ${ref.name} may set ${hidden}`;
      return because('env-from-may-decide', message, settingPath(container, hidden));
    }
  }
  const authors = present?.value ?? '';
  if (legacy !== undefined && authors.trim() === '' && variables.has(legacy)) {
    const message = `${legacy} of ${ref.name} would no longer be read beside ${variable}`;
    return because('author-decided', message, settingPath(container, legacy));
  }
  const reason = because('container-filter', `${variable} of ${ref.name}`);
  const env = { name: variable, value: extendFilters(authors, wanted) };
  return { kind: 'env', container: ref, env, reason, ...(present === undefined ? {} : { replaces: authors }) };
}

/** The author's list with the filters it lacks behind it, each once; as it is where it lacks none. */
function extendFilters(authors: string, wanted: readonly string[]): string {
  const own = authors.split(/\s+/).filter((filter) => filter !== '');
  return wanted.every((filter) => own.includes(filter)) ? authors : [...new Set([...own, ...wanted])].join(' ');
}
