import type { Edit } from '../model/edit.js';
import { containerPath } from '../model/field-paths.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import type { ContainerEnv } from './env-group.js';

/** How a Pod's containers come by the sockets of the node's agent: the volume they share, and a mount in each. */
export type AgentSocket = {
  readonly edits: readonly Edit[];
  readonly mountIn: (container: Pick<ContainerEnv, 'placed' | 'ref'>) => Mount;
};

/** The mount in one container; not usable where something else is in the way, as the notes say. */
export type Mount = { readonly usable: boolean; readonly edits: readonly Edit[]; readonly notes: readonly Reason[] };

const unusable = (...notes: readonly Reason[]): Mount => ({ usable: false, edits: [], notes });

/** For tracers that reach their agent otherwise. */
export const noSocket: AgentSocket = { edits: [], mountIn: () => unusable() };

const volumeName = 'datadog';
const evictionAnnotation = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';

/** The folder of the agent's sockets as a volume of the Pod: its own where it has one, or a new one. */
export function socketOf(pod: Pod, directory: string): AgentSocket {
  const volumes = pod.spec?.volumes ?? [];
  const reason = because('agent-socket', `the agent's sockets in ${directory}`);
  const own = volumes.find(({ name, hostPath }) => name !== volumeName && samePath(hostPath?.path, directory));
  if (own !== undefined) return { edits: [], mountIn: mountFrom(own.name, directory, reason) };
  const index = volumes.findIndex(({ name }) => name === volumeName);
  const taken = volumes[index];
  if (taken !== undefined && !samePath(taken.hostPath?.path, directory)) {
    const note = because('volume-name-taken', `volume ${volumeName} is not ${directory}`, ['spec', 'volumes', index]);
    return { edits: [], mountIn: () => unusable(note) };
  }
  const volume = taken ?? { name: volumeName, hostPath: { path: directory, type: 'DirectoryOrCreate' } };
  return {
    edits: [{ kind: 'volume', volume, reason }, evictionEdit(pod, reason)],
    mountIn: mountFrom(volumeName, directory, reason),
  };
}

const samePath = (path: string | undefined, directory: string): boolean => path?.replace(/\/$/, '') === directory;

/** Without this annotation the cluster autoscaler would never again remove a node that runs such a Pod. */
function evictionEdit(pod: Pod, reason: Reason): Edit {
  const authors = annotationOf(pod, evictionAnnotation);
  const edit = { kind: 'annotation', key: evictionAnnotation, reason } as const;
  if (authors === undefined) return { ...edit, value: volumeName };
  const names = authors.split(',').map((name) => name.trim());
  const value = names.includes(volumeName) ? authors : authors === '' ? volumeName : `${authors},${volumeName}`;
  return { ...edit, value, replaces: authors };
}

const mountFrom =
  (volume: string, directory: string, reason: Reason): AgentSocket['mountIn'] =>
  ({ placed, ref }) => {
    const mounts = placed.container.volumeMounts ?? [];
    const index = mounts.findIndex(({ mountPath }) => samePath(mountPath, directory));
    const present = mounts[index];
    if (present !== undefined && present.name !== volume) {
      const message = `${directory} of ${ref.name} is mounted from ${present.name}`;
      return unusable(because('volume-name-taken', message, containerPath(placed, 'volumeMounts', index)));
    }
    const mount = present ?? { name: volume, mountPath: directory, readOnly: true };
    return { usable: true, edits: [{ kind: 'volumeMount', container: ref, mount, reason }], notes: [] };
  };
