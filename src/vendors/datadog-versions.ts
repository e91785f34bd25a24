import { containerPath } from '../model/field-paths.js';
import { parseImage } from '../model/image.js';
import type { Pod } from '../model/kubernetes.js';
import { containersOf } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import { type DatadogContainer, type DatadogRole, datadogPod } from './datadog-containers.js';
import { shortened } from './quoted-value.js';

/** What newer Agents can do; the first release of each major version that can, and none for one that never could. */
type Feature = {
  readonly id: string;
  /** Reads after "is too old for". */
  readonly name: string;
  readonly since: { readonly [role in DatadogRole]?: readonly string[] };
  /** Variables one of which is `true` where the feature is asked for; without them the policy alone asks. */
  readonly askedBy?: readonly string[];
};

/**
 * Sources: for endpoint checks datadoghq.com/blog/istio-datadog, which asks for more than what the feature came with;
 * for v2 docs.datadoghq.com/containers/cluster_agent/endpointschecks, and DataDog/datadog-agent CHANGELOG-DCA.rst, by which
 * Cluster Agent 1.20 is of Agent 7.36; datadoghq.com/blog/monitor-istio-with-npm; for filters
 * docs.datadoghq.com/containers/guide/container-discovery-management; for ambient DataDog/integrations-core#22581 and
 * #23707, which names 7.78 as an Agent that has it.
 */
export const agentFeatures = [
  {
    id: 'endpoint-checks',
    name: 'endpoint checks',
    since: { agent: ['6.17', '7.17'], 'cluster-agent': ['1.5.2'] },
  },
  {
    id: 'v2-annotations',
    name: 'v2 annotations',
    since: { agent: ['6.36', '7.36'], 'cluster-agent': ['1.20'] },
  },
  {
    id: 'network-monitoring',
    name: 'network monitoring of Istio',
    since: { agent: ['6.25', '7.25'] },
    askedBy: ['DD_SYSTEM_PROBE_NETWORK_ENABLED', 'DD_SYSTEM_PROBE_ENABLED'],
  },
  { id: 'container-filters', name: 'DD_CONTAINER_EXCLUDE', since: { agent: ['6.20', '7.20'] } },
  { id: 'ambient', name: 'metrics of ztunnel and waypoints', since: { agent: ['7.78'] } },
] as const satisfies readonly Feature[];

export const agentFeatureIds = agentFeatures.map(({ id }) => id);
export type AgentFeatureId = (typeof agentFeatures)[number]['id'];

const names = { agent: 'Agent', 'cluster-agent': 'Cluster Agent' } as const;
/** A lower number is not Datadog's own: nobody can say what is in such an image. */
const firstMajor = { agent: 6, 'cluster-agent': 1 } as const;
type Versioned = keyof typeof names;

/** What is too old in a Pod, or what keeps us from telling. */
export type Ages = { readonly tooOld: readonly Reason[]; readonly unknown: readonly Reason[] };

/** Compares the Agents of a Pod with what is asked of them; undefined for a Pod of no Agent. */
export function agesOf(pod: Pod, features: readonly AgentFeatureId[]): Ages | undefined {
  const agents = datadogPod(pod)?.containers.filter(isVersioned) ?? [];
  if (agents.length === 0) return undefined;
  const asked: readonly Feature[] = agentFeatures.filter(({ id }) => features.includes(id));
  const wanted = asked.filter(({ askedBy }) => askedBy === undefined || isAsked(pod, askedBy));
  const ages = agents.map((agent) => ageOf(agent, wanted));
  return { tooOld: ages.flatMap(({ tooOld }) => tooOld), unknown: ages.flatMap(({ unknown }) => unknown) };
}

type VersionedContainer = DatadogContainer & { readonly role: Versioned };

const isVersioned = (one: DatadogContainer): one is VersionedContainer => Object.hasOwn(names, one.role);

const isAsked = (pod: Pod, variables: readonly string[]): boolean =>
  containersOf(pod).some(({ container }) =>
    (container.env ?? []).some(({ name, value }) => value === 'true' && variables.includes(name)),
  );

function ageOf({ role, container, ...placed }: VersionedContainer, wanted: readonly Feature[]): Ages {
  const { name } = container;
  const { tag, digest } = parseImage(container.image ?? '');
  const at = containerPath(placed, 'image');
  const unknown = (message: string) => because('agent-version-unknown', message, at);
  // Beside a digest a tag is a remark that nobody checks.
  if (digest !== undefined) return { tooOld: [], unknown: [unknown(`container ${name} names its image by digest`)] };
  const version = versionOf(tag ?? '');
  if (version === undefined || (version[0] ?? 0) < firstMajor[role]) {
    const what = tag === undefined ? 'no tag' : `tag ${shortened(tag)}`;
    return { tooOld: [], unknown: [unknown(`container ${name} has ${what}, which tells no version`)] };
  }
  const tooOld = wanted.flatMap(({ name: feature, since }) => {
    const needed = missingRelease(version, since[role] ?? []);
    const agent = `Datadog ${names[role]} ${shortened(tag ?? '')}`;
    return needed === undefined
      ? []
      : [because('agent-too-old', `${agent} is too old for ${feature}: upgrade to ${needed} or later`, at)];
  });
  return { tooOld, unknown: [] };
}

/** The numbers of a tag such as `7.36.0-jmx`; undefined for `7`, which is whatever was newest, and for `latest`. */
export function versionOf(tag: string): readonly number[] | undefined {
  const found = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[-+_].*)?$/s.exec(tag);
  return found?.slice(1, 4).flatMap((part) => (part === undefined ? [] : [Number(part)]));
}

/** The release that a version lacks: the first of its own major version, or of the next one that has any. */
function missingRelease(version: readonly number[], since: readonly string[]): string | undefined {
  const first = since.find((release) => Number(release.split('.')[0]) >= (version[0] ?? 0));
  return first !== undefined && isOlder(version, first) ? first : undefined;
}

/** By the numbers that both have: `1.5` may well be 1.5.2. */
function isOlder(version: readonly number[], release: string): boolean {
  for (const [index, part] of release.split('.').entries()) {
    const own = version[index];
    if (own === undefined || own > Number(part)) return false;
    if (own < Number(part)) return true;
  }
  return false;
}
