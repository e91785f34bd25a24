import type { PodSpec } from './manifests.ts';

const pod = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const container = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
const volumes: ReadonlySet<string> = new Set(['configMap', 'secret', 'emptyDir', 'projected', 'downwardAPI']);
const hostFields = ['hostNetwork', 'hostPID', 'hostIPC'];

/** What a Pod has that the restricted Pod Security Standard forbids, or lacks of it; and of a read-only root. */
export function restricted(spec: PodSpec): readonly string[] {
  const { runAsUser } = spec.securityContext as { readonly runAsUser?: number };
  return [
    ...differences('pod', pod, spec.securityContext),
    ...(runAsUser !== undefined && runAsUser >= 10_000 ? [] : [`pod: runAsUser ${runAsUser}`]),
    ...hostFields.filter((field) => field in spec),
    ...Object.keys(spec).filter((field) => field === 'initContainers' || field === 'ephemeralContainers'),
    ...spec.containers.flatMap(({ securityContext }, at) => [
      ...differences(`containers[${at}]`, container, securityContext),
      // Nothing that loosens it beside what is asked for.
      ...Object.keys(securityContext).filter((field) => !(field in container)),
    ]),
    ...(spec.volumes ?? []).flatMap((volume) =>
      Object.keys(volume).filter((field) => field !== 'name' && !volumes.has(field)),
    ),
  ];
}

const differences = (where: string, wanted: object, found: object): readonly string[] =>
  Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify((found as Record<string, unknown>)[key]) !== JSON.stringify(value))
    .map(([key]) => `${where}: ${key}`);
