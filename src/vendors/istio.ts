import { parseImage } from '../model/image.js';
import type { Container, Pod } from '../model/kubernetes.js';
import { annotationOf, containersOf, labelOf } from '../model/metadata.js';
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
export function isInjected(pod: Pod): boolean {
  if (annotationOf(pod, 'sidecar.istio.io/status') != null) return true;
  const containers = pod.spec?.containers ?? [];
  if ((pod.spec?.initContainers ?? []).some(isSidecarPart)) return true;
  return containers.length > 1 && containers.some(isSidecarPart);
}

/**
 * Whether the author wrote an `istio-proxy` with image `auto`, which only the injector can fill in: keep the injector
 * away, and the Pod never starts.
 */
export const asksForProxy = (pod: Pod): boolean =>
  containersOf(pod).some(({ container: { name, image } }) => name === 'istio-proxy' && image === 'auto');

/**
 * Whether the Pod is a gateway or waypoint: by its labels, by the injector's template it asks for, or because a proxy
 * is the only container it has. The Gateway API's own label counts whoever implements it.
 */
export const isGateway = (pod: Pod): boolean =>
  labelOf(pod, 'gateway.networking.k8s.io/gateway-name') != null || recogniseByItself(pod)?.component.gateway === true;

/** Which part of Istio a Pod is, and what says so, as a fragment of a sentence: `by label app=istiod`. */
export type IstioRecognition = {
  readonly component: string;
  readonly evidence: string;
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
  if (found !== undefined) return { component: found.component.id, evidence: found.evidence };
  return namespace === istioNamespace ? { component: 'add-on', evidence: `by namespace ${namespace}` } : undefined;
}

type Found = { readonly component: IstioComponent; readonly evidence: string };

const recogniseByItself = (pod: Pod): Found | undefined =>
  byLabels(pod) ?? byTemplate(pod) ?? byProxyAlone(pod) ?? byImages(pod);

function byLabels(pod: Pod): Found | undefined {
  const found = findLabels(pod);
  return found && { component: found.value, evidence: describeLabels(pod, found.evidence) };
}

function byTemplate(pod: Pod): Found | undefined {
  const templates = annotationOf(pod, 'inject.istio.io/templates') ?? '';
  if (!templates.split(',').some((template) => template.trim() === 'gateway')) return undefined;
  return { component: gateway, evidence: `by annotation inject.istio.io/templates=${templates}` };
}

function byProxyAlone(pod: Pod): Found | undefined {
  const [only, ...others] = pod.spec?.containers ?? [];
  if (only?.name !== 'istio-proxy' || others.length > 0) return undefined;
  const { repository } = parseImage(only.image ?? '');
  const component = lastSegment(repository).includes('ztunnel') ? ztunnel : gateway;
  return { component, evidence: 'by its only container istio-proxy' };
}

function byImages(pod: Pod): Found | undefined {
  const containers = (pod.spec?.containers ?? []).filter(({ name }) => !isMeshContainer(name));
  const [first, ...others] = containers.map(({ image }) => image ?? '');
  const component = componentsOfImage(first ?? '')[0];
  if (first === undefined || component === undefined) return undefined;
  if (!others.every((image) => componentsOfImage(image).includes(component))) return undefined;
  return { component, evidence: `by image ${parseImage(first).repository}` };
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
