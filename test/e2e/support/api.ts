import { Agent, request as httpsRequest } from 'node:https';

/** How to reach an API server of Kubernetes 1.`minor`, and as whom. */
export type Access = { readonly port: number; readonly ca: string; readonly token: string; readonly minor: number };

/** What the API server said; `body` is an object of Kubernetes, or a Status where it said no. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
export type Answer = { readonly status: number; readonly body: any; readonly warnings: readonly string[] };

export type Call = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: object;
  readonly contentType?: string;
};

/** The API server as a program sees it: paths and JSON. An answer of any status is an answer. */
export type Api = {
  /** The y of Kubernetes 1.y. */
  readonly minor: number;
  readonly call: (path: string, call?: Call) => Promise<Answer>;
  /** The object at a path; throws where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly read: (path: string) => Promise<any>;
  readonly close: () => void;
};

export const mergePatch = 'application/merge-patch+json';
export const applyPatch = 'application/apply-patch+yaml';
export const jsonPatch = 'application/json-patch+json';

export function createApi({ port, ca, token, minor }: Access): Api {
  const agent = new Agent({ keepAlive: true, ca });
  const call = (path: string, { method = 'GET', body, contentType = 'application/json' }: Call = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        Authorization: `Bearer ${token}`,
        Accept: 'application/json',
        ...(text === '' ? {} : { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) }),
      };
      const outgoing = httpsRequest({ host: '127.0.0.1', port, agent, method, path, headers }, (incoming) => {
        let received = '';
        incoming.setEncoding('utf8').on('data', (data) => {
          received += data;
        });
        incoming.on('error', reject);
        incoming.on('end', () => {
          const warnings = [incoming.headers['warning'] ?? []].flat();
          resolve({ status: incoming.statusCode ?? 0, body: parse(received), warnings });
        });
      });
      outgoing.setTimeout(40_000, () => outgoing.destroy(new Error('no answer within 40 s')));
      outgoing.on('error', reject).end(text);
    });
  return {
    minor,
    call,
    read: async (path) => {
      const { status, body } = await call(path);
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${body?.message ?? body}`);
      return body;
    },
    close: () => agent.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
