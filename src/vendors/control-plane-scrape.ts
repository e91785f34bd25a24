import type { Service } from '../model/kubernetes.js';
import { because, type Reason } from '../model/reason.js';
import {
  type ControlPlaneService,
  isRevisionTag,
  recogniseControlPlaneService,
  revisionTagPath,
} from './control-plane.js';
import type { MixerMetrics } from './istio-metrics.js';

/** A Service of Istio's control plane, and the port of its Pods that serves metrics, or why there is none. */
export type ServiceMetrics = { readonly component: ControlPlaneService['component']; readonly port: number } | Reason;

/** Which port of the Pods behind a Service serves the metrics of Istio's control plane, or why none is scraped. */
export function metricsOfService(service: Service, mixer: MixerMetrics): ServiceMetrics {
  const known = recogniseControlPlaneService(service);
  if (known === undefined) return because('not-control-plane');
  if (service.spec?.type === 'ExternalName') return because('external-name', undefined, ['spec', 'type']);
  if (Object.keys(service.spec?.selector ?? {}).length === 0)
    return because('no-selector', undefined, ['spec', 'selector']);
  if (isRevisionTag(service)) return because('revision-tag', undefined, revisionTagPath);
  const port = portOf(service, known, mixer);
  return port === undefined ? because('no-metrics-port') : { component: known.component, port };
}

function portOf(service: Service, { component, endpoints }: ControlPlaneService, mixer: MixerMetrics) {
  if (component !== 'mixer' && component !== 'telemetry') return endpoints[0]?.port;
  // Datadog's check has no endpoint for what the statsd exporter in Mixer's Pod serves.
  if (mixer === 'envoy') return service.spec?.ports?.find(({ name }) => name === 'statsd-prom')?.port;
  const key = mixer === 'mesh' ? 'istio_mesh_endpoint' : 'mixer_endpoint';
  return endpoints.find((endpoint) => endpoint.key === key)?.port;
}
