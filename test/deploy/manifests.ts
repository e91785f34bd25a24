import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** The folder `manifests/`. */
export const manifests = new URL('../../manifests/', import.meta.url);

export const readManifest = (path: string): string => readFileSync(new URL(path, manifests), 'utf8');

type StringMap = Readonly<Record<string, string>>;

/** An object of Kubernetes, with the parts that tests look into. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: StringMap;
    readonly annotations?: StringMap;
  };
};

export type WebhookConfiguration = Manifest & { readonly webhooks: readonly Webhook[] };
export type Webhook = {
  readonly name: string;
  readonly clientConfig: { readonly service: Readonly<Record<'name' | 'namespace' | 'path', string>> };
  readonly rules: readonly object[];
  readonly namespaceSelector: object;
};

export type Role = Manifest & { readonly rules: readonly RoleRule[] };
export type RoleRule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
};

export type Workload = Manifest & {
  readonly spec: { readonly template: { readonly metadata: Manifest['metadata']; readonly spec: PodSpec } };
};
export type PodSpec = {
  readonly securityContext: object;
  readonly containers: readonly Container[];
  readonly volumes?: readonly object[];
};
export type Probe = { readonly httpGet: { readonly path: string; readonly port: string } };
export type Container = {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: object;
  readonly resources: Readonly<Record<'requests' | 'limits', StringMap>>;
} & Readonly<Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', Probe>>;

export type PrometheusRule = Manifest & {
  readonly spec: { readonly groups: readonly { readonly rules: readonly Alert[] }[] };
};
export type Alert = { readonly alert: string; readonly expr: string; readonly annotations: StringMap };

/** The objects of a stream of YAML. */
export function objectsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return (document.toJS() as Manifest | null) ?? [];
  });
}

/** The objects that the files of a folder hold as they are, without any renderer. */
export const objectsOf = (folder: string): readonly Manifest[] =>
  readdirSync(new URL(`${folder}/`, manifests))
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => objectsIn(readManifest(`${folder}/${file}`)))
    .filter((object) => typeof object.kind === 'string' && !notForCluster.has(object.kind));

const notForCluster: ReadonlySet<string> = new Set(['Kustomization', 'Component', 'Policy']);

/** The one object of a kind. */
export function only<M extends Manifest>(kind: string, objects: readonly Manifest[]): M {
  const found = objects.filter((object) => object.kind === kind);
  if (found.length !== 1) throw new Error(`expected one ${kind}, got ${found.length}`);
  return found[0] as M;
}
