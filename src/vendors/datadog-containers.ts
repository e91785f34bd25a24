import { parseImage } from '../model/image.js';
import type { Container, Pod } from '../model/kubernetes.js';
import type { PlacedContainer } from '../model/metadata.js';
import { datadog } from './datadog.js';
import { lastSegment } from './image-index.js';
import { createRecogniser, type Recognition } from './recognise.js';

/** What runs in a container of Datadog's: the Agent proper, which runs checks and collects logs, or a process beside it. */
export const datadogRoles = ['agent', 'cluster-agent', 'process-agent'] as const;
export type DatadogRole = (typeof datadogRoles)[number];

export type DatadogContainer = PlacedContainer & { readonly role: DatadogRole };

/** The Pod of an Agent in one of its roles. */
export type DatadogPod = {
  readonly recognition: Recognition;
  /** In the order of the Pod; those of other processes are left out. */
  readonly containers: readonly DatadogContainer[];
};

/**
 * The containers of Agents by the names that the Helm chart, the Operator and Datadog's plain manifests give them
 * (DataDog/helm-charts charts/datadog/templates; DataDog/datadog-operator internal/controller/datadogagent).
 */
const roleByName: ReadonlyMap<string, DatadogRole> = new Map([
  ['agent', 'agent'],
  ['datadog-agent', 'agent'],
  ['cluster-agent', 'cluster-agent'],
  ['datadog-cluster-agent', 'cluster-agent'],
  ['process-agent', 'process-agent'],
]);

/** Further processes of the Agent's image, from the same sources. */
const otherProcesses: ReadonlySet<string> = new Set([
  'trace-agent',
  'security-agent',
  'system-probe',
  'otel-agent',
  'agent-data-plane',
  'host-profiler',
  'private-action-runner',
  'fips-proxy',
]);

const { recogniseAgent, isAgentImage } = createRecogniser([datadog]);

/** The containers of a Pod that is one of Datadog's Agents; undefined for every other Pod, also one that carries an Agent. */
export function datadogPod(pod: Pod): DatadogPod | undefined {
  const recognition = recogniseAgent(pod);
  if (recognition === undefined) return undefined;
  const all = pod.spec?.containers ?? [];
  const containers = all.flatMap((container, index): readonly DatadogContainer[] => {
    const role = roleOf(container);
    // Edits find a container by its name; of two with one name, which no API server lets through, that is the first.
    const isFirst = all.find(({ name }) => name === container.name) === container;
    return role === undefined || !isFirst ? [] : [{ role, list: 'containers', index, container }];
  });
  return containers.length === 0 ? undefined : { recognition, containers };
}

function roleOf({ name, image }: Container): DatadogRole | undefined {
  const named = roleByName.get(name);
  if (named !== undefined || otherProcesses.has(name) || !isAgentImage(image ?? '')) return named;
  const segment = lastSegment(parseImage(image ?? '').repository);
  return segment === 'agent' || segment === 'cluster-agent' ? segment : undefined;
}
