import { labelPath } from '../model/field-paths.js';
import type { Service, ServicePort } from '../model/kubernetes.js';
import { labelOf, ownValue } from '../model/metadata.js';

/** A part of Istio's control plane that a Service fronts, and where Datadog's `istio` check finds its metrics. */
export type ControlPlaneService = {
  readonly component: 'istiod' | 'pilot' | 'telemetry' | 'policy' | 'mixer' | 'galley' | 'citadel';
  /** Which of the check's implementations knows the endpoints: those before 1.5 are known to the legacy one only. */
  readonly generation: 'istiod' | 'legacy';
  /** Empty where the component serves no metrics through this Service. */
  readonly endpoints: readonly ControlPlaneEndpoint[];
};

export type ControlPlaneEndpoint = {
  /** The key of the check's instance. */
  readonly key: Metrics['key'];
  /** The port of the Pods: `%%host%%` is the address of a Pod, not of the Service. */
  readonly port: number;
};

/** The part of Istio's control plane that a Service fronts, told by its labels, selector and ports, never by its name. */
export function recogniseControlPlaneService(service: Service): ControlPlaneService | undefined {
  const family = families.find(({ fits }) => fits(service));
  if (family === undefined) return undefined;
  const { component, generation, metrics } = family;
  return { component, generation, endpoints: metrics.flatMap((wanted) => endpointOf(service, wanted)) };
}

/** Whether a Service is an alias of a revision's own Service: it selects the same Pods. */
export const isRevisionTag = (service: Service): boolean => labelOf(service, tagKey) != null;

const tagKey = 'istio.io/tag';
export const revisionTagPath = labelPath(tagKey);

/** Where an instance key finds its metrics: on a well-known port, else on a port with one of the names. */
type Metrics = {
  readonly key:
    | 'istiod_endpoint'
    | 'istio_mesh_endpoint'
    | 'mixer_endpoint'
    | 'pilot_endpoint'
    | 'galley_endpoint'
    | 'citadel_endpoint';
  readonly ports: readonly number[];
  readonly names: readonly string[];
};

const monitoringNames = ['http-monitoring', 'http-policy-monitoring', 'http-health'];

/** Before 1.1 every component served its own metrics on 9093, from 1.1 on 15014. */
const legacy = (key: Metrics['key']): Metrics => ({ key, ports: [15014, 9093], names: monitoringNames });

/** What applications do, as Mixer reports it. */
const mesh: Metrics = { key: 'istio_mesh_endpoint', ports: [42422], names: ['prometheus'] };

type Family = Pick<ControlPlaneService, 'component' | 'generation'> & {
  readonly fits: (service: Service) => boolean;
  readonly metrics: readonly Metrics[];
};

/** Sources: istio/istio install/kubernetes (0.2 to 1.4), manifests/charts (1.5 on). The first that fits counts. */
const families: readonly Family[] = [
  {
    component: 'istiod',
    generation: 'istiod',
    // First, because 1.5 keeps its metrics on a Service labelled as Pilot's was: what tells them apart is 15012.
    fits: (service) => is(service, 'app', 'istiod') || (serves(service, 15012) && isOfPilot(service)),
    metrics: [{ key: 'istiod_endpoint', ports: [15014], names: ['http-monitoring'] }],
  },
  {
    component: 'telemetry',
    generation: 'legacy',
    fits: (service) => is(service, 'istio-mixer-type', 'telemetry'),
    metrics: [mesh, legacy('mixer_endpoint')],
  },
  {
    component: 'policy',
    generation: 'legacy',
    fits: (service) => is(service, 'istio-mixer-type', 'policy'),
    metrics: [legacy('mixer_endpoint')],
  },
  {
    component: 'mixer',
    generation: 'legacy',
    fits: (service) => is(service, 'istio', 'mixer'),
    metrics: [mesh, legacy('mixer_endpoint')],
  },
  {
    component: 'pilot',
    generation: 'legacy',
    fits: (service) => is(service, 'istio', 'pilot'),
    metrics: [legacy('pilot_endpoint')],
  },
  {
    component: 'galley',
    generation: 'legacy',
    fits: (service) => is(service, 'istio', 'galley'),
    metrics: [legacy('galley_endpoint')],
  },
  {
    component: 'citadel',
    generation: 'legacy',
    fits: (service) => is(service, 'istio', 'citadel'),
    metrics: [legacy('citadel_endpoint')],
  },
];

/** Selector before labels: it says which Pods answer, and some releases label what they do not select by. */
const is = (service: Service, key: string, value: string): boolean =>
  ownValue(service.spec?.selector, key) === value || labelOf(service, key) === value;

/**
 * Whether a Service with the port of istiod's certificates is istiod's: labelled as Pilot's, or beside that port metrics
 * or the webhook, and no selector of another component, because an east-west gateway serves 15012 and 15017 too.
 */
function isOfPilot(service: Service): boolean {
  const selected = ownValue(service.spec?.selector, 'istio');
  if (selected !== undefined && selected !== 'pilot' && selected !== 'istiod') return false;
  return is(service, 'istio', 'pilot') || serves(service, 15014) || serves(service, 15017);
}

const serves = (service: Service, number: number): boolean => tcpPorts(service).some((port) => has(port, number));

function endpointOf(service: Service, { key, ports, names }: Metrics): readonly ControlPlaneEndpoint[] {
  const served = tcpPorts(service);
  const numbered = ports.flatMap((number) => served.find((port) => has(port, number)) ?? []);
  const found = numbered[0] ?? served.find(({ name }) => name != null && names.includes(name));
  return found === undefined ? [] : [{ key, port: portOfPod(found) }];
}

const tcpPorts = (service: Service): readonly ServicePort[] =>
  (service.spec?.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');

const has = (port: ServicePort, number: number): boolean => port.port === number || portOfPod(port) === number;

/** A named targetPort is a name in the Pod, which a Service does not tell; Istio's own are the same number on both. */
const portOfPod = ({ port, targetPort }: ServicePort): number =>
  typeof targetPort === 'number' && targetPort > 0 ? targetPort : port;
