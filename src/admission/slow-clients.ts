import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** How long a client may take to send what it began to send, and how often we look. */
export type SlowClientLimits = { readonly headMs: number; readonly bodyMs: number; readonly everyMs: number };

/**
 * Closes connections whose client sends a request too slowly. Node's own timeouts cannot do it: they also close the
 * connections that the API server keeps in its pool without ever having used them, and its next request on one fails.
 */
export function guardSlowClients(server: Server, limits: SlowClientLimits): void {
  const watched = new Map<TLSSocket, Watch>();

  server.on('secureConnection', (socket: TLSSocket) => {
    watched.set(socket, { bytesAtRest: socket.bytesRead });
    socket.once('close', () => watched.delete(socket));
  });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const socket = request.socket as TLSSocket;
    const watch = watched.get(socket);
    if (watch === undefined) return;
    watch.exchange = { request, response, since: Date.now() };
    delete watch.headSince;
    response.once('close', () => {
      // What arrives from here on belongs to the next request, unless this one was answered before it was all there.
      if (request.complete) watch.bytesAtRest = socket.bytesRead;
      else delete watch.bytesAtRest;
    });
  });

  server.once('listening', () => {
    const timer = setInterval(() => {
      const now = Date.now();
      for (const [socket, watch] of watched) if (isTooSlow(socket, watch, now, limits)) socket.destroy();
    }, limits.everyMs);
    timer.unref();
    server.once('close', () => clearInterval(timer));
  });
}

/** A connection at rest has read as many bytes as when its last request ended; one byte more starts the clock. */
type Watch = {
  bytesAtRest?: number;
  headSince?: number;
  exchange?: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly since: number };
};

function isTooSlow(socket: TLSSocket, watch: Watch, now: number, limits: SlowClientLimits): boolean {
  const { exchange } = watch;
  if (exchange !== undefined) {
    if (!exchange.request.complete) return now - exchange.since > limits.bodyMs;
    // The client has done its part; how long the answer takes is our affair.
    if (!exchange.response.closed) return false;
    delete watch.exchange;
  }
  watch.bytesAtRest ??= socket.bytesRead;
  if (socket.bytesRead === watch.bytesAtRest) return false;
  watch.headSince ??= now;
  return now - watch.headSince > limits.headMs;
}
