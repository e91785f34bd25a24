import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import { because, type Reason } from '../model/reason.js';
import { type DatadogRole, datadogPod } from '../vendors/datadog-containers.js';
import {
  agentImages,
  completeFilter,
  configurationFilePath,
  containerFilters,
  filterPattern,
} from '../vendors/datadog-filters.js';
import { readEnv } from '../vendors/env-group.js';

const filters = z.array(
  z.string().regex(filterPattern, {
    error: 'expected image:, name: or kube_namespace: and a regular expression without spaces',
  }),
);

const settings = z.strictObject({
  exclude: filters.default([]).describe('containers of which nothing is collected'),
  excludeLogs: filters
    .default([agentImages])
    .describe("containers whose logs are left out; by default the Agents' own, in every registry of Datadog's"),
  excludeMetrics: filters.default([]).describe('containers whose metrics are left out, and for which no check runs'),
  include: filters.default([]).describe('what is collected although `exclude` covers it'),
  includeLogs: filters.default([]).describe('logs that are collected although `excludeLogs` covers them'),
  includeMetrics: filters.default([]).describe('metrics that are collected although `excludeMetrics` covers them'),
  clusterAgent: z
    .boolean()
    .default(false)
    .describe(
      'whether the Cluster Agent gets the lists too, those for logs excepted; there `name:` is the name of a Service, and what matches loses its checks',
    ),
});
type Settings = z.infer<typeof settings>;

/**
 * Tells Datadog's Agent which containers to leave out, beside what its author leaves out
 * (DataDog/datadog-agent pkg/util/containers/filter.go; DataDog/helm-charts _containers-common-env.yaml).
 */
export const agentLogFilter: Rule<'Pod', Settings> = {
  id: 'agent-log-filter',
  kind: 'Pod',
  summary: 'tells the Datadog Agent which containers to leave out, by default its own logs',
  settings,
  prepare: (chosen) => {
    const lists = containerFilters.filter(({ setting }) => chosen[setting].length > 0);
    return (pod) => {
      const known = datadogPod(pod);
      // A cluster checks runner collects no containers, though it runs the same Agent under the same name.
      if (known === undefined || known.recognition.component?.id === 'cluster-checks-runner') {
        return { skip: because('no-datadog-agent') };
      }
      const verdicts = known.containers.flatMap((placed): readonly (Edit | Reason)[] => {
        const read = listsOf(placed.role, lists, chosen);
        if (read.length === 0) return [];
        const file = configurationFilePath(placed);
        if (file !== undefined) {
          return [because('file-may-decide', `datadog.yaml of ${placed.container.name} may hold the lists`, file)];
        }
        const env = readEnv(placed);
        return read.map((list) => completeFilter(list, chosen[list.setting], env));
      });
      const edits = verdicts.filter((verdict) => 'kind' in verdict);
      const notes = verdicts.filter((verdict) => 'code' in verdict);
      const [first] = notes;
      if (verdicts.length === 0) return { skip: because('filters-not-read') };
      return edits.length === 0 && first ? { skip: first } : { edits, notes };
    };
  },
};

const listsOf = (role: DatadogRole, lists: typeof containerFilters, { clusterAgent }: Settings) =>
  role === 'cluster-agent' && !clusterAgent ? [] : lists.filter(({ readBy }) => readBy.includes(role));
