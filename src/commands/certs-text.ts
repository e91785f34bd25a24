import type { GenerationStatus, PairStatus, Status, WebhookStatus } from '../certificates/status.js';
import { wrap } from '../reports/wrap.js';

/** What `aloft certs status` prints about an installation: one screen, 80 columns where names allow. */
export function showInstallation(secret: string, { phase, generations, webhooks, problems }: Status): string {
  return lines([
    `Secret ${secret}: ${phase}`,
    ...generations.flatMap((generation) => [`  ${titleOf(generation)}`, ...indent(showPair(generation))]),
    '',
    ...webhooks.map(showWebhook),
    ...(webhooks.length === 0 ? [] : ['']),
    ...showProblems(problems),
  ]);
}

/** The same of a folder. */
export function showFolder(folder: string, pair: PairStatus, problems: readonly string[]): string {
  return lines([`Folder ${folder}`, ...indent(showPair(pair)), '', ...showProblems(problems)]);
}

const titleOf = ({ slot, ca }: GenerationStatus): string => `${slot}, under the CA ${shorten(ca)}`;

function showPair({ chain, names, notBefore, notAfter, daysLeft }: PairStatus): readonly string[] {
  const [first, ...others] = names;
  return [
    `chain  ${chain.join(' <- ')}`,
    `names  ${first}`,
    ...others.map((name) => `       ${name}`),
    `valid  ${minute(notBefore)} to ${minute(notAfter)}, ${daysLeft} days left`,
  ];
}

/** Nobody needs the seconds. */
const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')}Z`;

function showWebhook({ configuration, webhook, trusts, foreign }: WebhookStatus): string {
  const whom = [...trusts.map(shorten), ...(foreign ? ['what is none of ours'] : [])];
  return `${configuration} ${webhook}\n  trusts ${whom.join(', ') || 'nobody'}`;
}

/** A fingerprint is told from others by its beginning. */
const shorten = (ca: string): string => (ca.length > 20 ? ca.slice(0, 11) : ca);

const showProblems = (problems: readonly string[]): readonly string[] =>
  problems.length === 0 ? ['All is well.'] : ['Problems:', ...problems.flatMap((problem) => wrap(problem, 2))];

const indent = (texts: readonly string[]): readonly string[] => texts.map((text) => `    ${text}`);

const lines = (texts: readonly string[]): string => `${texts.join('\n')}\n`;
