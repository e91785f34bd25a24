import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import type { Finding } from '../model/finding.js';
import type { EnvVar, Pod } from '../model/kubernetes.js';
import { containersOf, type PlacedContainer } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import { type AgentSocket, noSocket, socketOf } from '../vendors/agent-socket.js';
import { defaultVendors } from '../vendors/catalog.js';
import { type ContainerEnv, decideGroup, namesOf, readEnv } from '../vendors/env-group.js';
import { type IdentityChoice, identityOf } from '../vendors/identity.js';
import { isMeshContainer, recogniseIstioComponent } from '../vendors/istio.js';
import { createRecogniser } from '../vendors/recognise.js';
import type { EnvGroup, Tracer } from '../vendors/tracer.js';
import { tracers } from '../vendors/tracers.js';
import { customVendor } from '../vendors/vendor.js';

const port = z.int().min(1).max(65_535).optional();
const directory = z.string().regex(/^(\/[^/]+)+$/, { error: 'expected an absolute path without "/" at its end' });
const transport = z.discriminatedUnion('via', [
  z.strictObject({ via: z.literal('hostIP'), port }),
  z.strictObject({ via: z.literal('service'), service: z.string().min(1).describe('its DNS name'), port }),
  z.strictObject({ via: z.literal('socket'), directory: directory.default('/var/run/datadog') }),
]);

const settings = z
  .strictObject({
    vendor: z
      .enum(tracers.map(({ id }) => id))
      .default(tracers[0].id)
      .describe('whose tracer the applications use'),
    agent: transport.prefault({ via: 'hostIP' }).describe('how tracers reach their agent or collector'),
    environment: z.string().min(1).optional().describe('the environment where no label says it'),
    propagators: z.array(z.string().min(1)).default([]).describe("trace context formats; the mesh's and the tracer's"),
    env: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, { error: 'expected the name of a variable' }),
          value: z.string(),
        }),
      )
      .default([])
      .check(uniqueVariables)
      .describe('further variables, such as DD_TRACE_SAMPLE_RATE or DD_LOGS_INJECTION'),
  })
  .check(({ value, issues }) => {
    const { name, transports } = tracerOf(value.vendor);
    if (transports.includes(value.agent.via)) return;
    const message = `${name} cannot be reached by ${value.agent.via}: expected one of ${transports.join(', ')}`;
    issues.push({ code: 'custom', message, path: ['agent', 'via'], input: value.agent.via });
  });
type Settings = z.infer<typeof settings>;

function uniqueVariables({ value, issues }: z.core.ParsePayload<{ readonly name: string }[]>): void {
  for (const [index, { name }] of value.entries()) {
    if (value.findIndex((other) => other.name === name) === index) continue;
    issues.push({ code: 'custom', message: `${name} is in the list already`, path: [index, 'name'], input: name });
  }
}

/**
 * Tells the tracers in application containers where their agent is and who they are
 * (DataDog/datadog-agent pkg/clusteragent/admission/mutate; open-telemetry/opentelemetry-operator internal/instrumentation).
 */
export const tracerEnv: Rule<'Pod', Settings> = {
  id: 'tracer-env',
  kind: 'Pod',
  summary: 'gives application containers the environment their tracers need',
  settings,
  prepare: (chosen, cluster) => {
    const { recogniseAgent, isAgentImage, isHelperImage } = createRecogniser([
      ...defaultVendors,
      ...cluster.agents.map(customVendor),
    ]);
    const groupsFor = groupsUnder(chosen);
    const directory = chosen.agent.via === 'socket' ? chosen.agent.directory : undefined;
    return (pod, context) => {
      const istio = recogniseIstioComponent(pod, context.namespace, cluster.istioNamespace);
      if (istio !== undefined)
        return { skip: because('istio-component', `${istio.component}, ${istio.evidence}`, istio.at) };
      const agent = recogniseAgent(pod);
      if (agent !== undefined) {
        return { skip: because('monitoring-agent', `${agent.vendor.name}, ${agent.evidence}`, agent.at) };
      }
      const applications = containersOf(pod).filter((placed) => {
        const { name, image } = placed.container;
        if (isMeshContainer(name) || isAgentImage(image ?? '') || isHelperImage(image ?? '')) return false;
        // Edits find a container by its name; of two with one name, which no API server lets through, that is the first.
        return pod.spec?.[placed.list]?.find((other) => other.name === name) === placed.container;
      });
      if (applications.length === 0) return { skip: because('no-application-container') };
      const socket = directory === undefined ? noSocket : socketOf(pod, directory);
      const main = applications.find(({ list }) => list === 'containers')?.container;
      const { namespace } = context;
      return equip(applications, socket, (env) => groupsFor(env, { pod, namespace, main }));
    };
  },
};

const tracerOf = (vendor: Settings['vendor']): Tracer => tracers.find(({ id }) => id === vendor) ?? tracers[0];

/** The edits for every application container of a Pod, after those for the volume they share. */
function equip(
  applications: readonly PlacedContainer[],
  socket: AgentSocket,
  groupsFor: (container: ContainerEnv) => readonly EnvGroup[],
): Finding {
  const finding: Collected = { edits: [], notes: [] };
  let socketInUse = false;
  for (const placed of applications) {
    const env = readEnv(placed);
    const mount = socket.mountIn(env);
    finding.notes.push(...mount.notes);
    const groups = groupsFor(env).filter(({ overSocket }) => mount.usable || overSocket !== true);
    const granted = grant(groups, env, finding);
    if (!granted.some(({ overSocket }) => overSocket === true)) continue;
    finding.edits.push(...mount.edits);
    socketInUse = true;
  }
  return { edits: [...(socketInUse ? socket.edits : []), ...finding.edits], notes: finding.notes };
}

type Collected = { readonly edits: Edit[]; readonly notes: Reason[] };

/** Adds to the finding what one container gets of the groups; returns the groups that it gets. */
function grant(groups: readonly EnvGroup[], container: ContainerEnv, finding: Collected): EnvGroup[] {
  return groups.filter((group) => {
    const decision = decideGroup(group, container);
    if ('note' in decision) finding.notes.push(decision.note);
    else finding.edits.push(...decision.edits);
    return 'edits' in decision;
  });
}

/** What one container should get, in the order in which it stands there. */
type GroupsFor = (container: ContainerEnv, surroundings: Surroundings) => readonly EnvGroup[];
type Surroundings = Pick<IdentityChoice, 'main'> & { readonly pod: Pod; readonly namespace: string };

/** The tracer's groups, but for what the policy itself sets, then the policy's own. */
function groupsUnder(chosen: Settings): GroupsFor {
  const tracer = tracerOf(chosen.vendor);
  const tracersGroups = tracer.env({ transport: chosen.agent, propagators: chosen.propagators });
  const policys = new Map(chosen.env.map((variable) => [variable.name, variable]));
  const policysGroups = chosen.env.map(policyGroup);
  return ({ ref, variables }, { pod, namespace, main }) => {
    const groups = tracersGroups({
      identity: identityOf(pod, ref.name, { tracer, environment: chosen.environment, main }),
      namespace,
      container: ref.name,
      annotations: pod.metadata?.annotations ?? {},
      presetValue: (name) => literalOf(variables.get(name) ?? policys.get(name)),
    });
    if (policys.size === 0) return groups;
    return [...groups.filter((group) => !namesOf(group).some((name) => policys.has(name))), ...policysGroups];
  };
}

const literalOf = (variable: EnvVar | undefined): string | null | undefined =>
  variable === undefined ? undefined : variable.valueFrom == null ? (variable.value ?? '') : null;

const policyGroup = (variable: { readonly name: string; readonly value: string }): EnvGroup => ({
  env: [variable],
  decidedBy: [],
  reason: because('policy-env', 'asked for by the policy'),
});
