import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a run keeps its files. */
export type RunFolder = { readonly path: string; readonly remove: () => Promise<void> };

/**
 * A folder, watched over by a shell that outlives this process: when this one ends, in whatever way, the shell kills
 * the processes whose ids stand in `pids/` and removes the folder. Without it, a killed run leaves an API server behind.
 */
export function createRunFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'aloft-e2e-'));
  for (const part of ['pids', 'logs']) mkdirSync(join(path, part));
  // Whoever wants to read the logs afterwards sets the variable, and removes the folder.
  const keepsFiles = process.env['ALOFT_E2E_KEEP'] ?? '';
  const keeper = spawn('sh', ['-c', keep, 'keeper', path, keepsFiles], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => {
    keeper.once('close', () => resolve());
  });
  return {
    path,
    remove: () => {
      keeper.stdin.end();
      return gone;
    },
  };
}

/** Reads until the other end of its input is closed, be it because the process that held it is dead. */
const keep = `
cat >/dev/null
for pid in "$1"/pids/*; do [ -e "$pid" ] && kill -9 "\${pid##*/}"; done
sleep 0.2
[ -n "$2" ] || rm -rf "$1"
`;
