/** The built webhook as a process beside this one, and the dry run of the same build. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExplainedOperation } from './explained-diff.ts';

const { env, execPath } = process;
const port = env['ALOFT_HTTPS_PORT'] ?? '8443';
const metricsPort = env['ALOFT_METRICS_PORT'] ?? '9090';

/** Where the webhook is found; `aloft serve` reads the same variables. */
export const settings = {
  url: `https://localhost:${port}`,
  healthUrl: `http://localhost:${metricsPort}`,
  certDir: env['ALOFT_CERT_DIR'] ?? './certs',
};

export type Webhook = {
  /** Whether it serves; where not, `ended` says with which exit code it gave up. */
  readonly ready: boolean;
  readonly ended: Promise<number>;
  readonly stop: (signal: NodeJS.Signals) => void;
  /** Whether Ctrl-C, or another signal, has asked for its end. */
  readonly isAsked: () => boolean;
};

/** Starts `aloft serve` and waits until it is ready; its log goes on to `say`, in lines for people. */
export async function start(say: (line: string) => void): Promise<Webhook> {
  // In a group of its own: a Ctrl-C at the terminal would reach it a second time, and a second one kills.
  const child = spawn(execPath, ['dist/main.js', 'serve', '--log-level', 'info'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  // From the first moment to the last: a signal in between would end us and leave it behind.
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      asked++;
      if (asked === 1) say('\nStopping the webhook …');
      stop(asked === 1 ? 'SIGINT' : 'SIGKILL');
    });
  }
  const serving = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = parseEntry(line);
    for (const shown of entry === undefined ? [line] : showEntry(entry)) say(shown);
    if (entry?.['msg'] === 'serving') serving.resolve();
    if (line.includes('is in use')) say('Or, for example: ALOFT_HTTPS_PORT=9443 ALOFT_METRICS_PORT=9091 make run');
  });
  // Only then is it ours that answers on the port, and not what stood there before.
  const gaveUp = await Promise.race([serving.promise.then(() => false), ended.then(() => true)]);
  const ready = !gaveUp && (await isReady());
  if (!gaveUp && !ready) stop('SIGKILL');
  return { ready, ended, stop, isAsked: () => asked > 0 };
}

async function isReady(): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    const response = await fetch(`${settings.healthUrl}/readyz`).catch(() => undefined);
    if (response?.ok) return true;
    await pause(100);
  }
  process.stderr.write(`make run: ${settings.healthUrl}/readyz does not say that it is ready\n`);
  return false;
}

/** What `aloft review` says about the same request: the patch with its reasons, and what it kept of the author's. */
export async function dryRun(
  review: object,
): Promise<{ readonly patch: readonly ExplainedOperation[]; readonly notes: readonly string[] }> {
  const child = spawn(execPath, ['dist/main.js', 'review', '-', '-o', 'json'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const problems = text(child.stderr);
  child.stdin.end(JSON.stringify(review));
  const report = await text(child.stdout);
  if (report === '') throw new Error(`aloft review did not work: ${await problems}`);
  const [item] = JSON.parse(report).items as readonly {
    readonly patch: readonly ExplainedOperation[];
    readonly findings: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly reasons: readonly { readonly message: string }[];
    }[];
  }[];
  if (item === undefined) throw new Error('aloft review has nothing to say about the Pod');
  const patch = item.patch.map((one) => ({ ...one, path: one.path.replace(/^\/request\/object/, '') }));
  const edited = item.findings.filter(({ outcome }) => outcome === 'edited' || outcome === 'unchanged');
  return { patch, notes: edited.flatMap(({ name, reasons }) => reasons.map(({ message }) => `${message} (${name})`)) };
}

type Entry = Readonly<Record<string, unknown>>;

function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A line of the log for people: when, how grave, what, and its fields, in at most 80 columns. */
function showEntry({ time, level, msg, review, ...fields }: Entry): readonly string[] {
  const words = [`${String(time).slice(11, 19)}`, level === 'info' ? '' : String(level).toUpperCase(), String(msg)];
  for (const [name, value] of Object.entries({ ...fields, ...Object(review) })) {
    words.push(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  return wrapped(words.filter(Boolean), 80);
}

/** Words in lines of at most so many columns; a word that is longer stays whole. */
function wrapped(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = '        ';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
