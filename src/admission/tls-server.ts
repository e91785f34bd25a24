import { constants } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { type CertificatePair, checkKey } from '../certificates/pair.js';
import { messageOf } from '../model/problem.js';
import { type ConnectionLimits, guardConnections } from './connections.js';
import { type Drained, type DrainTimes, prepareDrain } from './drain.js';

/** What the server allows its clients. */
export type TlsServerLimits = {
  readonly handshakeMs: number;
  readonly maxConnections: number;
  readonly connections: ConnectionLimits;
  readonly drain: DrainTimes;
};

/** Chosen for a client that keeps connections for 90 s, some without ever using them, and never sends a POST twice. */
export const usualLimits: TlsServerLimits = {
  handshakeMs: 10_000,
  maxConnections: 2000,
  connections: { headMs: 10_000, bodyMs: 15_000, idleMs: 120_000, everyMs: 1000 },
  drain: { minimumMs: 15_000, hardStopMs: 95_000, everyMs: 100 },
};

export type TlsServer = {
  readonly server: Server;
  /** Serves new connections with this pair; open ones stay. Returns why not, and then nothing changes. */
  readonly useCertificate: (pair: CertificatePair) => readonly string[];
  /** Starts to accept connections; returns the port, which the system chose if 0 was asked for. */
  readonly listen: (port: number, host?: string) => Promise<number>;
  /** Serves until no client is left, then stops; see `prepareDrain`. Times other than the server's are for this once. */
  readonly drain: (times?: DrainTimes) => Promise<Drained>;
};

/** The HTTPS server that the API server talks to. The pair must have passed `checkKey`. */
export function createTlsServer(
  listener: RequestListener,
  pair: CertificatePair,
  limits: Partial<TlsServerLimits> = {},
): TlsServer {
  const { handshakeMs, maxConnections, connections, drain } = { ...usualLimits, ...limits };
  const problems = checkKey(pair);
  if (problems.length > 0) throw new Error(`cannot serve this certificate: ${problems.join(', ')}`);
  const server = createServer(
    {
      ...secureOptions(pair),
      // `guardConnections` does the work of all three.
      keepAliveTimeout: 0,
      headersTimeout: 0,
      requestTimeout: 0,
      handshakeTimeout: handshakeMs,
      maxHeaderSize: 16 * 1024,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    },
    listener,
  );
  server.maxConnections = maxConnections;
  surviveClients(server);
  guardConnections(server, connections);

  return {
    server,
    useCertificate: (next) => swap(server, next),
    listen: (port, host) => listen(server, port, host),
    drain: prepareDrain(server, drain),
  };
}

/** Always the full set: `setSecureContext` sets back to Node's default what it is not told. */
const secureOptions = ({ cert, key }: CertificatePair): SecureContextOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  ciphers,
  // Without tickets every connection proves who it is; a client that renegotiates costs us more than itself.
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
});

const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

function swap(server: Server, pair: CertificatePair): readonly string[] {
  // Node takes a pair without a key for a server without certificates, and then no handshake succeeds.
  const problems = checkKey(pair);
  if (problems.length > 0) return problems;
  try {
    server.setSecureContext(secureOptions(pair));
    return [];
  } catch (error) {
    // OpenSSL refuses more than we check (a key too short, garbage after the certificate); the old pair stays.
    return [`certificate refused by OpenSSL (${messageOf(error)})`];
  }
}

/** Whatever clients send or break off, nothing may reach the process as an unhandled `error`. */
function surviveClients(server: Server): void {
  server.on('clientError', (_error: Error, socket: Duplex) => {
    if (!socket.writable) return void socket.destroy();
    const answer = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    socket.end(answer, () => socket.destroy());
  });
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  // The system may run out of file descriptors while it accepts; those that are open go on.
  server.on('error', () => undefined);
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.on('error', () => undefined);
  });
}

function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    resolve((server.address() as AddressInfo).port);
  });
  return promise;
}
