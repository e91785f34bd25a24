import { createCluster, type OwnObjects } from './client.js';
import type { Cluster } from './cluster.js';
import { connect } from './connection.js';
import { follow, paths, type Watched } from './follow.js';

/** Everything that can be done with the cluster: the calls, and what says that it is time for one. */
export type ClusterAccess = {
  readonly cluster: Cluster;
  /** The address of the API server. */
  readonly server: string;
  readonly follow: (watched: Watched, changed: () => void, signal: AbortSignal) => Promise<void>;
  /** The objects on which certificates depend. */
  readonly certificateObjects: readonly Watched[];
  readonly namespaces: Watched;
  /** Gives up whatever is under way; nothing can be asked afterwards. */
  readonly close: () => void;
};

/** Throws where no cluster can be found; whether it answers, the first call tells. */
export function openCluster(own: OwnObjects): ClusterAccess {
  const connection = connect();
  return {
    cluster: createCluster(connection, own),
    server: connection.server,
    follow: (watched, changed, signal) => follow(connection, watched, changed, signal),
    certificateObjects: [
      { path: paths.secretsOf(own.namespace), name: own.secret },
      ...own.webhookConfigurations.flatMap((name) => [
        { path: paths.MutatingWebhookConfiguration, name },
        { path: paths.ValidatingWebhookConfiguration, name },
      ]),
    ],
    namespaces: { path: paths.namespaces },
    close: connection.close,
  };
}
