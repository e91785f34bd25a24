import { z } from 'zod';
import type { Decide, Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import { hostNetworkPath } from '../model/field-paths.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf, labelOf } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import type { Cluster } from '../policy/policy.js';
import { catalog, defaultVendorIds, vendorIds } from '../vendors/catalog.js';
import { gatewayPath, requestPath, sidecarPath } from '../vendors/istio.js';
import { injectPath } from '../vendors/istio-injection.js';
import { createRecogniser, type Recognition } from '../vendors/recognise.js';
import { customVendor } from '../vendors/vendor.js';

const settings = z.strictObject({
  vendors: z
    .array(z.enum(vendorIds))
    .default([...defaultVendorIds])
    .describe('whose agents leave the mesh'),
});

/**
 * Keeps monitoring agents out of the mesh: a sidecar would make their start depend on istiod, break host traffic and
 * keep their Jobs alive (istio/istio pkg/kube/inject/inject.go and
 * cni/pkg/util/podutil.go; the charts of the vendors).
 */
export const agentsOutsideMesh: Rule<'Pod', z.infer<typeof settings>> = {
  id: 'agents-outside-mesh',
  kind: 'Pod',
  summary: 'keeps the Pods of monitoring agents out of the mesh',
  settings,
  prepare: (chosen, cluster) => {
    const known = catalog.filter(({ id }) => chosen.vendors.includes(id));
    const { recogniseAgent } = createRecogniser([...known, ...cluster.agents.map(customVendor)]);
    return (pod) => {
      const agent = recogniseAgent(pod);
      return agent === undefined ? { skip: because('not-an-agent') } : leaveMesh(pod, agent, cluster);
    };
  },
};

const injectKey = 'sidecar.istio.io/inject';
const ambientKey = 'istio.io/dataplane-mode';

function leaveMesh(pod: Pod, agent: Recognition, cluster: Cluster): ReturnType<Decide<'Pod'>> {
  const gateway = gatewayPath(pod);
  if (gateway !== undefined) return { skip: because('mesh-gateway', undefined, gateway) };
  const request = requestPath(pod);
  if (request !== undefined) {
    return { skip: because('author-opted-in', 'a container asks for the proxy to be filled in', request) };
  }
  const sidecar = sidecarPath(pod);
  if (sidecar !== undefined) {
    return { skip: because('already-injected', `${agent.vendor.name} agent already has a sidecar`, sidecar) };
  }
  const choice = labelOf(pod, injectKey) ?? annotationOf(pod, injectKey);
  if (choice !== undefined && meansTrue.has(choice.toLowerCase())) {
    return { skip: because('author-opted-in', `${injectKey}: "${choice}"`, injectPath(pod)) };
  }
  const ambient = cluster.dataPlaneMode === 'sidecar' ? [] : [ambientEdit(agent)];
  if (pod.spec?.hostNetwork === true) {
    // The CNI of Istio 1.27 to 1.30 enrols Pods on the host network in ambient, though no injector would touch them.
    const reason = because('host-network', undefined, hostNetworkPath);
    return ambient.length === 0 ? { skip: reason } : { edits: ambient, notes: [reason] };
  }
  return { edits: [...sidecarEdits(pod, because('agent-leaves-mesh', described(agent))), ...ambient] };
}

// What Istio up to 1.26 reads as yes and no; from 1.27 on only "true" and "false" count, and "" never did.
const meansTrue: ReadonlySet<string> = new Set(['true', 'yes', 'y', 'on']);
const meansFalse: ReadonlySet<string> = new Set(['', 'false', 'no', 'n', 'off', '0']);

/** Label and annotation: the webhook's selector sees the label only, Istio before 1.12 reads the annotation only. */
function sidecarEdits(pod: Pod, reason: Reason): readonly Edit[] {
  const edit = (kind: 'label' | 'annotation', present: string | undefined): Edit => {
    const wish = { kind, key: injectKey, value: 'false', reason } as const;
    // An author's other spelling of no is kept in meaning and made to work with every version of Istio.
    return present !== undefined && meansFalse.has(present.toLowerCase()) ? { ...wish, replaces: present } : wish;
  };
  return [edit('label', labelOf(pod, injectKey)), edit('annotation', annotationOf(pod, injectKey))];
}

const ambientEdit = (agent: Recognition): Edit => ({
  kind: 'label',
  key: ambientKey,
  value: 'none',
  reason: because('agent-leaves-ambient', described(agent)),
});

const described = ({ vendor, component, evidence }: Recognition): string =>
  `${vendor.name} ${component?.name ?? 'agent'}, ${evidence}`;
