import type { Objects } from '../../cluster/objects.js';
import { podResource } from '../../cluster/resources.js';
import { showSelector } from '../../cluster/selector.js';
import { planPolicy } from '../../engine/plan.js';
import { asRecord, asText } from '../../model/json.js';
import type { Explained, ExplainedCluster } from '../../reports/explained.js';
import { objectsOf } from '../../reports/reviewed.js';
import { registry } from '../../rules/registry.js';
import type { ClusterOptions } from '../cluster-options.js';
import { type DryRun, dryRun } from '../dry-run/dry-run.js';
import { adviceOnTemplates, whyOf } from '../live/asked-why.js';
import { showTime } from '../live/causes.js';
import { type Installation, readInstallation } from '../live/installation.js';
import { fetchIn, type KnownNamespaces, readNamespaces } from '../live/live.js';
import type { LiveObject } from '../live/objects.js';
import { type ChosenPolicy, choosePolicy } from '../live/policy.js';
import type { Wanted } from '../live/wanted.js';

export type ExplainLiveOptions = ClusterOptions & { readonly policy?: string };

/** Objects of a cluster explained, and by which policy; or why they cannot be. */
export type LiveRun =
  | { readonly unusable: readonly string[] }
  | {
      readonly items: readonly Explained[];
      readonly cluster: ExplainedCluster;
      readonly policy: ChosenPolicy;
      readonly problems: readonly string[];
      readonly faults: readonly string[];
    };

/** Reads objects of a cluster and explains why each is as it is. Throws where the API server gives no answer. */
export async function explainObjects(
  api: Objects,
  wanted: readonly Wanted[],
  options: ExplainLiveOptions,
): Promise<LiveRun> {
  const [installation, fetched] = await Promise.all([readInstallation(api), fetchIn(api, wanted, options)]);
  const policy = await choosePolicy(api, installation.service, options.policy);
  if ('problems' in policy) return { unusable: policy.problems };
  const namespaces = await readNamespaces(api, fetched.objects);
  const run = reviewLive(fetched.objects, policy, namespaces, installation);
  // One request each.
  const isFew = wanted.length > 0 && wanted.every(({ name }) => name !== undefined);
  const lives = new Map(fetched.objects.map((live) => [live.file, live]));
  const items = await Promise.all(
    objectsOf(run).map(async (object): Promise<Explained> => {
      const live = lives.get(object.place.file);
      if (live === undefined) return { object };
      const namespaceLabels = namespaces.labels.get(live.namespace);
      const explained = whyOf(live, object.review.steps, { installation, policy, namespaceLabels });
      if (explained.verdict !== 'template' || !isFew) return { object, live: explained };
      return { object, live: { ...explained, next: await adviceOnTemplate(api, live) } };
    }),
  );
  return {
    items,
    cluster: clusterOf(api.context.name, installation, namespaces),
    policy,
    problems: [...fetched.problems, ...run.problems.map(({ file, message }) => `${file}: ${message}`)],
    faults: run.faults,
  };
}

function reviewLive(
  objects: readonly LiveObject[],
  { policy }: ChosenPolicy,
  { labels }: KnownNamespaces,
  { service }: Installation,
): DryRun {
  return dryRun(objects, {
    plan: planPolicy(policy, registry),
    today: new Date().toISOString().slice(0, 10),
    ownNamespace: service.namespace,
    namespace: 'default',
    labelsOf: (namespace) => labels.get(namespace),
  });
}

/** One of the Pods of a workload, if there is one: what aloft did shows there. */
async function adviceOnTemplate(api: Objects, { resource, namespace, selector }: LiveObject): Promise<string> {
  const text = showSelector(resource.kind === 'ReplicationController' ? { matchLabels: selector } : selector);
  if (text === '') return adviceOnTemplates(namespace);
  const found = await api.list(podResource, { namespace, selector: text, most: 1 }, (pod) =>
    asText(asRecord(pod['metadata'])['name']),
  );
  if (!('value' in found)) return adviceOnTemplates(namespace);
  const [pod] = found.value;
  return pod === undefined ? 'it has no Pod now' : `see one of its Pods: aloft explain pod/${pod} -n ${namespace}`;
}

function clusterOf(
  context: string,
  { configurations, own, ready }: Installation,
  { denied }: KnownNamespaces,
): ExplainedCluster {
  const isKnown = 'value' in configurations;
  const hidden = [configurations, ready].flatMap((found) => ('denied' in found ? [found.denied] : []));
  return {
    context,
    ...(isKnown && { configurations: own.map(({ name, createdAt }) => ({ name, created: showTime(createdAt) })) }),
    missingRights: [...hidden, ...denied],
  };
}
