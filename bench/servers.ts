/** The two servers under test, as processes of their own on a core of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type Running = { readonly port: number; readonly process: ChildProcess };

const ports = { aloft: 18443, bare: 18444 } as const;

/** Starts a server and waits until it accepts connections. aloft comes first: it makes the certificate for both. */
export async function start(name: keyof typeof ports, dir: string, pinned: boolean): Promise<Running> {
  const port = ports[name];
  const certs = join(dir, 'certs');
  const script = new URL(name === 'bare' ? 'bare-server.ts' : '../dist/main.js', import.meta.url).pathname;
  const args =
    name === 'bare'
      ? [script, String(port), certs]
      : [
          script,
          'serve',
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
          '--metrics-port',
          '19090',
          '--cert-dir',
          certs,
        ];
  const command = pinned ? ['taskset', '-c', '0', process.execPath, ...args] : [process.execPath, ...args];
  const log = openSync(join(dir, `${name}.log`), 'a');
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'ignore', log] });
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`${name} does not listen on ${port}: see ${dir}`);
    await pause(100);
  }
  return { port, process: child };
}

export async function stop({ process: child }: Running): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
