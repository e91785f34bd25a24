import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const mainFile = join(root, 'dist/main.js');

/** Sees to it that `dist/` is what `src/` says; two test files may ask at once. */
export async function build(): Promise<void> {
  const lock = join(tmpdir(), `aloft-build-${process.getuid?.() ?? 0}`);
  const since = Date.now();
  while (!take(lock)) {
    if (Date.now() - since > 30_000) throw new Error(`somebody else builds forever; if not so, remove ${lock}`);
    await pause(50);
  }
  try {
    if (!isBuilt())
      execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
        cwd: root,
        stdio: 'inherit',
      });
  } finally {
    rmdirSync(lock);
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

const isBuilt = (): boolean =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .every((name) => {
      const made = statSync(join(root, 'dist', name.replace(/ts$/, 'js')), { throwIfNoEntry: false });
      return made !== undefined && made.mtimeMs >= statSync(join(root, 'src', name)).mtimeMs;
    });

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A process of aloft, and what it has said so far. */
export type Running = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The lines of its log, as far as they are JSON. */
  readonly lines: () => readonly Record<string, unknown>[];
  readonly ended: Promise<Ended>;
};

/** The environment of this process, without what would set aloft, its colours or its width. */
const plainEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(ALOFT_|COLUMNS$|FORCE_COLOR$|NO_COLOR$|NODE_OPTIONS$)/.test(name)),
);

export function start(
  args: readonly string[],
  { env = {}, node = [] as readonly string[], cwd = tmpdir() } = {},
): Running {
  const child = spawn(process.execPath, [...node, mainFile, ...args], { cwd, env: { ...plainEnv, ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const lines = () =>
    err
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line));
  return { child, out: () => out, err: () => err, lines, ended };
}

/** Ports that nobody listens on just now. */
export async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

type Post = {
  readonly port: number;
  readonly ca: string;
  readonly body: string | Buffer;
  readonly agent?: import('node:https').Agent;
};
export type Answered = { readonly status: number; readonly headers: Record<string, unknown>; readonly text: string };

/** Sends a review as the API server does: it checks the certificate's CA and name. */
export function postReview({ port, ca, body, agent }: Post): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        ca,
        servername: 'aloft.aloft-system.svc',
        method: 'POST',
        path: '/mutate?timeout=3s',
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
        agent: agent ?? false,
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (data) => {
          text += data;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject).end(body);
  });
}
