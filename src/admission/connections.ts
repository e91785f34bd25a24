import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** How long a client may take to send what it began to send, or stay away between requests, and how often we look. */
export type ConnectionLimits = {
  readonly headMs: number;
  readonly bodyMs: number;
  readonly idleMs: number;
  readonly everyMs: number;
};

/**
 * Closes connections whose client sends a request too slowly, or no longer any. Node's own timeouts cannot do the first:
 * they also close the connections that the API server keeps in its pool without ever having used them, and its next
 * request on one fails. They could do the second, with a timer that each answer sets anew.
 */
export function guardConnections(server: Server, limits: ConnectionLimits): void {
  const watched = new Map<TLSSocket, Watch>();

  server.on('secureConnection', (socket: TLSSocket) => {
    const { bytesRead } = socket;
    watched.set(socket, { bytesAtRest: bytesRead, restSince: undefined, headSince: undefined, exchange: undefined });
    socket.once('close', () => watched.delete(socket));
  });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const socket = request.socket as TLSSocket;
    const watch = watched.get(socket);
    if (watch === undefined) return;
    watch.exchange = { request, response, since: performance.now() };
    watch.headSince = undefined;
    watch.restSince = undefined;
    response.once('close', () => {
      // What arrives from here on belongs to the next request, unless this one was answered before it was all there.
      watch.bytesAtRest = request.complete ? socket.bytesRead : undefined;
    });
  });

  server.once('listening', () => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (const [socket, watch] of watched) if (isOver(socket, watch, now, limits)) socket.destroy();
    }, limits.everyMs);
    timer.unref();
    server.once('close', () => clearInterval(timer));
  });
}

/** A connection at rest has read as many bytes as when its last request ended; one byte more starts the clock. */
type Watch = {
  bytesAtRest: number | undefined;
  restSince: number | undefined;
  headSince: number | undefined;
  exchange:
    | { readonly request: IncomingMessage; readonly response: ServerResponse; readonly since: number }
    | undefined;
};

function isOver(socket: TLSSocket, watch: Watch, now: number, limits: ConnectionLimits): boolean {
  const { exchange } = watch;
  if (exchange !== undefined) {
    if (!exchange.request.complete) return now - exchange.since > limits.bodyMs;
    // The client has done its part; how long the answer takes is our affair.
    if (!exchange.response.closed) return false;
    watch.exchange = undefined;
  }
  watch.bytesAtRest ??= socket.bytesRead;
  if (socket.bytesRead === watch.bytesAtRest) {
    watch.restSince ??= now;
    return now - watch.restSince > limits.idleMs;
  }
  watch.headSince ??= now;
  return now - watch.headSince > limits.headMs;
}
