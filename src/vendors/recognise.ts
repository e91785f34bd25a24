import { imagePath, labelPath } from '../model/field-paths.js';
import { parseImage } from '../model/image.js';
import type { Container, Pod } from '../model/kubernetes.js';
import type { Path } from '../model/problem.js';
import { createImageIndex } from './image-index.js';
import { isMeshContainer } from './istio.js';
import { createLabelIndex, describeLabels } from './label-index.js';
import type { Vendor } from './vendor.js';

/** Which agent a Pod is, and what says so, as a fragment of a sentence: `by image registry.datadoghq.com/operator`. */
export type Recognition = {
  readonly vendor: { readonly id: string; readonly name: string };
  /** Absent where only the image speaks: many components run the same one. */
  readonly component?: { readonly id: string; readonly name: string };
  readonly evidence: string;
  /** Where in the Pod the evidence stands. */
  readonly at: Path;
};

/** What can be asked about a list of vendors once it is indexed. */
export type Recogniser = {
  /**
   * The first vendor of the list that recognises the Pod as its agent, with the evidence; labels beat images. By image
   * only where nothing but the vendor's images runs: an application that carries an agent along is no agent.
   */
  readonly recogniseAgent: (pod: Pod) => Recognition | undefined;
  /** Whether an image is an agent of one of the vendors. */
  readonly isAgentImage: (image: string) => boolean;
  /** Whether an image is that of a container which a vendor's own webhook puts into application Pods. */
  readonly isHelperImage: (image: string) => boolean;
};

/** Indexes a list of vendors: done once per list, because every Pod of the cluster is asked about. */
export function createRecogniser(vendors: readonly Vendor[]): Recogniser {
  const vendorsOfImage = createImageIndex(
    vendors.flatMap((vendor) => vendor.images.map((pattern) => ({ pattern, value: vendor }))),
  );
  const helpers = createImageIndex(
    vendors.flatMap((vendor) => (vendor.helpers ?? []).map((pattern) => ({ pattern, value: vendor }))),
  );
  const findLabels = createLabelIndex(vendors.flatMap(labelRows));

  const byLabels = (pod: Pod, containers: readonly Container[]): Recognition | undefined => {
    const main = containers[0]?.image ?? '';
    const found = findLabels(pod, ({ vendor }) => vendorsOfImage(main).includes(vendor));
    if (found === undefined) return undefined;
    const { evidence, value } = found;
    const labels = describeLabels(pod, evidence);
    return {
      vendor: named(value.vendor),
      component: named(value.component),
      evidence: evidence.withImage ? `${labels} and image ${parseImage(main).repository}` : labels,
      at: labelPath(Object.keys(evidence.labels)[0] ?? ''),
    };
  };

  const byImages = (pod: Pod, containers: readonly Container[]): Recognition | undefined => {
    const [first] = containers;
    if (first === undefined) return undefined;
    const image = first.image ?? '';
    const vendor = vendorsOfImage(image).find((candidate) =>
      containers.every((container) => vendorsOfImage(container.image ?? '').includes(candidate)),
    );
    if (vendor === undefined) return undefined;
    return { vendor: named(vendor), evidence: `by image ${parseImage(image).repository}`, at: imagePath(pod, first) };
  };

  return {
    recogniseAgent: (pod) => {
      const containers = agentContainers(pod);
      return byLabels(pod, containers) ?? byImages(pod, containers);
    },
    isAgentImage: (image) => vendorsOfImage(image).length > 0,
    isHelperImage: (image) => helpers(image).length > 0,
  };
}

const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({ id, name });

const labelRows = (vendor: Vendor) =>
  vendor.components.flatMap((component) =>
    component.labelled.map((evidence) => ({ evidence, value: { vendor, component } })),
  );

const agentContainers = (pod: Pod): readonly Container[] =>
  (pod.spec?.containers ?? []).filter(({ name }) => !isMeshContainer(name));
