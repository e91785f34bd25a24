import type { Pod } from '../model/kubernetes.js';
import { containersOf } from '../model/metadata.js';
import { recogniseIstioComponent } from './istio.js';

/** A container of Istio's, which part of the mesh it is, and in which format it writes, as Datadog's pipelines know it. */
export type IstioLog = {
  readonly container: string;
  readonly plane: 'control' | 'data';
  readonly source: 'istio' | 'envoy';
};

/** The containers of a Pod that write Istio's own logs or Envoy's, among those that are there already. */
export function logsOfIstio(pod: Pod): readonly IstioLog[] {
  const component = recogniseIstioComponent(pod, undefined, '')?.component ?? '';
  const names = containersOf(pod).map(({ container }) => container.name);
  const own = names.flatMap((container): readonly IstioLog[] =>
    controlPlane[component]?.includes(container) ? [{ container, plane: 'control', source: 'istio' }] : [],
  );
  // ztunnel is no Envoy: it writes time, level and scope as the control plane does.
  const source = component === 'ztunnel' ? 'istio' : 'envoy';
  return names.includes(proxy) ? [...own, { container: proxy, plane: 'data', source }] : own;
}

const proxy = 'istio-proxy';

/**
 * The containers of the control plane by component (istio/istio install/kubernetes, manifests/charts); their source is
 * `istio`, that of proxies `envoy` (DataDog/integrations-core istio/README.md and assets/logs/istio.yaml).
 */
const controlPlane: Readonly<Record<string, readonly string[]>> = {
  istiod: ['discovery'],
  pilot: ['discovery'],
  telemetry: ['mixer'],
  policy: ['mixer'],
  mixer: ['mixer'],
  galley: ['galley', 'validator'],
  citadel: ['citadel', 'istio-ca'],
  'sidecar-injector': ['sidecar-injector-webhook'],
  'istio-cni': ['install-cni'],
};
