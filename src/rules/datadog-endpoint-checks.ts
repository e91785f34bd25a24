import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import type { Service, StringMap } from '../model/kubernetes.js';
import { because } from '../model/reason.js';
import { type ControlPlaneService, isRevisionTag, recogniseControlPlaneService } from '../vendors/control-plane.js';

const settings = z.strictObject({
  annotations: z
    .enum(['v1', 'v2'])
    .default('v1')
    .describe('`v1` is read by every Agent, `v2` by Cluster Agents from 7.36 on'),
  histogramBuckets: z.boolean().default(true).describe('whether histograms are sent bucket by bucket'),
});
type Settings = z.infer<typeof settings>;

/**
 * Has Datadog check every replica of Istio's control plane, through endpoint checks on its Services
 * (DataDog/integrations-core istio; DataDog/datadog-agent comp/core/autodiscovery; istio/istio manifests/charts).
 */
export const datadogEndpointChecks: Rule<'Service', Settings> = {
  id: 'datadog-endpoint-checks',
  kind: 'Service',
  summary: "annotates the Services of Istio's control plane with Datadog endpoint checks",
  settings,
  prepare: (chosen) => (service) => {
    const known = recogniseControlPlaneService(service);
    if (known === undefined) return { skip: because('not-control-plane') };
    if (service.spec?.type === 'ExternalName') return { skip: because('external-name') };
    if (Object.keys(service.spec?.selector ?? {}).length === 0) return { skip: because('no-selector') };
    if (isRevisionTag(service)) return { skip: because('revision-tag') };
    if (known.endpoints.length === 0) return { skip: because('no-metrics-port') };
    const wanted = annotationsFor(known, chosen);
    const authors = authorsCheck(service, wanted);
    if (authors !== undefined) return { skip: because('author-decided', `annotation ${authors} is the author's`) };
    return { edits: Object.entries(wanted).map(([key, value]) => annotate(key, value, known)) };
  },
};

const prefixes = ['ad.datadoghq.com/endpoints.', 'service-discovery.datadoghq.com/endpoints.'];
const checkKeys = ['checks', 'check_names', 'init_configs', 'instances'];

/** An annotation by which the author configures endpoint checks: one form beside the other would mask it. */
function authorsCheck(service: Service, wanted: StringMap): string | undefined {
  const annotations: StringMap = service.metadata?.annotations ?? {};
  return prefixes
    .flatMap((prefix) => checkKeys.map((key) => prefix + key))
    .find((key) => Object.hasOwn(annotations, key) && annotations[key] !== wanted[key]);
}

/** All three keys of v1 with one element each, or the one of v2; `instances` is never missing. */
function annotationsFor(service: ControlPlaneService, { annotations, histogramBuckets }: Settings): StringMap {
  const instances = [instanceOf(service, histogramBuckets)];
  const [prefix] = prefixes;
  return annotations === 'v1'
    ? {
        [`${prefix}check_names`]: '["istio"]',
        [`${prefix}init_configs`]: '[{}]',
        [`${prefix}instances`]: JSON.stringify(instances),
      }
    : { [`${prefix}checks`]: JSON.stringify({ istio: { init_config: {}, instances } }) };
}

/**
 * One instance of the `istio` check. `use_openmetrics` is always written, because its default changed in 2026 and the
 * two implementations name metrics differently; the older one alone knows the endpoints before istiod.
 */
function instanceOf({ endpoints, generation }: ControlPlaneService, buckets: boolean): object {
  const urls = Object.fromEntries(endpoints.map(({ key, port }) => [key, `http://%%host%%:${port}/metrics`]));
  return generation === 'istiod'
    ? { ...urls, use_openmetrics: true, collect_histogram_buckets: buckets }
    : { ...urls, use_openmetrics: false, send_histograms_buckets: buckets };
}

const annotate = (key: string, value: string, { component, endpoints }: ControlPlaneService): Edit => {
  const ports = endpoints.map(({ port }) => port).join(' and ');
  return { kind: 'annotation', key, value, reason: because('control-plane-metrics', `${component} on ${ports}`) };
};
