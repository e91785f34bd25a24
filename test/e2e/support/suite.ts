import { type Api, createApi } from './api.js';
import { findAssets } from './assets.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { createKubectl, type Kubectl } from './kubectl.js';
import { hostAddress } from './ports.js';
import { createRunFolder, type RunFolder } from './run-folder.js';
import { createTable, type Table } from './table.js';

/** What every scenario works with: one cluster, and the table of what was tried in it. */
export type Suite = {
  readonly folder: RunFolder;
  readonly controlPlane: ControlPlane;
  /** Both for the administrator. */
  readonly kubectl: Kubectl;
  readonly api: Api;
  readonly table: Table;
  /** Where the API servers find what listens on this machine. */
  readonly address: string;
};

/** Scenarios are written down before the cluster is there, so they get at it through a function. */
export type GetSuite = () => Suite;

export async function startSuite(): Promise<Suite> {
  const assets = findAssets();
  const address = hostAddress();
  const folder = createRunFolder();
  try {
    const controlPlane = await startControlPlane(folder, assets);
    const [{ kubeconfig, access }] = controlPlane.apiServers;
    const kubectl = createKubectl(assets.kubectl, folder, kubeconfig);
    return { folder, controlPlane, kubectl, api: createApi(access), table: createTable(), address };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Stops everything, and leaves nothing behind. */
export async function stopSuite({ api, folder }: Suite): Promise<void> {
  api.close();
  await folder.remove();
}
