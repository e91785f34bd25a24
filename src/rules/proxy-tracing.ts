import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import { annotationPath, hostNetworkPath } from '../model/field-paths.js';
import type { Finding } from '../model/finding.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf, ownValue, type PlacedContainer } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import type { Context } from '../policy/context.js';
import type { Cluster } from '../policy/policy.js';
import { defaultVendors } from '../vendors/catalog.js';
import {
  asksForProxy,
  isGateway,
  isInjected,
  isMeshContainer,
  recogniseIstioComponent,
  sidecarPath,
} from '../vendors/istio.js';
import { injectPath, mayBeInjected } from '../vendors/istio-injection.js';
import { mergeProxyConfig, proxyConfigKey } from '../vendors/istio-proxy-config-merge.js';
import { mergeProxyEnv, proxyEnvKey, variablesSetElsewhere } from '../vendors/istio-proxy-env.js';
import { identityFields, type Means, meansFor, proxyTracers, tracingFields } from '../vendors/proxy-tracer.js';
import { createRecogniser, type Recogniser } from '../vendors/recognise.js';
import { type ApplicationIdentity, sayField, sayIdentity, spanIdentityOf, valuesOf } from '../vendors/span-identity.js';
import type { TracerId } from '../vendors/tracers.js';
import { customVendor } from '../vendors/vendor.js';

const port = z.int().min(1).max(65_535).optional();
// Istio refuses a Pod over an address that is no such name.
const name = z.string().regex(/^(?=.{1,253}$)[a-z\d]([-a-z\d]*[a-z\d])?(\.[a-z\d]([-a-z\d]*[a-z\d])?)*$/, {
  error: 'expected a DNS name or IPv4 address, without port',
});

const settings = z
  .strictObject({
    vendor: z
      .enum(Object.keys(proxyTracers) as TracerId[])
      .default('datadog')
      .describe("whose spans Envoy writes; for `opentelemetry` they go to a collector's Zipkin receiver, or by `mesh`"),
    agent: z
      .discriminatedUnion('via', [
        z.strictObject({ via: z.literal('hostIP'), port }),
        z.strictObject({ via: z.literal('service'), service: name.describe('its DNS name'), port }),
        z.strictObject({ via: z.literal('mesh') }),
      ])
      .prefault({ via: 'hostIP' })
      .describe('where spans go; `mesh` leaves that to MeshConfig and the Telemetry API, which outranks annotations'),
    sampling: z
      .number()
      .gt(0, { error: 'expected more than 0, which Istio takes for not set' })
      .max(100, { error: 'expected a percentage up to 100: Istio reads more as 1' })
      .optional()
      .describe("how many requests are traced, in percent; where it is not set, Istio's `pilot.traceSampling`"),
    environment: z.string().min(1).optional().describe('the environment where no label says it'),
  })
  .refine(({ agent, sampling }) => agent.via !== 'mesh' || sampling === undefined, {
    path: ['sampling'],
    message: "expected `agent` via hostIP or service: alone, it would take away the mesh's own tracer",
  });
type Settings = z.infer<typeof settings>;

/**
 * Has Envoy write its spans where the application's go, with the same environment and version (istio/istio
 * pkg/config/mesh ApplyProxyConfig, pilot/pkg/networking/core/tracing.go, and the injection templates).
 */
export const proxyTracing: Rule<'Pod', Settings> = {
  id: 'proxy-tracing',
  kind: 'Pod',
  summary: "has the mesh's proxies write spans to Datadog or a collector, as the application's own",
  settings,
  prepare: (chosen, cluster) => {
    const recogniser = createRecogniser([...defaultVendors, ...cluster.agents.map(customVendor)]);
    const proxy = proxyTracers[chosen.vendor];
    const means = meansFor(proxy, chosen.agent, cluster.istioVersion);
    return (pod, context) => {
      const elsewhere = notFilledIn(pod, context, cluster, recogniser);
      if (elsewhere !== undefined) return { skip: elsewhere };
      if ('code' in means) return { skip: means };
      const application = isGateway(pod) ? undefined : applicationOf(pod, recogniser);
      const identity = spanIdentityOf(pod, application, proxy, chosen.environment);
      return means.annotation === 'proxyConfig'
        ? configure(pod, identity, means, chosen)
        : extend(pod, identity, means, chosen);
    };
  },
};

/** Why Istio's injector does not read a Pod's annotations, or why it is none of those that are meant. */
function notFilledIn(
  pod: Pod,
  { namespace, namespaceLabels }: Context,
  { dataPlaneMode, istioNamespace }: Cluster,
  recogniser: Recogniser,
): Reason | undefined {
  const gateway = isGateway(pod);
  const istio = gateway ? undefined : recogniseIstioComponent(pod, namespace, istioNamespace);
  if (istio !== undefined) return because('istio-component', `${istio.component}, ${istio.evidence}`, istio.at);
  const agent = recogniser.recogniseAgent(pod);
  if (agent !== undefined) return because('monitoring-agent', `${agent.vendor.name}, ${agent.evidence}`, agent.at);
  if (pod.spec?.hostNetwork === true) return because('host-network', undefined, hostNetworkPath);
  if (!mayBeInjected(pod)) return because('not-injected', 'sidecar.istio.io/inject: "false"', injectPath(pod));
  if (ownValue(namespaceLabels, 'istio-injection') === 'disabled') {
    return because('not-injected', 'istio-injection=disabled on the namespace');
  }
  if (gateway)
    return asksForProxy(pod) || isInjected(pod) ? undefined : because('not-injected', 'a gateway of its own');
  if (dataPlaneMode === 'ambient') return because('not-injected', 'ztunnel writes no spans');
  return applicationOf(pod, recogniser) === undefined ? because('no-application-container') : undefined;
}

function applicationOf(pod: Pod, { isAgentImage, isHelperImage }: Recogniser): PlacedContainer | undefined {
  const containers = pod.spec?.containers ?? [];
  const index = containers.findIndex(
    ({ name: own, image }) => !isMeshContainer(own) && !isAgentImage(image ?? '') && !isHelperImage(image ?? ''),
  );
  const container = containers[index];
  return container && { list: 'containers', index, container };
}

const configPath = annotationPath(proxyConfigKey);
const envPath = annotationPath(proxyEnvKey);

/** The finding about `proxy.istio.io/config`. */
function configure(pod: Pod, identity: ApplicationIdentity, means: Means, chosen: Settings): Finding {
  const proxy = proxyTracers[chosen.vendor];
  const { address } = means;
  const wanted = [
    ...(address === undefined ? [] : tracingFields(proxy, address, chosen.sampling)),
    ...identityFields(proxy, valuesOf(identity), address !== undefined),
  ];
  const notes = [...means.notes, ...identity.notes];
  const taken = variablesSetElsewhere(pod);
  const fields = wanted.filter(({ path: [parent, variable = ''] }) => {
    const place = parent === 'proxyMetadata' ? taken.get(variable) : undefined;
    if (place !== undefined) notes.push(because('author-decided', `${variable} is set in ${place.says}`, place.at));
    return place === undefined;
  });
  if (fields.length === 0) return { skip: notes[0] ?? because('no-span-identity') };
  const authors = annotationOf(pod, proxyConfigKey);
  const merged = mergeProxyConfig(authors, fields);
  if ('code' in merged) return { skip: merged };
  const { text, kept } = merged;
  const left = kept.map(({ path }) => because('author-decided', `${path.join('.')} is left to the author`, configPath));
  notes.push(...left);
  const says = fields.filter((field) => !kept.includes(field)).flatMap((field) => sayField(proxy, field, identity));
  return annotate(pod, { key: proxyConfigKey, authors, value: text }, says, notes);
}

/** The finding about `apm.datadoghq.com/env`. */
function extend(pod: Pod, identity: ApplicationIdentity, means: Means, chosen: Settings): Finding {
  const proxy = proxyTracers[chosen.vendor];
  const notes = [...means.notes, ...identity.notes];
  const wanted = proxy.env(valuesOf(identity));
  if (wanted.size === 0) return { skip: notes[0] ?? because('no-span-identity') };
  const authors = annotationOf(pod, proxyEnvKey);
  const merged = mergeProxyEnv(authors, wanted);
  if ('code' in merged) return { skip: merged };
  const { text, kept } = merged;
  notes.push(...kept.map((variable) => because('author-decided', `${variable} is the author's`, envPath)));
  const says = [...wanted.keys()].filter((variable) => !kept.includes(variable));
  const value = { key: proxyEnvKey, authors, value: text };
  return annotate(
    pod,
    value,
    says.flatMap((variable) => sayIdentity(proxy, variable, identity)),
    notes,
  );
}

type Annotation = { readonly key: string; readonly authors: string | undefined; readonly value: string };

/** The edit, unless nothing is left of it, or the proxy has started from what was there before. */
function annotate(
  pod: Pod,
  { key, authors, value }: Annotation,
  says: readonly string[],
  notes: readonly Reason[],
): Finding {
  const [first] = notes;
  if (says.length === 0 && first) return { skip: first };
  const sidecar = value === authors ? undefined : sidecarPath(pod);
  if (sidecar !== undefined) return { skip: because('proxy-settled', undefined, sidecar) };
  const edit = { kind: 'annotation', key, value, reason: because('envoy-spans', says.join(', ')) } as const;
  return { edits: [authors === undefined ? edit : { ...edit, replaces: authors }], notes };
}
