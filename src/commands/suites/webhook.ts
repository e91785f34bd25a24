import { readFile } from 'node:fs/promises';
import { Agent, type RequestOptions, request } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { messageOf } from '../../model/problem.js';
import type { Unusable } from '../../suites/answer.js';
import type { Ask, Reply } from '../../suites/observe.js';
import { describeError } from '../system-error.js';

/** Where a webhook is, and what is believed of its certificate. */
export type WebhookOptions = {
  /** Nothing but `https://host:port`. */
  readonly server: URL;
  /** Without it, the certificate authorities that Node.js knows. */
  readonly caFile?: string;
  /** The name in its certificate, where that is not the host of its address. */
  readonly serverName?: string;
};

/** A webhook that can be asked, until it is closed. */
export type Webhook = { readonly ask: Ask; readonly close: () => void };

const timeoutMs = 10_000;

/** Reaches a webhook as the API server does, over TLS and with its certificate checked; or says why it cannot. */
export async function openWebhook({ server, caFile, serverName }: WebhookOptions): Promise<Webhook | Unusable> {
  let ca: string | undefined;
  try {
    ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  } catch (error) {
    return { problem: `${caFile}: ${describeError(error)}` };
  }
  const trust = {
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  const target: Target = {
    ...trust,
    host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(server.port || 443),
  };
  const unreachable = await knock(target);
  if (unreachable !== undefined) return { problem: `${server.origin}: cannot be reached: ${unreachable}` };
  const agent = new Agent({ keepAlive: true });
  const ask: Ask = async (phase, review) => {
    try {
      return await post({ ...target, agent, path: `/${phase}` }, JSON.stringify(review));
    } catch (error) {
      return { problem: messageOf(error) };
    }
  };
  return { ask, close: () => agent.destroy() };
}

type Target = { readonly host: string; readonly port: number; readonly ca?: string; readonly servername?: string };

/** Why no connection comes about, if none does: better said once than for every case. */
function knock(target: Target): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({ ...target, timeout: timeoutMs }, () => resolve(undefined));
  socket.once('timeout', () => resolve('it does not answer'));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.message}${hints[error.code ?? ''] ?? ''}`));
  return promise.finally(() => socket.destroy());
}

const untrusted = '; --ca-file names the certificate of its authority';
const hints: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: '; --server-name says which name to expect',
};

function post(options: RequestOptions, body: string): Promise<Reply | Unusable> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply | Unusable>();
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const outgoing = request({ ...options, method: 'POST', headers, timeout: timeoutMs }, (incoming) => {
    readText(incoming).then((text) => resolve(replyOf(incoming.statusCode ?? 0, text)), reject);
  });
  outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} seconds`)));
  outgoing.once('error', reject).end(body);
  return promise;
}

function replyOf(status: number, text: string): Reply | Unusable {
  if (status !== 200) return { problem: `the webhook answers with ${status}: ${text.slice(0, 200)}` };
  try {
    return { answer: JSON.parse(text) };
  } catch {
    return { problem: 'the webhook answers with something that is not JSON' };
  }
}
