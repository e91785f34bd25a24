import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import { because } from '../model/reason.js';
import { agentFeatureIds, agesOf } from '../vendors/datadog-versions.js';

const settings = z.strictObject({
  features: z
    .array(z.enum(agentFeatureIds))
    .min(1)
    .default(['endpoint-checks', 'network-monitoring'])
    .describe(
      'what is asked of Agents: `v2-annotations` where a rule or an author writes them, `ambient` where ztunnel or waypoints are checked, `container-filters` for agent-log-filter; `network-monitoring` counts only where the Pod turns it on',
    ),
});
type Settings = z.infer<typeof settings>;

/** Finds Datadog Agents that are too old for what is asked of them, by their image tags (source: the table in `vendors`). */
export const agentVersion: Rule<'Pod', Settings> = {
  id: 'agent-version',
  kind: 'Pod',
  summary: 'finds Datadog Agents that are too old for what is asked of them',
  finds: ['agent-too-old'],
  settings,
  prepare:
    ({ features }) =>
    (pod) => {
      const ages = agesOf(pod, features);
      if (ages === undefined) return { skip: because('no-datadog-agent') };
      if (ages.tooOld.length > 0) return { violations: ages.tooOld };
      return { skip: ages.unknown[0] ?? because('agent-new-enough') };
    },
};
