import type { RequestListener } from 'node:http';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { issuePair } from '../../src/certificates/issue.js';
import type { CertificatePair } from '../../src/certificates/pair.js';

/** A pair for a server on the loopback. */
export const loopbackPair = (): Promise<CertificatePair> =>
  issuePair({ names: ['localhost'], ips: ['127.0.0.1'], lifetimeDays: 1, now: new Date() });

/** Reads the whole body, then answers `ok`. */
export const sayOk: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end('ok'));
};

/** A connection that has completed its handshake as the API server does it: the name and the CA are checked. */
export function dial(port: number, ca: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options }, () => resolve(socket));
  socket.on('error', reject);
  socket.once('close', () => reject(new Error('closed during the handshake')));
  return promise;
}

export const wholeRequest = 'POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}';

/** Writes to an open connection and resolves with the one answer; rejects if the connection closes before. */
export function ask(socket: TLSSocket, text: string = wholeRequest): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  const onData = (chunk: Buffer): void => {
    answer += chunk.toString();
    if (!answer.endsWith('\r\n\r\nok')) return;
    socket.off('data', onData);
    resolve(answer);
  };
  socket.on('data', onData);
  socket.once('close', () => reject(new Error(`closed before an answer, after ${JSON.stringify(answer)}`)));
  if (socket.destroyed) reject(new Error('closed before the request'));
  else socket.write(text);
  return promise;
}

/** Everything the server sent by the time it closed the connection. */
export function untilClosed(socket: TLSSocket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString();
  });
  socket.once('close', () => resolve(received));
  if (socket.destroyed) resolve(received);
  return promise;
}
