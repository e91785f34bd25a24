import { readFolder } from '../../certificates/folder.js';
import { openLocal } from '../../certificates/local.js';
import { type CertificatePair, checkPair, expiryOf, fitsTogether } from '../../certificates/pair.js';
import type { Telemetry } from './current-policy.js';

/** Where a server's certificate comes from, and what becomes of it. */
export type CertificateSource = {
  /** Hands over the first pair as soon as there is one, and every later one; told why not, it goes on with the old. */
  readonly start: (serve: (pair: CertificatePair) => readonly string[]) => void;
  /** Why nobody could be served now. */
  readonly problems: (now: Date) => readonly string[];
  readonly stop: () => void;
};

export type FolderDemand = { readonly dir: string; readonly names: readonly string[]; readonly ips: readonly string[] };

/** How often the folder is looked at; a mounted Secret changes in minutes. */
const lookEveryMs = 2000;

/** A folder that somebody else keeps, or that aloft fills itself where there is none; followed as it changes. */
export async function openFolder(
  { dir, names, ips }: FolderDemand,
  { logger, metrics }: Telemetry,
): Promise<CertificateSource | { readonly unusable: readonly string[] }> {
  const local = await openLocal(dir, { names, ips, now: new Date() });
  if ('problems' in local) return { unusable: local.problems };
  let served = local.pair;
  let seen = served;
  let timer: NodeJS.Timeout | undefined;
  const publish = () => metrics.certificateExpiry.set(expiryOf(served).getTime() / 1000);

  const reload = async (serve: (pair: CertificatePair) => readonly string[]): Promise<void> => {
    const folder = await readFolder(dir);
    // Half a pair is what a writer leaves for a moment; if it stays so, the expiry metric tells in time.
    if (!('pair' in folder) || !fitsTogether(folder.pair) || isSame(folder.pair, seen)) return;
    seen = folder.pair;
    const problems = [...checkPair(seen, { names: [], now: new Date() })];
    if (problems.length === 0) problems.push(...serve(seen));
    metrics.certificateReloads.inc({ result: problems.length === 0 ? 'loaded' : 'rejected' });
    if (problems.length > 0) {
      logger.error({ dir, problems }, 'certificate rejected, the last good one is served');
      return;
    }
    served = seen;
    publish();
    logger.info({ dir, expires: expiryOf(served).toISOString() }, 'certificate loaded');
  };

  return {
    start: (serve) => {
      serve(served);
      publish();
      logger.info({ dir, made: local.made, expires: expiryOf(served).toISOString() }, 'certificate');
      for (const warning of local.warnings) logger.warn({ warning }, 'certificate');
      const look = () =>
        reload(serve).catch((err: unknown) => logger.error({ err }, 'certificate could not be reloaded'));
      timer = setInterval(look, lookEveryMs);
    },
    problems: (now) => checkPair(served, { names: [], now }),
    stop: () => clearInterval(timer),
  };
}

const isSame = (one: CertificatePair, other: CertificatePair): boolean =>
  one.cert === other.cert && one.key === other.key && one.ca === other.ca;
