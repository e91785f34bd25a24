import { readFolder, writeFolder } from './folder.js';
import { issuePair } from './issue.js';
import { type CertificatePair, checkPair, isIssuedBy, renewalOf } from './pair.js';

/** What a local certificate is for. */
export type LocalDemand = { readonly names: readonly string[]; readonly ips: readonly string[]; readonly now: Date };

/** The pair to serve, and whether it was made just now; or why there is none. */
export type Local =
  | { readonly pair: CertificatePair; readonly made: boolean }
  | { readonly problems: readonly string[] };

/**
 * The pair of a folder, for a server without a cluster: made on first start, made anew when it ages or when more is
 * asked of it. Files that somebody else put there are used if they serve, and never overwritten.
 */
export async function openLocal(dir: string, demand: LocalDemand): Promise<Local> {
  const folder = await readFolder(dir);
  if ('problems' in folder) return folder;
  if ('absent' in folder) return await make(dir, demand);

  const { names, ips, now } = demand;
  const { pair } = folder;
  if (!isIssuedBy(pair, `${subject} CA `)) {
    const problems = checkPair(pair, { names, now });
    return problems.length === 0
      ? { pair, made: false }
      : { problems: problems.map((problem) => explain(dir, problem)) };
  }
  const isGood = checkPair(pair, { names: [...names, ...ips], now }).length === 0 && now < renewalOf(pair);
  return isGood ? { pair, made: false } : await make(dir, demand);
}

async function make(dir: string, demand: LocalDemand): Promise<Local> {
  const pair = await issuePair({ ...demand, lifetimeDays: 90, subject });
  const problems = await writeFolder(dir, pair);
  return problems.length === 0 ? { pair, made: true } : { problems };
}

const explain = (dir: string, problem: string): string =>
  `${dir}: ${problem}; put a good pair there, or remove ca.crt, tls.crt and tls.key to have them made anew`;

/** What tells our own pairs from those that somebody else put into the folder. */
const subject = 'aloft local';
