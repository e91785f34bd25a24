import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import type { Pod } from '../model/kubernetes.js';
import { because, type Reason } from '../model/reason.js';
import { authorsAnnotation } from '../vendors/annotation-reasons.js';
import { authorsLogs, logsAnnotation, logsExclusion } from '../vendors/datadog-autodiscovery.js';
import { datadogTracer } from '../vendors/datadog-tracer.js';
import { identityOf } from '../vendors/identity.js';
import { type IstioLog, logsOfIstio } from '../vendors/istio-logs.js';

const fates = ['collect', 'exclude', 'leave'] as const;
type Fate = (typeof fates)[number];

const settings = z.strictObject({
  proxies: z
    .enum(fates)
    .default('collect')
    .describe(
      "logs of sidecars, gateways, waypoints and ztunnel: `collect` turns them on and names their source, also where the Agent does not collect every container's; `exclude` is for Agents from 7.45 on; `leave` does neither",
    ),
  controlPlane: z.enum(fates).default('collect').describe('the same for logs of istiod and what came before it'),
});
type Settings = z.infer<typeof settings>;

/**
 * Tells Datadog's Agent in which format Istio's containers write logs, or has it leave them out
 * (DataDog/integrations-core istio/README.md).
 *
 * A sidecar is not there yet when a Pod comes to us first, and an annotation for a container that never comes is an error
 * of the Agent's (DataDog/datadog-agent comp/core/autodiscovery/common/utils ValidateAnnotationsMatching). So only
 * containers that are there count: once Istio's injector has changed the Pod, the API server calls us again.
 */
export const proxyLogs: Rule<'Pod', Settings> = {
  id: 'proxy-logs',
  kind: 'Pod',
  summary: "names the source of the logs of Istio's containers for Datadog, or excludes them",
  settings,
  prepare: (chosen) => (pod) => {
    const logs = logsOfIstio(pod);
    if (logs.length === 0) return { skip: because('no-istio-container') };
    const verdicts = logs.map((log) =>
      decideLog(pod, log, log.plane === 'data' ? chosen.proxies : chosen.controlPlane),
    );
    const edits = verdicts.filter((verdict) => 'kind' in verdict);
    const notes = verdicts.filter((verdict) => 'code' in verdict);
    const [first] = notes;
    return edits.length === 0 && first ? { skip: first } : { edits, notes };
  },
};

/** The edit for the logs of one container, or why there is none. */
function decideLog(pod: Pod, { container, source }: IstioLog, fate: Fate): Edit | Reason {
  if (fate === 'leave') return because('logs-left', `the policy leaves the logs of ${container} as they are`);
  const { key, value, reason } = fate === 'exclude' ? exclude(container) : collect(pod, container, source);
  const authors = authorsLogs(pod.metadata?.annotations ?? {}, container, { [key]: value });
  return authors === undefined ? { kind: 'annotation', key, value, reason } : authorsAnnotation(authors);
}

const exclude = (container: string) => ({
  ...logsExclusion(container),
  reason: because('log-exclusion', `the policy excludes the logs of ${container}`),
});

function collect(pod: Pod, container: string, source: IstioLog['source']) {
  const { service } = identityOf(pod, container, { tracer: datadogTracer });
  const from = service === undefined ? '' : `, service from ${service.from}`;
  return {
    ...logsAnnotation(container, source, service?.value),
    reason: because('log-source', `${container} writes ${source} logs${from}`),
  };
}
