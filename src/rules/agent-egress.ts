import { z } from 'zod';
import type { Decide, Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import { annotationPath, hostNetworkPath } from '../model/field-paths.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf, containersOf, ownValue } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import type { Context } from '../policy/context.js';
import type { Cluster } from '../policy/policy.js';
import { defaultVendors } from '../vendors/catalog.js';
import { readEnv } from '../vendors/env-group.js';
import { ipRangeFault } from '../vendors/ip-range.js';
import { gatewayPath, isMeshContainer, recogniseIstioComponent } from '../vendors/istio.js';
import {
  type Capture,
  capturedPortsPath,
  type Exclusion,
  excludedPorts,
  excludedRanges,
  extendList,
  outboundCapture,
  redirectionPath,
} from '../vendors/istio-capture.js';
import { injectPath, mayBeInjected } from '../vendors/istio-injection.js';
import { nodeClientIds, nodePorts } from '../vendors/node-agents.js';
import { createRecogniser, type Recogniser } from '../vendors/recognise.js';
import { customVendor } from '../vendors/vendor.js';

/** Excluded, they would take all of a Pod's web traffic out of the mesh: no mTLS, no metrics, no policy. */
const webPorts: ReadonlySet<number> = new Set([80, 443]);

const port = z
  .int()
  .min(1)
  .max(65_535)
  .refine((value) => !webPorts.has(value), {
    error: ({ input }) => `${input} is all of the web: expected \`ipRanges\`, or ServiceEntries of \`aloft egress\``,
  });

const range = z.string().check(({ value, issues }) => {
  const fault = ipRangeFault(value);
  if (fault !== undefined) issues.push({ code: 'custom', message: fault, input: value });
});

const settings = z.strictObject({
  clients: z
    .array(z.enum(nodeClientIds))
    .default([...nodeClientIds])
    .describe("whose variables tell the ports of the node's agent, also those that `tracer-env` has just written"),
  ports: z
    .array(port)
    .default([])
    .describe('further ports that bypass the sidecar; the annotation replaces `global.proxy.excludeOutboundPorts`'),
  ipRanges: z
    .array(range)
    .default([])
    .describe('IP ranges that bypass the sidecar; the annotation replaces `global.proxy.excludeIPRanges`'),
});
type Settings = z.infer<typeof settings>;

/**
 * Lets applications with a sidecar reach the agent of their node, or a vendor, where the mesh would block what it does
 * not know (REGISTRY_ONLY) (istio/api annotation/annotations.yaml; istio/istio pkg/kube/inject/validate.go).
 */
export const agentEgress: Rule<'Pod', Settings> = {
  id: 'agent-egress',
  kind: 'Pod',
  summary: "lets applications with a sidecar reach their node's agent or a vendor past it",
  settings,
  prepare: (chosen, cluster) => {
    const recogniser = createRecogniser([...defaultVendors, ...cluster.agents.map(customVendor)]);
    return (pod, context) => {
      const elsewhere = outsideSidecars(pod, context, cluster, recogniser);
      return elsewhere === undefined ? passBy(pod, wantedPorts(pod, chosen, recogniser), chosen) : { skip: elsewhere };
    };
  },
};

/** Why a Pod is none whose traffic a sidecar captures, or none of an application. */
function outsideSidecars(
  pod: Pod,
  { namespace, namespaceLabels }: Context,
  { dataPlaneMode, istioNamespace }: Cluster,
  { recogniseAgent }: Recogniser,
): Reason | undefined {
  if (dataPlaneMode === 'ambient') return because('ambient-egress');
  const istio = recogniseIstioComponent(pod, namespace, istioNamespace);
  if (istio !== undefined) return because('istio-component', `${istio.component}, ${istio.evidence}`, istio.at);
  const gateway = gatewayPath(pod);
  if (gateway !== undefined) return because('mesh-gateway', undefined, gateway);
  const agent = recogniseAgent(pod);
  if (agent !== undefined) return because('monitoring-agent', `${agent.vendor.name}, ${agent.evidence}`, agent.at);
  if (pod.spec?.hostNetwork === true) return because('host-network', undefined, hostNetworkPath);
  if (!mayBeInjected(pod)) return because('outside-mesh', 'sidecar.istio.io/inject: "false"', injectPath(pod));
  const injection = ownValue(namespaceLabels, 'istio-injection');
  return injection === 'disabled' ? because('outside-mesh', 'istio-injection=disabled on the namespace') : undefined;
}

/** Ports, each with what asks for it. */
type WantedPorts = ReadonlyMap<number, string>;

function wantedPorts(pod: Pod, { clients, ports }: Settings, { isAgentImage, isHelperImage }: Recogniser): WantedPorts {
  const wanted = new Map<number, string>();
  for (const placed of containersOf(pod)) {
    const { name } = placed.container;
    const image = placed.container.image ?? '';
    if (isMeshContainer(name) || isAgentImage(image) || isHelperImage(image)) continue;
    const { variables } = readEnv(placed);
    for (const { port: found, variable } of nodePorts(variables, clients)) {
      if (!wanted.has(found)) wanted.set(found, `${variable} of ${name}`);
    }
  }
  for (const own of ports) if (!wanted.has(own)) wanted.set(own, 'the policy');
  return wanted;
}

/** The exclusions that a Pod lacks, unless its author has decided what is captured. */
function passBy(pod: Pod, ports: WantedPorts, { ipRanges }: Settings): ReturnType<Decide<'Pod'>> {
  if (ports.size === 0 && ipRanges.length === 0) return { skip: because('no-agent-address') };
  const capture = outboundCapture(pod);
  const notes: Reason[] = [];
  const free: string[] = [];
  for (const [number, asker] of ports) {
    const kept = keptPort(number, asker, capture);
    if (kept === undefined) free.push(String(number));
    else notes.push(kept);
  }
  const verdicts: (Edit | Reason)[] = [];
  if (free.length > 0) {
    const askers = free.map((number) => `${number} for ${ports.get(Number(number))}`);
    verdicts.push(exclude(pod, excludedPorts, free, because('egress-port', askers.join(', '))));
  }
  if (ipRanges.length > 0) {
    const kept = keptRanges(capture);
    const reason = because('egress-range', `${ipRanges.join(', ')} for the policy`);
    verdicts.push(kept ?? exclude(pod, excludedRanges, ipRanges, reason));
  }
  const edits = verdicts.filter((verdict) => 'kind' in verdict);
  const all = [...notes, ...verdicts.filter((verdict) => 'code' in verdict)];
  const [first] = all;
  return edits.length === 0 && first ? { skip: first } : { edits, notes: all };
}

function keptPort(number: number, asker: string, { ranges, ports, at }: Capture): Reason | undefined {
  if (webPorts.has(number)) return because('egress-too-wide', `${number} for ${asker}`);
  if (ports.has(number)) {
    return because('author-decided', `includeOutboundPorts has ${number} captured`, capturedPortsPath);
  }
  return ranges === 'none' ? because('nothing-captured', undefined, at) : undefined;
}

const keptRanges = ({ ranges, at }: Capture): Reason | undefined => {
  if (ranges === 'none') return because('nothing-captured', undefined, at);
  if (ranges === 'all') return undefined;
  return because('author-decided', 'includeOutboundIPRanges lists what is captured', at);
};

function exclude(pod: Pod, exclusion: Exclusion, wanted: readonly string[], reason: Reason): Edit | Reason {
  const { key } = exclusion;
  const authors = annotationOf(pod, key);
  const value = extendList(authors ?? '', wanted, exclusion);
  if (value === undefined) {
    return because('egress-list-refused', `annotation ${key} is not as Istio takes it`, annotationPath(key));
  }
  const settled = value === authors ? undefined : redirectionPath(pod);
  if (settled !== undefined) return because('redirection-settled', undefined, settled);
  const edit = { kind: 'annotation', key, value, reason } as const;
  return authors === undefined ? edit : { ...edit, replaces: authors };
}
