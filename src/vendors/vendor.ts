/**
 * What says that a Pod is a component: every one of `labels`, each with a glob or several to choose from. Labels that
 * anyone may use (`app.kubernetes.io/name: agent`) do not count alone: they go `withImage`.
 */
export type Evidence = {
  readonly labels: { readonly [key: string]: string | readonly string[] };
  /** The Pod's first container has to run one of the vendor's images as well; what injectors append is not the first. */
  readonly withImage?: true;
};

/** A part of a vendor's product that runs in Pods of its own. */
export type Component = {
  readonly id: string;
  /** Reads after the vendor's name: `Cluster Agent`. */
  readonly name: string;
  readonly labelled: readonly Evidence[];
};

/** What we know of one monitoring system. */
export type Vendor = {
  readonly id: string;
  readonly name: string;
  /** Recognised unless a policy chooses others; all the rest have to be asked for. */
  readonly byDefault?: true;
  /** Where two components would fit a Pod, the first one is meant. */
  readonly components: readonly Component[];
  /** Images that are agents: globs over the end of the repository, from a segment boundary on: `datadog/agent`. */
  readonly images: readonly string[];
  /** Images of the containers that the vendor's own webhook adds to application Pods: the same kind of globs. */
  readonly helpers?: readonly string[];
  /** What to think of before asking for it. */
  readonly note?: string;
  /** Where the above can be looked up. */
  readonly source: string;
};

/** Every image name under every repository prefix, because a vendor publishes the same images in many registries. */
export const under = (prefixes: readonly string[], names: readonly string[]): readonly string[] =>
  prefixes.flatMap((prefix) => names.map((name) => `${prefix}/${name}`));

/** An agent that only its users know, as they describe it in a policy: the labels, or the images, are enough. */
export type CustomAgent = {
  readonly name: string;
  readonly labels?: { readonly [key: string]: string } | undefined;
  readonly images?: readonly string[] | undefined;
};

/** A vendor made from a policy's own agent. */
export const customVendor = ({ name, labels, images }: CustomAgent): Vendor => ({
  id: name,
  name,
  byDefault: true,
  components: labels ? [{ id: 'agent', name: 'agent', labelled: [{ labels }] }] : [],
  images: images ?? [],
  source: 'the policy',
});
