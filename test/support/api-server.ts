import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificatePair } from '../../src/certificates/pair.js';
import { type ApiObject, type Asked, type Json, patch, read, statusOf } from './api-store.js';

export type { ApiObject, Asked } from './api-store.js';

/** Another answer than the right one. */
export type Fault =
  | { readonly status: number; readonly message: string }
  | { readonly text: string; readonly status?: number }
  /** Never answers. */
  | 'hang'
  /** Begins an answer, and never ends it. */
  | 'stall'
  /** Closes the connection without an answer. */
  | 'drop';

export type ApiServer = {
  readonly port: number;
  readonly url: string;
  readonly objects: Map<string, ApiObject>;
  readonly asked: readonly Asked[];
  /** What goes wrong with a request; nothing unless a test says so. */
  fault: (asked: Asked) => Fault | undefined;
  /** The time in the `Date` header; without it, the real one. `none` leaves the header out. */
  date: Date | 'none' | undefined;
  /** Watches that are open now. */
  readonly watches: () => number;
  /** Sends an event to every open watch. */
  readonly announce: () => void;
  /** Ends every open watch: as the server does after its timeout, or in the middle of an event. */
  readonly breakWatches: (how: 'end' | 'cut') => void;
  readonly close: () => Promise<void>;
};

type Place = { readonly port?: number; readonly pair?: CertificatePair };

/** As much of an API server as aloft talks to: objects in a map, over plain HTTP unless it gets a certificate. */
export async function startApiServer(place: Place = {}): Promise<ApiServer> {
  const { port: wanted = 0, pair } = place;
  const objects = new Map<string, ApiObject>();
  const asked: Asked[] = [];
  const watches = new Set<ServerResponse>();
  const listener: RequestListener = async (request, response) => {
    const one = await readAsked(request);
    asked.push(one);
    if (api.date === 'none') response.sendDate = false;
    else if (api.date !== undefined) response.setHeader('Date', api.date.toUTCString());
    const fault = api.fault(one);
    if (fault !== undefined) return spoil(response, fault);
    if (one.query['watch'] === 'true') return openWatch(response, watches);
    const { status, body } = one.method === 'PATCH' ? patch(objects, one) : read(objects, one.path);
    response.writeHead(status, json).end(JSON.stringify(body));
  };
  const server: Server =
    pair === undefined ? createServer(listener) : createTlsServer({ cert: pair.cert, key: pair.key }, listener);
  await new Promise<void>((resolve) => {
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const api: ApiServer = {
    port,
    url: `http${pair === undefined ? '' : 's'}://127.0.0.1:${port}`,
    objects,
    asked,
    fault: () => undefined,
    date: undefined,
    watches: () => watches.size,
    announce: () => {
      const event = `${JSON.stringify({ type: 'MODIFIED', object: { metadata: {} } })}\n`;
      for (const watch of watches) watch.write(event);
    },
    breakWatches: (how) => {
      for (const watch of watches) how === 'end' ? watch.end() : watch.destroy();
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return api;
}

/** A kubeconfig for a server, in a folder of its own; its path. */
export async function writeKubeconfig(
  server: string,
  cluster: Json = { 'insecure-skip-tls-verify': true },
  more: Json = {},
) {
  const file = join(await mkdtemp(join(tmpdir(), 'aloft-kubeconfig-')), 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, ...cluster } }],
    users: [{ name: 'test', user: { token: 'token-of-the-test' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
    ...more,
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

export const secretPath = '/api/v1/namespaces/aloft-system/secrets/aloft-tls';
export const mutatingPath = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/aloft';
export const validatingPath = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/aloft';

/** A webhook configuration on the wire, whose entries lead to our Service and trust nobody. */
export const wireConfiguration = (kind: string, names: readonly string[], metadata: Json = {}): ApiObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'aloft', uid: 'uid-1', resourceVersion: '7', generation: 1, ...metadata },
  webhooks: names.map((name) => ({
    name,
    clientConfig: { service: { namespace: 'aloft-system', name: 'aloft', path: '/mutate' } },
    sideEffects: 'None',
  })),
});

export const emptySecret = (): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'aloft-tls', namespace: 'aloft-system', resourceVersion: '3' },
});

const json = { 'Content-Type': 'application/json' };

async function readAsked(request: IncomingMessage): Promise<Asked> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  return {
    method: request.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    type: request.headers['content-type'],
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function spoil(response: ServerResponse, fault: Fault): void {
  if (fault === 'hang') return;
  if (fault === 'drop') response.destroy();
  else if (fault === 'stall') response.writeHead(200, json).write('{"kind":');
  else if ('text' in fault) response.writeHead(fault.status ?? 200, json).end(fault.text);
  else response.writeHead(fault.status, json).end(JSON.stringify(statusOf(fault.status, fault.message)));
}

function openWatch(response: ServerResponse, watches: Set<ServerResponse>): void {
  response.writeHead(200, json).flushHeaders();
  watches.add(response);
  response.once('close', () => watches.delete(response));
}
