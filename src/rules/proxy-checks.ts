import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { StringMap } from '../model/kubernetes.js';
import { containersOf } from '../model/metadata.js';
import { because } from '../model/reason.js';
import { authorsAnnotation } from '../vendors/annotation-reasons.js';
import { annotationForms, authorsCheck, checkAnnotations } from '../vendors/datadog-autodiscovery.js';
import { costlyLabels, type ProxyKind, proxyInstance, proxyKinds } from '../vendors/datadog-proxies.js';
import { metricsOfIstio } from '../vendors/istio-metrics.js';

const settings = z.strictObject({
  proxies: z
    .array(z.enum(proxyKinds))
    .min(1)
    .default([...proxyKinds])
    .describe('which proxies are checked'),
  annotations: z
    .enum(annotationForms)
    .default('v2')
    .describe('`v2` is read by Agents from 7.36 on, `v1` by every Agent; ambient metrics need one of 2026 anyway'),
  waypoints: z
    .enum(['waypoint', 'mesh'])
    .default('waypoint')
    .describe('what the metrics of waypoints are called: `istio.waypoint.*`, or `istio.mesh.*` as without this rule'),
  histogramBuckets: z.boolean().default(true).describe('whether histograms are sent bucket by bucket'),
  excludeLabels: z
    .array(z.string().min(1))
    .default([...costlyLabels])
    .describe("labels that do not become tags; as in the Agent's own configuration for proxies"),
});
type Settings = z.infer<typeof settings>;

const container = 'istio-proxy';

/**
 * Has Datadog check the proxies that are Pods of their own. The Agent knows gateways and waypoints by itself, but only
 * under the names of Istio's own images and as part of a mesh with sidecars, and ztunnel not at all
 * (DataDog/integrations-core istio/datadog_checks/istio/check.py, data/auto_conf.yaml).
 */
export const proxyChecks: Rule<'Pod', Settings> = {
  id: 'proxy-checks',
  kind: 'Pod',
  summary: 'annotates ztunnel, waypoints and gateways with Datadog checks',
  settings,
  prepare: (chosen, cluster) => (pod) => {
    const known = metricsOfIstio(pod, cluster.istioVersion, 'own');
    const kind = proxyKinds.find((candidate) => candidate === known?.component);
    if (known === undefined || kind === undefined) return { skip: because('no-proxy') };
    if (!chosen.proxies.includes(kind)) return { skip: because('no-proxy', `the policy leaves out ${kind}s`) };
    // An annotation for a container that is not there is an error of the Agent's.
    if (!containersOf(pod).some(({ container: { name } }) => name === container)) {
      return { skip: because('no-proxy-container') };
    }
    if ('unserved' in known) return { skip: known.unserved };
    const wanted = checkAnnotations(
      container,
      chosen.annotations,
      'istio',
      instanceFor(kind, known.endpoint.port, chosen),
    );
    const annotations: StringMap = pod.metadata?.annotations ?? {};
    const authors = authorsCheck(annotations, container, wanted);
    if (authors !== undefined) return { skip: authorsAnnotation(authors) };
    const reason = because('proxy-metrics', `${kind} on ${known.endpoint.port}`);
    return { edits: Object.entries(wanted).map(([key, value]) => ({ kind: 'annotation', key, value, reason })) };
  },
};

const instanceFor = (kind: ProxyKind, port: number, { waypoints, histogramBuckets, excludeLabels }: Settings): object =>
  proxyInstance(kind === 'waypoint' && waypoints === 'mesh' ? 'gateway' : kind, {
    port,
    histogramBuckets,
    excludeLabels,
  });
