import type { ClusterAccess } from '../../cluster/access.js';
import type { StringMap } from '../../model/kubernetes.js';
import { messageOf } from '../../model/problem.js';
import type { Policy } from '../../policy/policy.js';
import type { Logger } from '../../telemetry/logger.js';
import { createAlarm } from './alarm.js';

/** The labels of the cluster's namespaces, as they are now. */
export type Namespaces = {
  /** Undefined where they are not known. */
  readonly labelsOf: (namespace: string) => StringMap | undefined;
  /** Whether they have been read at least once. */
  readonly known: () => boolean;
};

/** Whether a policy asks for labels of namespaces, which no request carries. */
export const needsNamespaceLabels = ({ spec }: Policy): boolean =>
  [...spec.rules, ...spec.exemptions].some(({ match }) => match.namespaceLabels !== undefined);

const betweenReadsMs = 2000;
const readEveryMs = 60_000;

/** Reads the labels now, whenever a namespace changes, and every minute; what was read last stays while nobody answers. */
export function followNamespaces(access: ClusterAccess, logger: Logger, signal: AbortSignal): Namespaces {
  let labels: ReadonlyMap<string, StringMap> | undefined;
  const alarm = createAlarm(signal);
  // Nobody rings this one: it ends with the signal only.
  const calm = createAlarm(signal);
  const keepReading = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const namespaces = await access.cluster.listNamespaces();
        labels = new Map(namespaces.map((namespace) => [namespace.name, namespace.labels]));
        failures = 0;
        // Namespaces may change in bursts, and each change rings.
        await calm.wait(betweenReadsMs);
        await alarm.wait(readEveryMs);
      } catch (error) {
        const problem = messageOf(error);
        if (failures === 0) logger.warn({ problem }, 'namespaces cannot be read, trying again');
        await calm.wait(Math.min(1000 * 2 ** failures, readEveryMs));
        failures += 1;
      }
    }
  };
  keepReading();
  access.follow(access.namespaces, alarm.ring, signal).catch((err: unknown) => logger.warn({ err }, 'watch failed'));
  return { labelsOf: (namespace) => labels?.get(namespace), known: () => labels !== undefined };
}
