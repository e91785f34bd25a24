/**
 * The parts of Kubernetes' own types that rules may read (core/v1, spelled as upstream spells them).
 * Everything is optional because objects reach us before the API server validated them; `parseObject` in `shape.ts`
 * has checked that what is there has the right type. A field that is `null` on the wire counts as absent: read with
 * `?.` and `??`, never with `=== undefined`.
 */
export type StringMap = { readonly [key: string]: string };

export type OwnerReference = {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
};

export type ObjectMeta = {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly ownerReferences?: readonly OwnerReference[];
};

export type EnvVar = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string } };
};

export type EnvFromSource = { readonly prefix?: string };

export type VolumeMount = {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
};

export type Volume = {
  readonly name: string;
  readonly hostPath?: { readonly path: string; readonly type?: string };
};

export type Container = {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly restartPolicy?: string;
};

export type PodSpec = {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly hostNetwork?: boolean;
};

export type Pod = { readonly metadata?: ObjectMeta; readonly spec?: PodSpec };

export type ServicePort = {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
};

export type Service = {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly type?: string;
    readonly ports?: readonly ServicePort[];
    readonly selector?: StringMap;
  };
};

/** The kinds that rules decide on. */
export type Kind = 'Pod' | 'Service';

export type ObjectOf<K extends Kind> = { readonly Pod: Pod; readonly Service: Service }[K];

/** The two lists of containers that a Pod is created with; ephemeral ones come later, through a subresource. */
export type ContainerList = 'containers' | 'initContainers';

/** A container by where it stands: names are unique in a Pod, and survive a change of order. */
export type ContainerRef = { readonly list: ContainerList; readonly name: string };
