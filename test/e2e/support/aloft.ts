import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Said } from './kubectl.js';
import type { Suite } from './suite.js';

/** What `npm run build` wrote. */
export const mainFile = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

/** A run of the command line, as the administrator. */
export const runAloft = ({ controlPlane, folder }: Suite, args: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: folder.path, KUBECONFIG: controlPlane.apiServers[0].kubeconfig };
    execFile(process.execPath, [mainFile, ...args], { cwd: folder.path, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
