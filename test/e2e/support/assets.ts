import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** The programs of a Kubernetes control plane, each as a path. */
export type Assets = { readonly [name in (typeof programs)[number]]: string };

const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;

/** Finds the programs in the folder that KUBEBUILDER_ASSETS names; says what to install where one is missing. */
export function findAssets(folder = process.env['KUBEBUILDER_ASSETS'] || '/usr/local/kubebuilder/bin'): Assets {
  const missing = programs.filter((name) => !isProgram(join(folder, name)));
  if (missing.length > 0) {
    throw new Error(
      `${folder}: no ${missing.join(', no ')}; the end-to-end suite needs ${programs.join(', ')} in one folder, ` +
        'named by KUBEBUILDER_ASSETS (setup-envtest brings all but kube-controller-manager, which is on dl.k8s.io)',
    );
  }
  return Object.fromEntries(programs.map((name) => [name, join(folder, name)])) as Assets;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
