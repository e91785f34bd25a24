import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, createApi } from './api.js';
import { writeKubeconfig } from './kubeconfig.js';
import { aloft } from './objects.js';
import type { ReplicaOptions } from './replica.js';
import type { Suite } from './suite.js';

/**
 * How the kubelet would start a Pod of our Deployment, but for the paths: with the arguments and the environment of its
 * container, the ConfigMaps of its volumes as folders, and the token of its ServiceAccount.
 */
export async function readDeployment(suite: Suite): Promise<Omit<ReplicaOptions, 'name'>> {
  const { api, folder } = suite;
  const deployment = await api.read(`/apis/apps/v1/namespaces/${aloft.namespace}/deployments/aloft`);
  const { volumes = [], containers } = deployment.spec.template.spec as PodSpec;
  const [container] = containers;
  if (container === undefined) throw new Error('the Deployment has no container');
  const folders: [string, string][] = [];
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const configMap = volumes.find((volume) => volume.name === name)?.configMap?.name;
    if (configMap !== undefined) folders.push([mountPath, await copyConfigMap(api, folder.path, configMap)]);
  }
  const localize = (text: string): string =>
    folders.reduce((done, [from, to]) => (done.includes(to) ? done : done.replace(from, to)), text);
  const args = [...(container.args ?? [])].map(localize);
  return {
    // The image's entry point may hold the subcommand, or the arguments.
    args: args[0] === 'serve' ? args.slice(1) : args,
    env: {
      ...Object.fromEntries((container.env ?? []).map((variable) => [variable.name, localize(readVariable(variable))])),
      KUBECONFIG: await accountKubeconfig(suite),
    },
  };
}

/** A kubeconfig with the token of aloft's own ServiceAccount. */
export async function accountKubeconfig({ api, folder, controlPlane }: Suite, server = 0): Promise<string> {
  const token = await accountToken(api);
  const { access } = controlPlane.apiServers[server] ?? controlPlane.apiServers[0];
  return writeKubeconfig(join(folder.path, `aloft-${access.port}.kubeconfig`), { ...access, token });
}

/** The API server as aloft's own ServiceAccount sees it. */
export const accountApi = async ({ api, controlPlane }: Suite): Promise<Api> =>
  createApi({ ...controlPlane.apiServers[0].access, token: await accountToken(api) });

async function accountToken(api: Api): Promise<string> {
  const path = `/api/v1/namespaces/${aloft.namespace}/serviceaccounts/${aloft.serviceAccount}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } };
  const answer = await api.call(path, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`no token: ${answer.body?.message}`);
  return answer.body.status.token;
}

type PodSpec = {
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  readonly containers: readonly {
    readonly args?: readonly string[];
    readonly env?: readonly EnvVar[];
    readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
};
type EnvVar = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
};

function readVariable({ name, value, valueFrom }: EnvVar): string {
  if (valueFrom === undefined) return value ?? '';
  if (valueFrom.fieldRef?.fieldPath === 'metadata.namespace') return aloft.namespace;
  if (valueFrom.fieldRef?.fieldPath === 'metadata.name') return 'aloft-0';
  throw new Error(`no kubelet here fills in ${name} from ${JSON.stringify(valueFrom)}`);
}

async function copyConfigMap(api: Api, folder: string, name: string): Promise<string> {
  const { data = {} } = await api.read(`/api/v1/namespaces/${aloft.namespace}/configmaps/${name}`);
  const copy = join(folder, name);
  mkdirSync(copy, { recursive: true });
  for (const [file, text] of Object.entries(data)) writeFileSync(join(copy, file), String(text));
  return copy;
}
