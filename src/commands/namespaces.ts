import type { ClusterAccess } from '../cluster/access.js';
import type { StringMap } from '../model/kubernetes.js';
import type { Policy } from '../policy/policy.js';
import type { Logger } from '../telemetry/logger.js';
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

/** Reads the labels now, whenever a namespace changes, and every minute; what was read last stays while nobody answers. */
export function followNamespaces(access: ClusterAccess, logger: Logger, signal: AbortSignal): Namespaces {
  let labels: ReadonlyMap<string, StringMap> | undefined;
  const alarm = createAlarm(signal);
  const keepReading = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const namespaces = await access.cluster.listNamespaces();
        labels = new Map(namespaces.map((namespace) => [namespace.name, namespace.labels]));
      } catch (error) {
        logger.warn({ problem: error instanceof Error ? error.message : String(error) }, 'namespaces cannot be read');
      }
      await alarm.wait(labels === undefined ? 2000 : 60_000);
    }
  };
  keepReading();
  access.follow(access.namespaces, alarm.ring, signal).catch((err: unknown) => logger.warn({ err }, 'watch failed'));
  return { labelsOf: (namespace) => labels?.get(namespace), known: () => labels !== undefined };
}
