import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CertificatePair } from '../../../src/certificates/pair.js';
import { alive } from './control-plane.js';
import { askAfterRest } from './idle.js';
import { freePorts } from './ports.js';
import { startProcess } from './processes.js';
import type { RunFolder } from './run-folder.js';
import type { Server } from './under-load.js';

const program = fileURLToPath(new URL('../twins/slow-webhook.ts', import.meta.url));

/** What starts processes of the slow webhook, which end on SIGTERM in one way or the other. */
export async function slowWebhooks(
  folder: RunFolder,
  { ca, cert, key }: CertificatePair,
  ending: 'drain' | 'close',
): Promise<() => Promise<Server>> {
  const certificates = join(folder.path, `slow-webhook-${ending}`);
  mkdirSync(certificates);
  writeFileSync(join(certificates, 'tls.crt'), cert);
  writeFileSync(join(certificates, 'tls.key'), key);
  return async () => {
    const [port = 0] = await freePorts(1);
    const args = [program, certificates, String(port), ending];
    const running = startProcess(folder, { name: `slow-webhook-${ending}`, program: process.execPath, args });
    const target = { port, ca, serverName: `webhook.e2e-restart-${ending}.svc` };
    await alive(running, async () => (await askAfterRest(target, [0])).failed.length === 0);
    return { port, stop: () => running.end('SIGTERM') };
  };
}
