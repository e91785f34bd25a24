import { X509Certificate } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterAll, expect, test } from '@jest/globals';
import { createTlsServer, type TlsServerLimits, usualLimits } from '../../src/admission/tls-server.js';
import type { CertificatePair } from '../../src/certificates/pair.js';
import { ask, dial, loopbackPair, sayOk, untilClosed } from '../support/tls.js';

const [first, second] = await Promise.all([loopbackPair(), loopbackPair()]);
const bothCas = first.ca + second.ca;
const running: { closeAllConnections(): void; close(): unknown }[] = [];

afterAll(() => {
  for (const server of running) {
    server.closeAllConnections();
    server.close();
  }
});

async function start(limits: Partial<TlsServerLimits> = {}) {
  const tls = createTlsServer(sayOk, first, limits);
  running.push(tls.server);
  return { ...tls, port: await tls.listen(0, '127.0.0.1') };
}

const servedBy = (socket: TLSSocket, pair: CertificatePair): boolean =>
  socket.getPeerX509Certificate()?.fingerprint256 === new X509Certificate(pair.cert).fingerprint256;

test('a client that checks name and CA is served', async () => {
  const { port } = await start();
  const socket = await dial(port, first.ca);
  expect(socket.authorized).toBe(true);
  expect(await ask(socket)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
});

test.each<[string, string, ConnectionOptions]>([
  ['asks for a name that the certificate lacks', first.ca, { servername: 'elsewhere' }],
  ['trusts another CA', second.ca, {}],
])('a client that %s does not trust us', async (_, ca, options) => {
  const { port } = await start();
  await expect(dial(port, ca, options)).rejects.toThrow();
});

test('Node’s own timeouts, which close pooled connections, are off', async () => {
  const { server } = await start();
  const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections } = server;
  expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections }).toEqual({
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    timeout: 0,
    maxConnections: 2000,
  });
});

test('connections idle for longer than Node’s 5 s (and the second it adds) still serve', async () => {
  const { port } = await start();
  const [used, virgin] = await Promise.all([dial(port, first.ca), dial(port, first.ca)]);
  await ask(used);
  await pause(6500);
  expect(await Promise.all([ask(used), ask(virgin)])).toHaveLength(2);
}, 10_000);

test('a new certificate: open connections stay, new ones see it, no request fails', async () => {
  const { port, useCertificate } = await start();
  const open = await Promise.all(Array.from({ length: 8 }, () => dial(port, first.ca)));
  let swapped = false;
  let answered = 0;
  const clients = open.map(async (socket) => {
    for (let after = 0; after < 20; after += swapped ? 1 : 0) {
      await ask(socket);
      answered++;
    }
  });
  const newcomers = Promise.all(
    Array.from({ length: 20 }, async (_, place) => {
      await pause(place * 4);
      const expected = swapped;
      const socket = await dial(port, bothCas);
      await ask(socket);
      // A handshake may begin before the swap and end after it; the reverse would be a fault.
      return !expected || servedBy(socket, second);
    }),
  );
  await pause(40);
  expect(useCertificate(second)).toEqual([]);
  swapped = true;
  await Promise.all(clients);
  expect(answered).toBeGreaterThanOrEqual(8 * 20);
  expect(await newcomers).toEqual(Array.from({ length: 20 }, () => true));
  expect(open.every((socket) => servedBy(socket, first) && !socket.destroyed)).toBe(true);
  expect(servedBy(await dial(port, second.ca), second)).toBe(true);
  await expect(dial(port, first.ca)).rejects.toThrow();
});

const halfGarbage = `${second.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`;

test.each<[string, Partial<CertificatePair>, readonly unknown[]]>([
  ['the key of another', { key: first.key }, ['key does not belong to certificate']],
  ['no key, which Node would not mind', { key: '' }, ['key missing']],
  ['no certificate', { cert: '' }, ['certificate missing']],
  [
    'garbage after its certificate',
    { cert: halfGarbage },
    [expect.stringMatching(/^certificate refused by OpenSSL \(/)],
  ],
])('a new certificate with %s is refused, and the old one serves on', async (_, change, problems) => {
  const { port, useCertificate } = await start();
  const open = await dial(port, first.ca);
  expect(useCertificate({ ...second, ...change })).toEqual(problems);
  await ask(open);
  const newcomer = await dial(port, bothCas);
  await ask(newcomer);
  expect(servedBy(newcomer, first)).toBe(true);
});

test('no server starts without a key', () => {
  expect(() => createTlsServer(sayOk, { ...first, key: '' })).toThrow('cannot serve this certificate: key missing');
});

const offers: readonly [string, ConnectionOptions, string | undefined][] = [
  ['TLS 1.3', { minVersion: 'TLSv1.3' }, 'TLSv1.3'],
  ['TLS 1.2 with ECDHE and AEAD', { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
  ['TLS 1.2 with RSA key exchange', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }, undefined],
  ['TLS 1.2 with CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA256' }, undefined],
  ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, undefined],
];

test.each(offers.flatMap((offer) => [['at the start', ...offer] as const, ['after a swap', ...offer] as const]))(
  '%s, to a client that offers %s',
  async (when, _, options, protocol) => {
    const { port, useCertificate } = await start();
    if (when === 'after a swap') useCertificate(second);
    const dialled = dial(port, bothCas, options);
    if (protocol) expect((await dialled).getProtocol()).toBe(protocol);
    else await expect(dialled).rejects.toThrow();
  },
);

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a %s session is never resumed, also after a swap', async (version) => {
  const { port, useCertificate } = await start();
  useCertificate(second);
  const options = { minVersion: version, maxVersion: version };
  const socket = await dial(port, bothCas, options);
  let session = socket.getSession();
  socket.on('session', (ticket) => {
    session = ticket;
  });
  await ask(socket);
  const next = await dial(port, bothCas, { ...options, ...(session ? { session } : {}) });
  expect(next.isSessionReused()).toBe(false);
});

test.each<[string, string]>([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}'],
  ['a head that never ends', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17 * 1024)}`],
])('a client that sends %s hears 400, and the connection closes', async (_, text) => {
  const { port } = await start();
  const socket = await dial(port, first.ca);
  const received = untilClosed(socket);
  socket.write(text);
  expect(await received).toMatch(/^HTTP\/1.1 400 Bad Request\r\nConnection: close\r\n/);
  await ask(await dial(port, first.ca));
});

test.each<[string, (port: number) => Promise<unknown>]>([
  ['speaks plain HTTP', (port) => tcp(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['sends noise', (port) => tcp(port, '\x16\x03\x01\xff\xff'.repeat(100))],
  ['never says hello', (port) => tcp(port, '')],
  ['resets the connection in the handshake', (port) => tcp(port, '\x16\x03\x01', true)],
  [
    'resets the connection in a request',
    async (port) => abandon(await dial(port, first.ca), 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'),
  ],
  [
    'resets the connection before the answer',
    async (port) => abandon(await dial(port, first.ca), 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1'),
  ],
])('a client that %s is let go, and others are served', async (_, misbehave) => {
  const { server, port } = await start({ handshakeMs: 100 });
  await misbehave(port);
  const socket = await dial(port, first.ca);
  await ask(socket);
  socket.destroy();
  const count = (): Promise<number> => new Promise((resolve) => server.getConnections((_error, open) => resolve(open)));
  for (let tries = 0; tries < 50 && (await count()) > 0; tries++) await pause(10);
  expect(await count()).toBe(0);
});

test('more connections than allowed are dropped, the others live', async () => {
  const { port } = await start({ maxConnections: 2 });
  const kept = [await dial(port, first.ca), await dial(port, first.ca)];
  await expect(dial(port, first.ca)).rejects.toThrow();
  for (const socket of kept) await ask(socket);
});

test('a port that is taken is an error of `listen`', async () => {
  const { port } = await start();
  await expect(createTlsServer(sayOk, first).listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('the usual limits outlast the client’s pool', () => {
  expect(usualLimits.connections.idleMs).toBeGreaterThan(90_000);
  expect(usualLimits.drain.hardStopMs).toBeGreaterThan(90_000);
});

/** Sends a text over plain TCP and waits until the server hangs up, or resets the connection. */
function tcp(port: number, text: string, reset = false): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connectTcp(port, '127.0.0.1', () => {
    socket.write(text);
    if (reset) setTimeout(() => socket.resetAndDestroy(), 10);
  });
  socket.resume();
  socket.on('error', () => undefined);
  socket.on('close', () => resolve());
  return promise;
}

async function abandon(socket: TLSSocket, text: string): Promise<void> {
  socket.on('error', () => undefined);
  socket.write(text);
  await pause(2);
  socket.destroy();
}
