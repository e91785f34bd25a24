import { readFolder } from '../certificates/folder.js';
import { parseConfiguration } from '../certificates/keeper.js';
import { checkKey, checkPair } from '../certificates/pair.js';
import { describePair, describeStatus } from '../certificates/status.js';
import { parseStored, rotateKey } from '../certificates/stored.js';
import type { ClusterAccess } from '../cluster/access.js';
import { messageOf } from '../model/problem.js';
import { showFolder, showInstallation } from './certs-text.js';
import { serviceNames } from './defaults.js';
import { type ExitCode, exit, type Terminal, usageError } from './terminal.js';

export type CertsOptions = {
  readonly certSecret: string;
  readonly service: string;
  readonly namespace: string;
  readonly webhookConfiguration: readonly string[];
};
export type StatusOptions = CertsOptions & { readonly output: 'text' | 'json'; readonly certDir?: string };
export type RotateOptions = CertsOptions & { readonly compromised?: boolean };

/** Says what is served, who trusts it, and what is wrong. */
export async function showStatus(options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const { certDir, output } = options;
  if (certDir !== undefined) return await showFolderStatus(certDir, output, terminal);
  return await withCluster(options, terminal, async ({ cluster }) => {
    const { value: secret, at } = await cluster.readSecret();
    const { namespace, service, certSecret } = options;
    const configurations = (await cluster.readWebhookConfigurations()).map((configuration) =>
      parseConfiguration(configuration, { namespace, name: service }),
    );
    const kept = {
      secret: secret === undefined ? ('absent' as const) : parseStored(secret, serviceNames(service, namespace)),
      configurations,
    };
    const status = describeStatus(kept, at.getTime());
    const text = output === 'json' ? asJson(status) : showInstallation(`${namespace}/${certSecret}`, status);
    terminal.out(text);
    return status.problems.length === 0 ? exit.clean : exit.findings;
  });
}

/** Asks the replicas for a rotation; they see it within seconds. */
export async function rotate(options: RotateOptions, terminal: Terminal): Promise<ExitCode> {
  const { namespace, certSecret, compromised = false } = options;
  return await withCluster(options, terminal, async ({ cluster }) => {
    for (let tries = 0; tries < 5; tries++) {
      const { value: secret } = await cluster.readSecret();
      if (secret === undefined)
        return usageError(terminal, [`Secret ${namespace}/${certSecret} is not there: is aloft installed?`]);
      // The stronger wish stands.
      const wish = compromised || secret.annotations[rotateKey] === 'compromised' ? 'compromised' : 'now';
      const annotations = { [rotateKey]: wish };
      if ((await cluster.patchSecret({ version: secret.version, annotations, data: {} })) === 'conflict') continue;
      terminal.err(`asked for a rotation of ${namespace}/${certSecret}; see it with: aloft certs status\n`);
      return exit.clean;
    }
    return usageError(terminal, [`Secret ${namespace}/${certSecret} changes too often, try again`]);
  });
}

async function showFolderStatus(dir: string, output: StatusOptions['output'], terminal: Terminal): Promise<ExitCode> {
  const folder = await readFolder(dir);
  if ('problems' in folder) return usageError(terminal, folder.problems);
  if ('absent' in folder) return usageError(terminal, [`${dir}: holds no tls.crt, tls.key or ca.crt`]);
  const unreadable = checkKey(folder.pair);
  if (unreadable.length > 0)
    return usageError(
      terminal,
      unreadable.map((problem) => `${dir}: ${problem}`),
    );
  const now = new Date();
  const problems = checkPair(folder.pair, { names: [], now });
  const pair = describePair(folder.pair, now.getTime());
  terminal.out(output === 'json' ? asJson({ ...pair, problems }) : showFolder(dir, pair, problems));
  return problems.length === 0 ? exit.clean : exit.findings;
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Runs what needs the cluster; that it cannot be reached is the user's affair, not a fault of aloft. */
async function withCluster(
  { namespace, certSecret, webhookConfiguration }: CertsOptions,
  terminal: Terminal,
  run: (access: ClusterAccess) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { openCluster } = await import('../cluster/access.js');
  let access: ClusterAccess | undefined;
  try {
    access = openCluster({ namespace, secret: certSecret, webhookConfigurations: webhookConfiguration });
    return await run(access);
  } catch (error) {
    return usageError(terminal, [messageOf(error)]);
  } finally {
    access?.close();
  }
}
