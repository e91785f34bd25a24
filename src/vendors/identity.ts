import { parseImage } from '../model/image.js';
import type { Container, Pod } from '../model/kubernetes.js';
import { annotationOf, labelOf } from '../model/metadata.js';
import { workloadOf } from '../model/workload.js';
import type { Identity, Known, Source, Tracer } from './tracer.js';

/** What a Pod itself does not say. */
export type IdentityChoice = {
  readonly tracer: Tracer;
  /** For Pods that do not say theirs. */
  readonly environment?: string | undefined;
  /** The first of its containers that is neither the mesh's nor an agent's, if there is one. */
  readonly main?: Container | undefined;
};

/**
 * Who a container's traces are from. The tracer's own labels win, each part for itself; then Kubernetes' recommended
 * labels; then those from which Istio names a workload (`service.istio.io/canonical-name`, `app`, `version`), so that
 * traces and mesh metrics agree; then the owner's name, and the version from the main container's image tag.
 */
export function identityOf(pod: Pod, container: string, { tracer, environment, main }: IdentityChoice): Identity {
  const read = (sources: readonly Source[]) => firstOf(pod, container, sources);
  const service = read(tracer.identity.service) ?? read(serviceLabels) ?? ownerName(pod) ?? ownName(pod);
  const stage = read(tracer.identity.environment) ?? known(environment, 'the policy');
  const version = read(tracer.identity.version) ?? read(versionLabels) ?? versionOfImage(main);
  return {
    ...(service ? { service } : {}),
    ...(stage ? { environment: stage } : {}),
    ...(version ? { version } : {}),
  };
}

const known = (value: string | undefined, from: string): Known | undefined => (value ? { value, from } : undefined);

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

function firstOf(pod: Pod, container: string, sources: readonly Source[]): Known | undefined {
  for (const source of sources) {
    const [kind, template] = 'label' in source ? ['label', source.label] : ['annotation', source.annotation];
    const key = template.replace('<container>', container);
    const value = kind === 'label' ? labelOf(pod, key) : annotationOf(pod, key);
    if (value) return { value, from: `${kind} ${key}` };
  }
  return undefined;
}

function ownerName(pod: Pod): Known | undefined {
  const workload = workloadOf(pod);
  return workload && known(workload.name, `the name of its ${workload.kind}`);
}

/** The name of a Pod that nobody owns and whose name was not generated. */
const ownName = ({ metadata }: Pod): Known | undefined =>
  metadata?.generateName ? undefined : known(metadata?.name, 'its own name');

/** The tag of the main container's image, where it reads like a version; `latest` or `alpine` say nothing. */
function versionOfImage(main: Container | undefined): Known | undefined {
  const tag = main?.image == null ? undefined : parseImage(main.image).tag;
  return tag !== undefined && /^v?\d/.test(tag) ? { value: tag, from: `the image tag of ${main?.name}` } : undefined;
}
