import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A drain lasts at least `minimumMs`, at most `hardStopMs`; in between it looks for open connections. */
export type DrainTimes = { readonly minimumMs: number; readonly hardStopMs: number; readonly everyMs: number };

/** How a drain ended: with how many connections still open, which were then cut. */
export type Drained = { readonly cut: number };

/**
 * Prepares a server for a shutdown that fails no request, and returns what starts it. Draining, the server goes on
 * accepting and answering, because Pods leave the endpoints of a Service late, and asks each client to come elsewhere
 * next time. Connections at rest are left alone: to close one races with the request that its client just sent on it.
 */
export function prepareDrain(server: Server, usual: DrainTimes): (times?: DrainTimes) => Promise<Drained> {
  // The latest answer on each connection: one entry for a connection, and nothing to clean up after each request.
  const latest = new Map<Duplex, ServerResponse>();
  let drained: Promise<Drained> | undefined;

  // First of all listeners: the header has to be set before anyone writes the head.
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (drained) return sayGoodbye(response);
    if (!latest.has(socket)) socket.once('close', () => latest.delete(socket));
    latest.set(socket, response);
  });

  return (times = usual) => {
    if (drained === undefined) {
      drained = drain(server, times);
      for (const response of latest.values()) sayGoodbye(response);
    }
    return drained;
  };
}

function sayGoodbye(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

async function drain(server: Server, { minimumMs, hardStopMs, everyMs }: DrainTimes): Promise<Drained> {
  const countConnections = promisify(server.getConnections.bind(server));
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  let open = await countConnections();
  while (elapsed() < hardStopMs && (elapsed() < minimumMs || open > 0)) {
    await pause(everyMs);
    open = await countConnections();
  }
  // Stop listening, and nothing else: `close` of an HTTP server would first cut every connection at rest.
  NetServer.prototype.close.call(server);
  if (open > 0) server.closeAllConnections();
  return { cut: open };
}
