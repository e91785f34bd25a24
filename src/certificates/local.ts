import { readFolder, writeFolder } from './folder.js';
import { issuePair } from './issue.js';
import { type CertificatePair, checkPair, isIssuedBy, renewalOf } from './pair.js';

/** What a local certificate is for. */
export type LocalDemand = { readonly names: readonly string[]; readonly ips: readonly string[]; readonly now: Date };

/** The pair to serve, whether it was made just now, and what its clients may miss; or why there is none. */
export type Local = LocalPair | { readonly problems: readonly string[] };
export type LocalPair = {
  readonly pair: CertificatePair;
  readonly made: boolean;
  readonly warnings: readonly string[];
};

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
    // Which name its clients verify, only they know: a missing one is no reason not to serve.
    const problems = checkPair(pair, { names: [], now });
    if (problems.length > 0) return { problems: problems.map((problem) => explain(dir, problem)) };
    return { pair, made: false, warnings: checkPair(pair, { names, now }).map((problem) => `${dir}: ${problem}`) };
  }
  const isGood = checkPair(pair, { names: [...names, ...ips], now }).length === 0 && now < renewalOf(pair);
  return isGood ? { pair, made: false, warnings: [] } : await make(dir, demand);
}

async function make(dir: string, demand: LocalDemand): Promise<Local> {
  const pair = await issuePair({ ...demand, lifetimeDays: 90, subject });
  const problems = await writeFolder(dir, pair);
  return problems.length === 0 ? { pair, made: true, warnings: [] } : { problems };
}

const explain = (dir: string, problem: string): string =>
  `${dir}: ${problem}; put a good pair there, or remove ca.crt, tls.crt and tls.key to have them made anew`;

/** What tells our own pairs from those that somebody else put into the folder. */
const subject = 'aloft local';
