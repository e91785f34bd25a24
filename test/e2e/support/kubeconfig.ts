import { writeFileSync } from 'node:fs';
import type { Access } from './api.js';

/** Writes a kubeconfig for one user of one API server. */
export function writeKubeconfig(path: string, { port, ca, token }: Omit<Access, 'minor'>): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'e2e',
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
        },
      },
    ],
    users: [{ name: 'e2e', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    'current-context': 'e2e',
  };
  // JSON is YAML, and every reader of kubeconfigs takes it.
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
