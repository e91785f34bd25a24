import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { CertificatePair } from '../../../src/certificates/pair.js';
import { answerReview, type ReviewRequest } from './review.ts';

/** A webhook in a few lines, good but for what a test makes bad about it. */
export type SmallWebhook = {
  readonly port: number;
  /** Serves new connections with this pair. */
  readonly serve: (pair: CertificatePair) => void;
  readonly close: () => Promise<void>;
};

export type SmallWebhookOptions = {
  readonly pair: CertificatePair;
  readonly patchFor?: (request: ReviewRequest) => readonly object[];
  readonly keepAliveMs?: number;
  /** Node's own, which also closes connections that were never used. */
  readonly headersTimeoutMs?: number;
  /** Asks for a new connection after every answer, so that each request sees the certificate of its moment. */
  readonly dialAnew?: boolean;
};

/** What the small webhook does to a Pod that has labels. */
export const addTwinLabel = [{ op: 'add', path: '/metadata/labels/twin', value: 'mutated' }];
export const hasTwinLabel = (pod: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }) =>
  pod.metadata.labels?.['twin'] === 'mutated';

export async function startSmallWebhook(options: SmallWebhookOptions): Promise<SmallWebhook> {
  const { pair, keepAliveMs = 120_000, headersTimeoutMs = 0, dialAnew = false } = options;
  const { patchFor = () => addTwinLabel } = options;
  const { cert, key } = pair;
  const timeouts = {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: headersTimeoutMs,
    requestTimeout: headersTimeoutMs,
  };
  const server = createServer({ cert, key, ...timeouts }, (incoming, response) => {
    if (dialAnew) response.setHeader('Connection', 'close');
    answerReview(incoming, response, patchFor);
  });
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  // A test that fails before it closes the server must not keep the run from ending.
  server.unref();
  server.on('connection', (socket) => (socket as Socket).unref());
  return {
    port: (server.address() as AddressInfo).port,
    serve: (next) => server.setSecureContext({ cert: next.cert, key: next.key }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
