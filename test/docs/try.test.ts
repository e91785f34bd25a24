import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { isExcerpt } from '../../scripts/pages.ts';
import { freePorts } from '../support/program.js';
import { readText, root } from './files.ts';

// What `make run` starts once the build is there; on ports of its own, so that one may be running beside the tests.
const [port, metricsPort] = await freePorts();
const certDir = mkdtempSync(join(tmpdir(), 'aloft-try-'));
const started: ChildProcess[] = [];

afterAll(() => {
  // Whatever a test that failed left behind; it takes the webhook with it, and nothing of it keeps the tests waiting.
  for (const child of started) {
    child.kill('SIGTERM');
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
  rmSync(certDir, { recursive: true });
});

test('the build is there: npm run build', () => expect(existsSync(`${root}dist/main.js`)).toBe(true));

test('make run shows what the README says, in 80 columns, and ends with code 0 on Ctrl-C', async () => {
  const child = start();
  const output = await readUntil(child, 'Ctrl-C stops it.');
  expect(isExcerpt(shownInReadme(), settled(output)) ? shownInReadme() : settled(output)).toBe(shownInReadme());
  expect(
    settled(output)
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
}, 30_000);

test('Ctrl-C at any moment ends make run and its webhook', async () => {
  for (const moment of ['serving', 'Sending it a Pod', 'Its log follows']) {
    const child = start();
    await readUntil(child, moment);
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect([moment, ...(await ended)]).toEqual([moment, expect.any(Number), null]);
    expect(await isFree(port)).toBe(true);
  }
}, 60_000);

test('make run says which port is in use, and ends with another code', async () => {
  const other = createServer().listen(port);
  await once(other, 'listening');
  const child = start();
  const ended = once(child, 'exit');
  const output = await readUntil(child, 'is in use');
  expect(output).toContain(`port ${port} is in use`);
  expect(await ended).toEqual([2, null]);
  other.close();
}, 30_000);

function start(): ChildProcess {
  const child = spawn(process.execPath, ['scripts/try.ts'], {
    cwd: root,
    env: {
      ...process.env,
      ALOFT_HTTPS_PORT: String(port),
      ALOFT_METRICS_PORT: String(metricsPort),
      ALOFT_CERT_DIR: certDir,
      NODE_OPTIONS: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

/** Whether nobody listens on a port, now or soon. */
async function isFree(wanted: number | undefined): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    const server = createServer().listen(wanted);
    const took = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    server.close();
    if (took) return true;
    await pause(100);
  }
  return false;
}

/** What a process prints until it prints this, or ends. */
function readUntil(child: ChildProcess, wanted: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(wanted)) resolve(output);
    });
  }
  child.once('exit', () => resolve(output));
  return promise;
}

const shownInReadme = (): string => /```text\n(Starting the webhook[\s\S]*?)```/.exec(readText('README.md'))?.[1] ?? '';

/** As it would be with the settings that the README assumes. */
const settled = (output: string): string =>
  `${output.replaceAll(String(port), '8443').replaceAll(certDir, './certs').trimEnd()}\n`;
