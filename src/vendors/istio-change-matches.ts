import type { Pod, Service } from '../model/kubernetes.js';
import { annotationOf, labelOf, ownValue } from '../model/metadata.js';
import { recogniseControlPlaneService } from './control-plane.js';
import { recogniseIstioComponent } from './istio.js';
import { mayBeInjected } from './istio-injection.js';
import { scrapeFaults } from './istio-scrape.js';
import { quoted } from './quoted-value.js';

/** What of an object a change of Istio is about, or undefined where it does not concern the object. */
type Match<T> = (object: T) => string | undefined;

const injectKey = 'sidecar.istio.io/inject';
const ambientKey = 'istio.io/dataplane-mode';

const shown = (kind: 'label' | 'annotation', key: string, value: string): string => `${kind} ${key}: ${quoted(value)}`;

const isOnHostNetwork = ({ spec }: Pod): boolean => spec?.hostNetwork === true;

/** No injector touches a Pod on the host network, whatever it asks for. */
const whereInjected =
  (match: Match<Pod>): Match<Pod> =>
  (pod) =>
    isOnHostNetwork(pod) ? undefined : match(pod);

/** A label that says no, where the annotation does not. */
export const labelKeepsOut = whereInjected((pod) => {
  const isAlone = labelOf(pod, injectKey) === 'false' && annotationOf(pod, injectKey) !== 'false';
  return isAlone ? shown('label', injectKey, 'false') : undefined;
});

/** A label that says yes, where no annotation has a say. */
export const labelAsksIn = whereInjected((pod) => {
  const isAlone = labelOf(pod, injectKey) === 'true' && annotationOf(pod, injectKey) === undefined;
  return isAlone ? shown('label', injectKey, 'true') : undefined;
});

/** A label beside an annotation that says otherwise; one that says no has kept the webhook away before it was read. */
export const labelWins = whereInjected((pod) => {
  const label = labelOf(pod, injectKey);
  const annotation = annotationOf(pod, injectKey);
  if (label === undefined || label === 'false' || annotation === undefined || label === annotation) return undefined;
  return `${shown('label', injectKey, label)} (annotation ${quoted(annotation)})`;
});

const readAsYes: ReadonlySet<string> = new Set(['true', 'yes', 'y', 'on']);

/** A spelling that meant yes, or no, until only "true" and "false" did. */
export const injectValue = (meant: 'yes' | 'no'): Match<Pod> =>
  whereInjected((pod) => {
    const label = labelOf(pod, injectKey);
    const value = label ?? annotationOf(pod, injectKey) ?? '';
    if (value === '' || value === 'true' || value === 'false') return undefined;
    if (readAsYes.has(value.toLowerCase()) !== (meant === 'yes')) return undefined;
    return shown(label === undefined ? 'annotation' : 'label', injectKey, value);
  });

/** What kept a Pod out of ambient before the label did. */
export function oldOptOut(pod: Pod): string | undefined {
  const key = 'ambient.istio.io/redirection';
  const value = annotationOf(pod, key);
  return value === 'disabled' && !isOutOfAmbient(pod) ? shown('annotation', key, value) : undefined;
}

const isOutOfAmbient = (pod: Pod): boolean => labelOf(pod, ambientKey) === 'none';

export const isAmbientHostNetwork: Match<Pod> = (pod) =>
  isOnHostNetwork(pod) && !isOutOfAmbient(pod) ? 'hostNetwork: true' : undefined;

/** Annotations over which Istio refuses a Pod since 1.31, and took before. */
export function reservedPort(pod: Pod): string | undefined {
  if (!mayBeInjected(pod)) return undefined;
  const before = new Set(scrapeFaults(pod, '1.30').map(({ message }) => message));
  const fault = scrapeFaults(pod, '1.31').find(({ message }) => !before.has(message));
  const key = fault?.message.split(':', 1)[0] ?? '';
  return fault && shown('annotation', key, annotationOf(pod, key) ?? '');
}

export function scrapeTargets(pod: Pod): string | undefined {
  const key = 'prometheus.istio.io/scrape-targets';
  const value = annotationOf(pod, key);
  return value === undefined || !mayBeInjected(pod) ? undefined : shown('annotation', key, value);
}

/** Variables of the proxy for Envoy's Datadog tracer. */
export function proxyEnv(pod: Pod): string | undefined {
  const key = 'apm.datadoghq.com/env';
  const isRead = annotationOf(pod, key) !== undefined && mayBeInjected(pod);
  return isRead ? `annotation ${key}` : undefined;
}

/** A Pod of one of these components of Istio. */
export const component =
  (components: readonly string[]): Match<Pod> =>
  (pod) => {
    // Without a namespace, so that only what says what it is counts.
    const found = recogniseIstioComponent(pod, undefined, '');
    return found !== undefined && components.includes(found.component) ? `${found.component} Pod` : undefined;
  };

/** The same, where it is annotated to be scraped on a port. */
export const annotatedPort =
  (components: readonly string[], port: string): Match<Pod> =>
  (pod) =>
    component(components)(pod) !== undefined && annotationOf(pod, 'prometheus.io/port') === port
      ? shown('annotation', 'prometheus.io/port', port)
      : undefined;

/** A Service of one of these components. */
export const servedAs =
  (components: readonly string[]): Match<Service> =>
  (service) => {
    const found = recogniseControlPlaneService(service)?.component;
    return found !== undefined && components.includes(found) ? `${found} Service` : undefined;
  };

/** The same, where it serves metrics on a port. */
export const servesPort =
  (components: readonly string[], port: number): Match<Service> =>
  (service) => {
    const found = recogniseControlPlaneService(service);
    if (found === undefined || !components.includes(found.component)) return undefined;
    return found.endpoints.some((endpoint) => endpoint.port === port) ? `port ${port}` : undefined;
  };

/** The Service of Pilot's name that 1.5 kept for istiod's metrics. */
export function servesOldIstiod(service: Service): string | undefined {
  const isOfPilot = labelOf(service, 'app') === 'pilot' || ownValue(service.spec?.selector, 'istio') === 'pilot';
  const isIstiods = labelOf(service, 'app') === 'istiod';
  const found = recogniseControlPlaneService(service);
  return isOfPilot && !isIstiods && found?.component === 'istiod' ? 'Service of Pilot for istiod' : undefined;
}
