import { parseImage } from '../model/image.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf, labelOf } from '../model/metadata.js';
import { workloadOf } from '../model/workload.js';
import { isMeshContainer } from './istio.js';
import type { Identity, Source, Tracer } from './tracer.js';

/**
 * Who a container's traces are from. The tracer's own labels win, each part for itself; then Kubernetes' recommended
 * labels; then those from which Istio names a workload (`service.istio.io/canonical-name`, `app`, `version`), so that
 * traces and mesh metrics agree; then the owner's name, and the version from the main container's image tag.
 */
export function identityOf(pod: Pod, container: string, tracer: Tracer, environment: string | undefined): Identity {
  const read = (sources: readonly Source[]) => firstOf(pod, container, sources);
  const service = read([...tracer.identity.service, ...serviceLabels]) ?? workloadOf(pod)?.name ?? nameOf(pod);
  const stage = read(tracer.identity.environment) ?? environment;
  const version = read([...tracer.identity.version, ...versionLabels]) ?? versionOfImage(pod);
  return {
    ...(service ? { service } : {}),
    ...(stage ? { environment: stage } : {}),
    ...(version ? { version } : {}),
  };
}

// istio/istio pkg/kube/labels: the order in which Istio computes canonical name and revision.
const serviceLabels = [
  { label: 'app.kubernetes.io/name' },
  { label: 'service.istio.io/canonical-name' },
  { label: 'app' },
];
const versionLabels = [
  { label: 'app.kubernetes.io/version' },
  { label: 'service.istio.io/canonical-revision' },
  { label: 'version' },
];

function firstOf(pod: Pod, container: string, sources: readonly Source[]): string | undefined {
  for (const source of sources) {
    const value =
      'label' in source
        ? labelOf(pod, source.label.replace('<container>', container))
        : annotationOf(pod, source.annotation.replace('<container>', container));
    if (value) return value;
  }
  return undefined;
}

/** The name of a Pod that nobody owns and whose name was not generated. */
const nameOf = (pod: Pod): string | undefined =>
  pod.metadata?.generateName ? undefined : (pod.metadata?.name ?? undefined);

/** The tag of the main container's image, where it reads like a version; `latest` or `alpine` say nothing. */
function versionOfImage(pod: Pod): string | undefined {
  const main = pod.spec?.containers?.find(({ name }) => !isMeshContainer(name));
  const tag = main?.image === undefined ? undefined : parseImage(main.image).tag;
  return tag !== undefined && /^v?\d/.test(tag) ? tag : undefined;
}
