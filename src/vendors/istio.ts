import { annotationPath, containerPath, imagePath, labelPath } from '../model/field-paths.js';
import { parseImage } from '../model/image.js';
import type { Container, Pod } from '../model/kubernetes.js';
import { annotationOf, containersOf, labelOf } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import { createImageIndex, lastSegment } from './image-index.js';
import { gateway, type IstioComponent, istioComponents, ztunnel } from './istio-components.js';
import { createLabelIndex, describeLabels } from './label-index.js';

/** What the mesh adds to the Pods of others, by container name. */
export const meshContainers = ['istio-proxy', 'istio-init', 'istio-validation', 'enable-core-dump'] as const;

/**
 * Whether a container has the name of one that the mesh adds. Where it is all a Pod runs, the name says nothing: the
 * container of gateways, waypoints and ztunnel is called `istio-proxy` as well.
 */
export const isMeshContainer = (name: string): boolean => meshContainerNames.has(name);

/**
 * Whether the sidecar is already there: the injector left its annotation, or a container of it stands among the init
 * containers or beside another one. A proxy alone is a gateway; one with image `auto` is still to be filled in.
 */
export const isInjected = (pod: Pod): boolean => sidecarPath(pod) !== undefined;

/** Where in a Pod the sidecar shows, in the same order; undefined where it is not there yet. */
export function sidecarPath(pod: Pod): Path | undefined {
  if (annotationOf(pod, statusKey) != null) return statusPath;
  const initial = (pod.spec?.initContainers ?? []).findIndex(isSidecarPart);
  if (initial >= 0) return ['spec', 'initContainers', initial];
  const containers = pod.spec?.containers ?? [];
  const index = containers.length > 1 ? containers.findIndex(isSidecarPart) : -1;
  return index < 0 ? undefined : ['spec', 'containers', index];
}

const statusKey = 'sidecar.istio.io/status';
const statusPath = annotationPath(statusKey);

/**
 * Whether the author wrote an `istio-proxy` with image `auto`, which only the injector can fill in: keep the injector
 * away, and the Pod never starts.
 */
export const asksForProxy = (pod: Pod): boolean => requestPath(pod) !== undefined;

/** Where in a Pod the author asks for the proxy so. */
export function requestPath(pod: Pod): Path | undefined {
  const asking = containersOf(pod).find(({ container: { name, image } }) => name === 'istio-proxy' && image === 'auto');
  return asking && containerPath(asking, 'image');
}

/**
 * Whether the Pod is a gateway or waypoint: by its labels, by the injector's template it asks for, or because a proxy
 * is the only container it has. The Gateway API's own label counts whoever implements it.
 */
export const isGateway = (pod: Pod): boolean => gatewayPath(pod) !== undefined;

/** Where in a Pod it says so. */
export function gatewayPath(pod: Pod): Path | undefined {
  if (labelOf(pod, gatewayKey) != null) return gatewayLabelPath;
  const found = recogniseByItself(pod);
  return found?.component.gateway === true ? found.at : undefined;
}

const gatewayKey = 'gateway.networking.k8s.io/gateway-name';
const gatewayLabelPath = labelPath(gatewayKey);

/** Which part of Istio a Pod is, and what says so, as a fragment of a sentence: `by label app=istiod`. */
export type IstioRecognition = {
  readonly component: string;
  readonly evidence: string;
  /** Where in the Pod the evidence stands, if it stands there. */
  readonly at?: Path;
};

/**
 * The part of Istio that a Pod is: by its labels, by a proxy being the only container, by images, or because it stands
 * in Istio's namespace. An application with a sidecar is none.
 */
export function recogniseIstioComponent(
  pod: Pod,
  namespace: string | undefined,
  istioNamespace: string,
): IstioRecognition | undefined {
  const found = recogniseByItself(pod);
  if (found !== undefined) return { component: found.component.id, evidence: found.evidence, at: found.at };
  return namespace === istioNamespace ? { component: 'add-on', evidence: `by namespace ${namespace}` } : undefined;
}

type Found = { readonly component: IstioComponent; readonly evidence: string; readonly at: Path };

const recogniseByItself = (pod: Pod): Found | undefined =>
  byLabels(pod) ?? byTemplate(pod) ?? byProxyAlone(pod) ?? byImages(pod);

function byLabels(pod: Pod): Found | undefined {
  const found = findLabels(pod);
  if (found === undefined) return undefined;
  const { value: component, evidence } = found;
  return {
    component,
    evidence: describeLabels(pod, evidence),
    at: labelPath(Object.keys(evidence.labels)[0] ?? ''),
  };
}

function byTemplate(pod: Pod): Found | undefined {
  const templates = annotationOf(pod, templatesKey) ?? '';
  if (!templates.split(',').some((template) => template.trim() === 'gateway')) return undefined;
  return { component: gateway, evidence: `by annotation ${templatesKey}=${templates}`, at: templatesPath };
}

const templatesKey = 'inject.istio.io/templates';
const templatesPath = annotationPath(templatesKey);

function byProxyAlone(pod: Pod): Found | undefined {
  const [only, ...others] = pod.spec?.containers ?? [];
  if (only?.name !== 'istio-proxy' || others.length > 0) return undefined;
  const { repository } = parseImage(only.image ?? '');
  const component = lastSegment(repository).includes('ztunnel') ? ztunnel : gateway;
  return { component, evidence: 'by its only container istio-proxy', at: ['spec', 'containers', 0, 'name'] };
}

function byImages(pod: Pod): Found | undefined {
  const containers = (pod.spec?.containers ?? []).filter(({ name }) => !isMeshContainer(name));
  const [first, ...others] = containers;
  const image = first?.image ?? '';
  const component = componentsOfImage(image)[0];
  if (first === undefined || component === undefined) return undefined;
  if (!others.every((other) => componentsOfImage(other.image ?? '').includes(component))) return undefined;
  return { component, evidence: `by image ${parseImage(image).repository}`, at: imagePath(pod, first) };
}

const isSidecarPart = ({ name, image }: Container): boolean =>
  isMeshContainer(name) && name !== 'enable-core-dump' && image !== 'auto'; // gateways dump cores too

const meshContainerNames: ReadonlySet<string> = new Set(meshContainers);

const components: readonly IstioComponent[] = [...istioComponents, gateway, ztunnel];

const findLabels = createLabelIndex(
  components.flatMap((component) => component.labelled.map((evidence) => ({ evidence, value: component }))),
);
const componentsOfImage = createImageIndex(
  components.flatMap((component) => (component.images ?? []).map((pattern) => ({ pattern, value: component }))),
);
