import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';

/** A server that is asked directly, without an API server in between. */
export type Target = { readonly port: number; readonly ca: string; readonly serverName: string };

/** How many requests got an answer, and what became of the others. */
export type Asked = { readonly asked: number; readonly failed: readonly string[] };

/**
 * Sends requests on connections that were at rest for so many seconds, each both on one that carried a request before
 * and on one that never did: an API server has both kinds in its pool, for 90 s, and does not send a request twice.
 * It notices most connections that a server closes; a request on its way in that moment is lost. Here every connection
 * that is closed too early shows.
 */
export async function askAfterRest(target: Target, seconds: readonly number[]): Promise<Asked> {
  const failed: string[] = [];
  const one = async (rest: number, used: boolean): Promise<void> => {
    const socket = await dial(target);
    try {
      if (used) await ask(socket, [request()]);
      await rests(rest);
      await ask(socket, [request()]);
    } catch (error) {
      failed.push(`${used ? 'used' : 'never used'}, ${rest} s: ${(error as Error).message}`);
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(seconds.flatMap((rest) => [one(rest, true), one(rest, false)]));
  return { asked: seconds.length * 2, failed };
}

/** Sends a request in two parts, so many seconds apart; says whether it was answered. */
export async function askInParts(target: Target, splitAt: 'head' | 'body', seconds: number): Promise<boolean> {
  const text = request();
  const at = splitAt === 'head' ? text.indexOf('Host') : text.length - 10;
  const socket = await dial(target);
  try {
    await ask(socket, [text.slice(0, at), seconds, text.slice(at)]);
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Nobody may want to know in the end: what waits here must not keep the run from ending. */
const rests = (seconds: number): Promise<void> => pause(seconds * 1000, undefined, { ref: false });

function dial({ port, ca, serverName }: Target): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: serverName, ca }, () => resolve(socket));
    socket.on('error', reject);
    socket.unref();
  });
}

/** Writes the parts, with pauses between them, and waits for one answer. */
async function ask(socket: TLSSocket, parts: readonly (string | number)[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Whoever is still writing learns of a closed connection in the end.
  promise.catch(() => undefined);
  let answer = '';
  const onData = (data: Buffer): void => {
    answer += data.toString('latin1');
    if (!/\r\n\r\n[\s\S]*\}\s*$/.test(answer) && !/\r\n0\r\n\r\n$/.test(answer)) return;
    if (/^HTTP\/1\.1 200 /.test(answer)) resolve();
    else reject(new Error(answer.slice(0, answer.indexOf('\r\n'))));
  };
  const onClose = (): void => reject(new Error('the connection was closed'));
  socket.on('data', onData).once('close', onClose);
  if (socket.destroyed) onClose();
  for (const part of parts) {
    if (typeof part === 'number') await Promise.race([rests(part), promise.catch(() => undefined)]);
    else if (!socket.destroyed) socket.write(part);
  }
  await promise.finally(() => socket.off('data', onData).off('close', onClose));
}

const review = JSON.stringify({
  kind: 'AdmissionReview',
  apiVersion: 'admission.k8s.io/v1',
  request: {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'default',
    operation: 'CREATE',
    object: { metadata: { labels: {} }, spec: { containers: [{ name: 'app', image: 'example/app' }] } },
  },
});

const request = (): string =>
  [
    'POST /mutate?timeout=3s HTTP/1.1',
    'Host: aloft.aloft-system.svc',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(review)}`,
    '',
    review,
  ].join('\r\n');
