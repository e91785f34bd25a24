import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import { because } from '../model/reason.js';
import { authorsAnnotation } from '../vendors/annotation-reasons.js';
import {
  type ControlPlaneService,
  isRevisionTag,
  recogniseControlPlaneService,
  revisionTagPath,
} from '../vendors/control-plane.js';
import { annotationForms, authorsForm, checkAnnotations } from '../vendors/datadog-autodiscovery.js';

const settings = z.strictObject({
  annotations: z
    .enum(annotationForms)
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
    if (service.spec?.type === 'ExternalName') return { skip: because('external-name', undefined, ['spec', 'type']) };
    if (Object.keys(service.spec?.selector ?? {}).length === 0) {
      return { skip: because('no-selector', undefined, ['spec', 'selector']) };
    }
    if (isRevisionTag(service)) return { skip: because('revision-tag', undefined, revisionTagPath) };
    if (known.endpoints.length === 0) return { skip: because('no-metrics-port') };
    const instance = instanceOf(known, chosen.histogramBuckets);
    const wanted = checkAnnotations('endpoints', chosen.annotations, 'istio', instance);
    // One form beside the other would mask it.
    const authors = authorsForm(service.metadata?.annotations ?? {}, 'endpoints', wanted);
    if (authors !== undefined) return { skip: authorsAnnotation(authors) };
    return { edits: Object.entries(wanted).map(([key, value]) => annotate(key, value, known)) };
  },
};

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
