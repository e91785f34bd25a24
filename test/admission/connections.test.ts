import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterAll, expect, test } from '@jest/globals';
import { createTlsServer } from '../../src/admission/tls-server.js';
import { ask, dial, loopbackPair, sayOk, untilClosed, wholeRequest } from '../support/tls.js';

const pair = await loopbackPair();
const limits = { headMs: 300, bodyMs: 500, idleMs: 2500, everyMs: 10 };
const head = 'POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n';

const listener: RequestListener = (request, response) => {
  if (request.url === '/slow') setTimeout(() => sayOk(request, response), 700);
  else if (request.url === '/nowhere') response.writeHead(404, { 'Content-Length': 2 }).end('ok');
  else sayOk(request, response);
};
const { server, listen } = createTlsServer(listener, pair, { connections: limits });
const port = await listen(0, '127.0.0.1');

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const nowhere = head.replace('mutate', 'nowhere');

type Step = (socket: TLSSocket) => unknown;
const write =
  (text: string): Step =>
  (socket) =>
    socket.write(text);
const drip =
  (text: string): Step =>
  (socket) =>
    trickle(socket, text);
const complete =
  (text = wholeRequest): Step =>
  (socket) =>
    ask(socket, text);
const body = 'x'.repeat(20);

test.concurrent.each<[string, number, readonly Step[]]>([
  ['one byte of a head, and no more', limits.headMs, [write('P')]],
  ['a head byte by byte', limits.headMs, [drip(wholeRequest)]],
  ['half of a second head', limits.headMs, [complete(), write('POST /mut')]],
  ['a head and no body', limits.bodyMs, [write(head)]],
  ['a body byte by byte', limits.bodyMs, [write(head), drip(body)]],
  ['a second body byte by byte', limits.bodyMs, [complete(), write(head), drip(body)]],
  ['no body to a request that was answered without it', limits.bodyMs, [complete(nowhere)]],
  ['nothing at all', limits.idleMs, []],
  ['nothing more after a request', limits.idleMs, [complete()]],
  ['nothing more after another request', limits.idleMs + 500, [complete(), () => pause(500), complete()]],
])('cut: %s', async (_, afterMs, steps) => {
  const socket = await dial(port, pair.ca);
  socket.on('error', () => undefined);
  const closed = untilClosed(socket);
  const started = performance.now();
  for (const step of steps) await step(socket);
  await closed;
  const lived = performance.now() - started;
  expect(lived).toBeGreaterThan(afterMs - 20);
  expect(lived).toBeLessThan(afterMs + 1000);
});

const slowHead = [write(wholeRequest.slice(0, 9)), () => pause(180), complete(wholeRequest.slice(9))];

test.concurrent.each<[string, readonly Step[]]>([
  ['never used', []],
  ['used and idle', [complete()]],
  ['used for a body in two parts', [write(head), () => pause(50), complete(body)]],
  ['used for two heads, each slow but in time', [...slowHead, () => pause(60), ...slowHead]],
  ['whose answer takes us long', [complete(wholeRequest.replace('mutate', 'slow'))]],
  ['answered before its body had come', [complete(nowhere), write(body)]],
  ['used for two requests at once', [write(wholeRequest), complete()]],
])('not cut: a connection %s', async (_, steps) => {
  const socket = await dial(port, pair.ca);
  for (const step of steps) await step(socket);
  await pause(2 * limits.bodyMs);
  expect(await ask(socket)).toMatch(/^HTTP\/1.1 200/);
});

/** Slow enough that no part is whole in time, quick enough that no pause alone is too long. */
async function trickle(socket: TLSSocket, text: string): Promise<void> {
  for (const character of text) {
    if (socket.destroyed) return;
    socket.write(character);
    await pause(30);
  }
}
