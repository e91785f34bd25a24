import { fileURLToPath } from 'node:url';
import { createApi, jsonPatch } from './api.js';
import { readDeployment } from './deployment.js';
import { hasTracer, pod } from './load.js';
import { aloft, paths, setEndpoints } from './objects.js';
import { until } from './poll.js';
import { type Replica, startReplica } from './replica.js';
import type { Suite } from './suite.js';

const manifests = fileURLToPath(new URL('../../../manifests', import.meta.url));

/** aloft as `manifests/` install it, with replicas that this suite runs in the kubelet's place. */
export type Installation = {
  readonly replicas: readonly Replica[];
  /** From the start of the replicas until Pods are mutated by every API server. */
  readonly readyInMs: number;
  /** Starts one more replica, which gets no requests until it is routed to. */
  readonly startReplica: (flags?: readonly string[]) => Promise<Replica>;
  /** Makes the Service lead to these ports, as the endpoint controller would once the Pods are ready. */
  readonly route: (ports: readonly { readonly port: number }[]) => Promise<void>;
  /** The policy as the replicas see it mounted. */
  readonly policyFile: string;
  /** What a user types to upgrade. */
  readonly applyAgain: () => Promise<void>;
  /** Kills every replica, and removes the webhook configuration. */
  readonly remove: () => Promise<void>;
};

export type InstallOptions = {
  readonly replicas?: number;
  readonly failurePolicy?: 'Ignore' | 'Fail';
  /** Added to the arguments of the Deployment. */
  readonly flags?: readonly string[];
};

/** Installs as if for the first time: no certificate is there, and no trust in one. */
export async function install(suite: Suite, options: InstallOptions = {}): Promise<Installation> {
  const { api, folder, address } = suite;
  const { replicas: wanted = 2, failurePolicy = 'Ignore', flags = [] } = options;
  await removeTraces(suite);
  await applyManifests(suite);
  await setFailurePolicy(suite, failurePolicy);
  const deployment = await readDeployment(suite);
  const replicas: Replica[] = [];
  const start = async (more: readonly string[] = []): Promise<Replica> => {
    const name = `aloft-${++started}`;
    const replica = await startReplica(folder, { ...deployment, name, args: [...deployment.args, ...flags, ...more] });
    replicas.push(replica);
    return replica;
  };
  const route = (ports: readonly { readonly port: number }[]): Promise<void> =>
    setEndpoints(
      api,
      { namespace: aloft.namespace, name: aloft.service },
      { address, ports: ports.map(({ port }) => port), portName: 'https' },
    );
  const since = performance.now();
  await Promise.all(Array.from({ length: wanted }, () => start()));
  await Promise.all(replicas.map(({ untilReady }) => untilReady()));
  await route(replicas);
  if (wanted > 0) await untilMutated(suite);
  return {
    replicas,
    readyInMs: performance.now() - since,
    startReplica: start,
    route,
    policyFile: deployment.env?.['ALOFT_POLICY'] ?? '',
    applyAgain: () => applyManifests(suite),
    remove: async () => {
      await api.call(paths.configuration(), { method: 'DELETE' });
      await Promise.all(replicas.map((replica) => replica.end('SIGKILL')));
    },
  };
}

let started = 0;

/** Takes away what an earlier installation left. */
async function removeTraces({ api }: Suite): Promise<void> {
  await api.call(paths.configuration(), { method: 'DELETE' });
  await api.call(paths.secret, { method: 'DELETE' });
}

/** What a user types. */
export async function applyManifests({ kubectl, controlPlane }: Suite): Promise<void> {
  const { minor } = controlPlane;
  await kubectl(['apply', '-k', `${manifests}/${minor < 25 ? 'overlays/kubernetes-1.20' : 'base'}`]);
  // API servers from 1.21 on do this themselves, and the manifests do it for our own namespace.
  if (minor < 21)
    await kubectl(['label', 'namespace', 'kube-system', 'kubernetes.io/metadata.name=kube-system', '--overwrite']);
}

/** The time that a webhook gets is more than a user gives it: a machine that is short of CPU is not what is tried. */
async function setFailurePolicy({ api }: Suite, failurePolicy: 'Ignore' | 'Fail'): Promise<void> {
  const { webhooks } = await api.read(paths.configuration());
  const wanted = Object.entries({ failurePolicy, timeoutSeconds: 30 });
  const body = webhooks.flatMap((_: unknown, index: number) =>
    wanted.map(([key, value]) => ({ op: 'replace', path: `/webhooks/${index}/${key}`, value })),
  );
  await api.call(paths.configuration(), { method: 'PATCH', body, contentType: jsonPatch });
}

/** Waits until every API server has Pods mutated; they learn of a configuration each in its own time. */
export async function untilMutated({ controlPlane }: Suite, isMutated = hasTracer, namespace = 'default') {
  for (const { access } of controlPlane.apiServers) {
    const api = createApi(access);
    await until('Pods are mutated', async () => {
      const { status, body } = await api.call(`${paths.pods(namespace)}?dryRun=All`, { method: 'POST', body: pod });
      if (status !== 201) throw new Error(body?.message);
      return isMutated(body);
    });
    api.close();
  }
}
