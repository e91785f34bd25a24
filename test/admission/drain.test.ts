import type { RequestListener } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { DrainTimes } from '../../src/admission/drain.js';
import { createTlsServer } from '../../src/admission/tls-server.js';
import { ask, dial, loopbackPair, sayOk, untilClosed, wholeRequest } from '../support/tls.js';

const pair = await loopbackPair();

async function start(times: Partial<DrainTimes> = {}, answerAfterMs = 0) {
  const drain = { minimumMs: 100, hardStopMs: 5000, everyMs: 5, ...times };
  const listener: RequestListener = (request, response) => {
    if (answerAfterMs > 0) setTimeout(sayOk, answerAfterMs, request, response);
    else response.writeHead(200, { 'Content-Length': 2 }).end('ok');
  };
  const tls = createTlsServer(listener, pair, { drain });
  return { ...tls, port: await tls.listen(0, '127.0.0.1') };
}

/** Whether a promise has settled by now. */
const isDone = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), pause(0).then(() => false)]);

test('no request fails while clients keep sending, then the server stops', async () => {
  const { port, drain } = await start({ minimumMs: 300 }, 2);
  const agent = new Agent({ keepAlive: true, ca: pair.ca, servername: 'localhost' });
  let draining = false;
  let leaving = false;
  const seen = { before: 0, during: 0, failed: [] as string[] };
  const client = async (): Promise<void> => {
    while (!leaving) {
      await post(port, agent).catch((error: Error) => seen.failed.push(error.message));
      if (draining) seen.during++;
      else seen.before++;
    }
  };
  const clients = Array.from({ length: 8 }, client);
  while (seen.before < 100) await pause(10);
  draining = true;
  const drained = drain();
  // As in a cluster: clients learn late that the server leaves the endpoints.
  await pause(400);
  while (seen.during < 100) await pause(10);
  expect(await isDone(drained)).toBe(false);
  leaving = true;
  await Promise.all(clients);
  expect(await drained).toEqual({ cut: 0 });
  expect(seen.failed).toEqual([]);
  await expect(dial(port, pair.ca)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('an answer that is still being made asks its client to come elsewhere', async () => {
  const { port, drain } = await start({}, 100);
  const socket = await dial(port, pair.ca);
  const answer = ask(socket);
  await pause(30);
  const drained = drain();
  expect(await answer).toMatch(/\r\nConnection: close\r\n/);
  await drained;
});

test('connections at rest are left alone: each may carry one more request', async () => {
  const { port, drain } = await start();
  const [used, virgin] = await Promise.all([dial(port, pair.ca), dial(port, pair.ca)]);
  expect(await ask(used)).not.toMatch(/\r\nConnection: close\r\n/);
  const drained = drain();
  await pause(200);
  for (const socket of [used, virgin]) {
    expect(await isDone(drained)).toBe(false);
    const closed = untilClosed(socket);
    expect(await ask(socket)).toMatch(/\r\nConnection: close\r\n/);
    await closed;
  }
  expect(await drained).toEqual({ cut: 0 });
});

test('without a client it takes the minimum, and goes on accepting for that long', async () => {
  const { port, drain } = await start({ minimumMs: 200 });
  const started = performance.now();
  const drained = drain();
  await pause(100);
  await ask(await dial(port, pair.ca));
  await drained;
  expect(performance.now() - started).toBeGreaterThan(195);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('at the hard stop what is still open is cut', async () => {
  const { port, drain, server } = await start({ hardStopMs: 200 }, 1000);
  const [working, virgin] = await Promise.all([dial(port, pair.ca), dial(port, pair.ca)]);
  working.write(wholeRequest);
  const closed = Promise.all([
    untilClosed(working),
    untilClosed(virgin),
    new Promise((done) => server.once('close', done)),
  ]);
  expect(await drain()).toEqual({ cut: 2 });
  await closed;
});

test('whoever starts the drain may be in a hurry', async () => {
  const { port, drain } = await start({ minimumMs: 5000 });
  await dial(port, pair.ca);
  const started = performance.now();
  expect(await drain({ minimumMs: 0, hardStopMs: 100, everyMs: 5 })).toEqual({ cut: 1 });
  expect(performance.now() - started).toBeLessThan(2000);
});

test('to drain twice is to drain once', async () => {
  const { drain } = await start();
  expect(drain()).toBe(drain());
  await drain();
});

function post(port: number, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const outgoing = httpsRequest({ port, host: '127.0.0.1', agent, method: 'POST', path: '/mutate' }, (response) => {
    response.resume().on('end', resolve).on('error', reject);
    if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`));
  });
  outgoing.on('error', reject).end('{}');
  return promise;
}
