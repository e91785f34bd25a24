import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { splitDocuments } from '../../manifests/split.js';
import type { Source } from '../inputs/inputs.js';
import type { DryRun } from './dry-run.js';
import { carryOut, type Job } from './job.js';

/** What one more thread has to have to do, in characters: to start it takes as long as to review 100 kB. */
const worthAThread = 1_000_000;
const mostThreads = 8;

/** What a thread is given, and what it says. */
export type Share = { readonly job: Job; readonly sources: readonly Source[] };
export type Told = { readonly objects: number } | { readonly run: DryRun };

/** Carries out a job on all texts, in several threads where there is much of them; the order is that of the texts. */
export async function dryRunInThreads(
  sources: readonly Source[],
  job: Job,
  progress: (objects: number) => void,
): Promise<DryRun> {
  const size = sources.reduce((sum, { text }) => sum + text.length, 0);
  const threads = Math.min(Math.ceil(size / worthAThread), availableParallelism(), mostThreads);
  const [own = [], ...others] = threads > 1 ? share(sources, size / threads) : [sources];
  const counts = [0];
  const count = (index: number) => (objects: number) => {
    counts[index] = objects;
    progress(counts.reduce((sum, one) => sum + one, 0));
  };
  const theirs = others.map((part, index) => inThread({ job, sources: part }, count(index + 1)));
  const runs = [carryOut(job, own, count(0)), ...(await Promise.all(theirs))];
  return {
    manifests: runs.flatMap(({ manifests }) => manifests),
    problems: runs.flatMap(({ problems }) => problems),
    faults: runs.flatMap(({ faults }) => faults),
    suppressions: runs.flatMap(({ suppressions }) => suppressions),
    exempted: runs.flatMap(({ exempted }) => exempted),
  };
}

function inThread(share: Share, progress: (objects: number) => void): Promise<DryRun> {
  const { promise, resolve, reject } = Promise.withResolvers<DryRun>();
  const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: share });
  thread.on('message', (told: Told) => ('run' in told ? resolve(told.run) : progress(told.objects)));
  thread.once('error', reject);
  thread.once('exit', (code) => reject(new Error(`a thread ended with code ${code}`)));
  return promise;
}

/** Texts in parts of about this size, in their order; a large one is parted between its documents. */
function share(sources: readonly Source[], size: number): readonly (readonly Source[])[] {
  const parts: Source[][] = [[]];
  let left = size;
  const put = (source: Source): void => {
    if (left <= 0) {
      parts.push([]);
      left += size;
    }
    parts.at(-1)?.push(source);
    left -= source.text.length;
  };
  for (const source of sources) {
    if (source.text.length < worthAThread / 10) put(source);
    else for (const piece of pieces(source)) put(piece);
  }
  return parts;
}

/** A large text as texts of a few documents each, which know on which line they start. */
function pieces({ file, text, startLine = 1 }: Source): readonly Source[] {
  const found: Source[] = [];
  let line = startLine;
  let piece: string[] = [];
  let length = 0;
  const end = (): void => {
    const joined = piece.join('');
    found.push({ file, text: joined, startLine: line });
    line += joined.split('\n').length - 1;
    piece = [];
    length = 0;
  };
  for (const document of splitDocuments(text)) {
    piece.push(document);
    length += document.length;
    // What follows on the same line has to know its column.
    if (length > worthAThread / 20 && document.endsWith('\n')) end();
  }
  if (piece.length > 0) end();
  return found;
}
