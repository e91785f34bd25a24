import { parseImage } from '../model/image.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import { asksForProxy, isMeshContainer, recogniseIstioComponent } from './istio.js';
import { isAtLeast } from './istio-version.js';
import type { MetricsEndpoint } from './scrape-annotations.js';

/** Which of Mixer's metrics: those of the mesh, its own, or those that proxies before 0.8 sent it over statsd. */
export const mixerMetrics = ['mesh', 'own', 'envoy'] as const;
export type MixerMetrics = (typeof mixerMetrics)[number];

/** A Pod of Istio's, and where it serves its metrics, or why that is not known. */
export type IstioMetrics = { readonly component: string } & (
  | { readonly endpoint: MetricsEndpoint }
  | { readonly unserved: Reason }
);

/** Where a Pod of Istio's control plane or data plane serves its metrics; undefined for the Pods of others. */
export function metricsOfIstio(
  pod: Pod,
  istioVersion: string | undefined,
  mixer: MixerMetrics,
): IstioMetrics | undefined {
  // Add-ons are told by their namespace, and know their own metrics.
  const component = recogniseIstioComponent(pod, undefined, '')?.component;
  if (component === undefined) return undefined;
  if (component === 'gateway' && hasMergedMetrics(pod)) return { component, endpoint: proxyMetrics };
  const ofMixer = byMixer[component]?.[mixer];
  const releases = ofMixer ?? byComponent[component] ?? [];
  if (releases.length > 0) return { component, ...endpointIn(releases, component, versionOf(pod) ?? istioVersion) };
  const none = ofMixer
    ? `${component} serves none of the kind "${mixer}"`
    : `${component} serves none, or annotates them`;
  return { component, unserved: because('no-istio-metrics', none) };
}

/** The components whose Services serve their metrics as well; of the others the Pods alone do. */
export const servedByService: ReadonlySet<string> = new Set([
  'istiod',
  'pilot',
  'telemetry',
  'policy',
  'mixer',
  'galley',
  'citadel',
]);

/** An endpoint by the first release that serves there; without a release, in all of them. */
type Release = MetricsEndpoint & { readonly since?: string };

const path = '/metrics';
const envoyPath = '/stats/prometheus';

/** What the proxy's agent merges with the metrics of its application; ztunnel answers there too. */
export const proxyMetrics: MetricsEndpoint = { port: 15020, path: envoyPath };

/** Before 1.1 every component served its own metrics on 9093. */
const since11: Release = { since: '1.1', port: 15014, path };
const before11 = (since: string): Release => ({ since, port: 9093, path });

/**
 * The newest release first (istio/istio install/kubernetes 0.2 to 1.4, manifests/charts since). istio-cni is left out: it
 * serves metrics in those releases only that annotate its Pods.
 */
const byComponent: Readonly<Record<string, readonly Release[]>> = {
  istiod: [{ port: 15014, path }],
  ztunnel: [{ port: 15020, path }],
  waypoint: [proxyMetrics],
  // Where nothing says that metrics are merged, Envoy's own port serves as well in every release.
  gateway: [{ since: '1.1', port: 15090, path: envoyPath }],
  pilot: [since11, before11('0.5')],
  policy: [since11, before11('0.8')],
  galley: [since11, before11('1.0')],
  citadel: [since11, before11('0.8')],
  'sidecar-injector': [since11],
};

/** Mixer serves several kinds of metrics on as many ports; in 0.8 it became telemetry and policy. */
const byMixer: Readonly<Record<string, Readonly<Record<MixerMetrics, readonly Release[]>>>> = {
  mixer: { mesh: [{ port: 42422, path }], own: [{ port: 9093, path }], envoy: [{ port: 9102, path }] },
  telemetry: { mesh: [{ port: 42422, path }], own: [since11, before11('0.8')], envoy: [] },
};

/** Istio annotates what it merges, or is to fill in the proxy, which it has done since it merges. */
const hasMergedMetrics = (pod: Pod): boolean =>
  asksForProxy(pod) || annotationOf(pod, 'prometheus.io/port') === String(proxyMetrics.port);

function endpointIn(
  releases: readonly Release[],
  component: string,
  version: string | undefined,
): { readonly endpoint: MetricsEndpoint } | { readonly unserved: Reason } {
  const found = releases.find(({ since }) => since === undefined || (version && isAtLeast(version, since)));
  if (found !== undefined) return { endpoint: { port: found.port, path: found.path } };
  const unserved =
    version === undefined
      ? because('istio-version-unknown', `no image tag tells the port of ${component}: set spec.cluster.istioVersion`)
      : because('no-istio-metrics', `${component} of Istio ${version} serves none`);
  return { unserved };
}

/** MAJOR.MINOR from the tag of an image of Istio's own, the proxy's last; Istio 2 is none yet. */
function versionOf(pod: Pod): string | undefined {
  const containers = pod.spec?.containers ?? [];
  const own = [
    ...containers.filter(({ name }) => !isMeshContainer(name)),
    ...containers.filter(({ name }) => isMeshContainer(name)),
  ];
  for (const { image } of own) {
    const version = /^v?([01]\.\d+)(?:\D|$)/.exec(parseImage(image ?? '').tag ?? '')?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
