import { because, type Reason } from '../model/reason.js';
import { datadogTracer } from './datadog-tracer.js';
import type { ProxyField } from './istio-proxy-config-merge.js';
import { forTemplate } from './istio-proxy-env.js';
import { isAtLeast } from './istio-version.js';
import { opentelemetryTracer } from './opentelemetry-tracer.js';
import type { Tracer } from './tracer.js';

/** How Envoy writes the spans of a mesh for one tracing system, where a Pod's annotations can change it. */
export type ProxyTracer = {
  readonly tracer: Tracer;
  /** Its member of `tracing` in a proxy's configuration, beside which there may be no other. */
  readonly member: string;
  readonly port: number;
  /** The first release that puts the node's address into its own; an older one may refuse the Pod over it. */
  readonly hostIp: { readonly since: string; readonly refusedBefore: boolean };
  /** The first release whose Envoy reads the identity from its environment, and which has an annotation for that. */
  readonly envSince: string;
  /** Older releases that read `apm.datadoghq.com/env`. */
  readonly proxyEnv: readonly string[];
  /** The variables from which Envoy takes environment and version of its spans, with values as the template needs them. */
  readonly env: (identity: SpanIdentity) => ReadonlyMap<string, string>;
  /** Tags instead, for spans in a format that has no place for them. */
  readonly tags?: (identity: SpanIdentity) => ReadonlyMap<string, string>;
  /** The same in an application's own environment: a variable, or a key in the list that a variable is. */
  readonly stated: {
    readonly [part in keyof SpanIdentity]-?: { readonly variable: string; readonly keys?: readonly string[] };
  };
  readonly source: string;
};

/** What the spans of Envoy and those of the application have to agree on; the service has a name of the mesh. */
export type SpanIdentity = { readonly environment?: string | undefined; readonly version?: string | undefined };

const datadog: ProxyTracer = {
  tracer: datadogTracer,
  source: 'istio/istio manifests/charts injection-template.yaml; DataDog/documentation proxy_setup; istio/istio#28043',
  member: 'datadog',
  port: 8126,
  hostIp: { since: '1.8', refusedBefore: false },
  envSince: '1.6',
  // Not 1.5: its first release writes the variables where the Pod's YAML breaks (istio/istio#22203).
  proxyEnv: ['1.3', '1.4'],
  env: ({ environment, version }) => escaped({ DD_ENV: environment, DD_VERSION: version }),
  stated: { environment: { variable: 'DD_ENV' }, version: { variable: 'DD_VERSION' } },
};

/** No annotation names an OTLP endpoint: a collector gets spans in Zipkin's format, or from the mesh's own provider. */
const opentelemetry: ProxyTracer = {
  tracer: opentelemetryTracer,
  source: 'istio/api mesh/v1alpha1/proxy.proto Tracing; istio/istio#29573 ($(HOST_IP)), #49204 (resource detectors)',
  member: 'zipkin',
  port: 9411,
  hostIp: { since: '1.9', refusedBefore: true },
  envSince: '1.22',
  proxyEnv: [],
  env: (identity) => {
    const list = [...attributes(identity)].map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`);
    return escaped({ OTEL_RESOURCE_ATTRIBUTES: list.join(',') });
  },
  tags: (identity) => attributes(identity),
  stated: {
    environment: {
      variable: 'OTEL_RESOURCE_ATTRIBUTES',
      keys: ['deployment.environment.name', 'deployment.environment'],
    },
    version: { variable: 'OTEL_RESOURCE_ATTRIBUTES', keys: ['service.version'] },
  },
};

const attributes = ({ environment, version }: SpanIdentity) =>
  filled({ 'deployment.environment.name': environment, 'service.version': version });

const filled = (values: { readonly [name: string]: string | undefined }): ReadonlyMap<string, string> =>
  new Map(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** Values of variables, as Istio's template takes them. */
const escaped = (values: { readonly [name: string]: string | undefined }): ReadonlyMap<string, string> =>
  new Map([...filled(values)].map(([name, value]) => [name, forTemplate(value)]));

/** By the id of the tracer. */
export const proxyTracers = { datadog, opentelemetry } as const satisfies { readonly [id: string]: ProxyTracer };

/** Where a policy wants spans to go; `mesh` is wherever the mesh sends them. */
export type SpanTarget =
  | { readonly via: 'mesh' }
  | { readonly via: 'hostIP'; readonly port?: number | undefined }
  | { readonly via: 'service'; readonly service: string; readonly port?: number | undefined };

/** What annotations of a release can do of what a policy wants. */
export type Means = {
  readonly annotation: 'proxyConfig' | 'proxyEnv';
  readonly address?: string;
  /** Why the mesh says where spans go, although the policy does. */
  readonly notes: readonly Reason[];
};

/** What there is to be done under a release, where it is known; a reason where it is nothing. */
export function meansFor(proxy: ProxyTracer, target: SpanTarget, istio: string | undefined): Means | Reason {
  if (isBefore(istio, '1.6')) return oldMeans(proxy, target, istio);
  const known = addressFor(proxy, target, istio);
  if (typeof known === 'string') return { annotation: 'proxyConfig', address: known, notes: [] };
  if (!isBefore(istio, proxy.envSince)) return { annotation: 'proxyConfig', notes: known === undefined ? [] : [known] };
  return known ?? because('istio-too-old', `Envoy reads resource attributes since Istio ${proxy.envSince}`);
}

const isBefore = (istio: string | undefined, release: string): istio is string =>
  istio !== undefined && !isAtLeast(istio, release);

/** Before `proxy.istio.io/config`. */
function oldMeans(proxy: ProxyTracer, target: SpanTarget, istio: string): Means | Reason {
  const tooOld = because('istio-too-old', `no annotation of Istio ${istio} says where ${proxy.tracer.name} is`);
  if (!proxy.proxyEnv.includes(istio)) return tooOld;
  return { annotation: 'proxyEnv', notes: target.via === 'mesh' ? [] : [tooOld] };
}

/** The address to write down; undefined where the policy leaves it to the mesh, a reason where Istio takes none. */
function addressFor(proxy: ProxyTracer, target: SpanTarget, istio: string | undefined): string | Reason | undefined {
  if (target.via === 'mesh') return undefined;
  const port = target.port ?? proxy.port;
  if (target.via === 'service') return `${target.service}:${port}`;
  const { since, refusedBefore } = proxy.hostIp;
  if (istio === undefined && refusedBefore) {
    return because('istio-version-needed', `before ${since}, Istio refuses the node's address as ${proxy.member}'s`);
  }
  return isBefore(istio, since)
    ? because('istio-too-old', `Istio ${istio} does not put the node's address into annotations`)
    : `$(HOST_IP):${port}`;
}

// istio/api mesh/v1alpha1/proxy.proto, the oneof of Tracing.
const members = ['zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent'];

/** The address of a tracer, and how many of all requests it gets. */
export const tracingFields = (
  proxy: ProxyTracer,
  address: string,
  sampling: number | undefined,
): readonly ProxyField[] => [
  { path: ['tracing', proxy.member, 'address'], value: address, insteadOf: members },
  ...(sampling === undefined ? [] : [{ path: ['tracing', 'sampling'], value: sampling }]),
];

/** Environment and version: as tags where spans go in a format without resources, else as Envoy's own environment. */
export function identityFields(proxy: ProxyTracer, identity: SpanIdentity, addressed: boolean): readonly ProxyField[] {
  if (addressed && proxy.tags !== undefined) {
    return [...proxy.tags(identity)].map(([name, value]) => ({
      path: ['tracing', 'customTags', name],
      value: { literal: { value } },
    }));
  }
  return [...proxy.env(identity)].map(([name, value]) => ({
    path: ['proxyMetadata', name],
    value,
  }));
}
