import { createListener } from '../../../src/admission/app.js';
import { createTlsServer } from '../../../src/admission/tls-server.js';
import type { Api } from './api.js';
import { paths } from './objects.js';

/** A replica that has no room for anybody, ever. */
export type Shedding = {
  readonly port: number;
  /** How many requests it has turned away. */
  readonly asked: () => number;
  readonly close: () => Promise<void>;
};

/** aloft's own HTTPS face, with the certificate of the installation and a gate that never opens. */
export async function startShedding(api: Api): Promise<Shedding> {
  const { data } = await api.read(paths.secret);
  const read = (key: string): string => Buffer.from(data[key], 'base64').toString();
  let asked = 0;
  const listener = createListener({
    admit: () => {
      throw new Error('nothing gets through the gate');
    },
    answered: () => undefined,
    rejected: () => {
      asked++;
    },
    failed: () => undefined,
    load: { enter: () => undefined, stop: () => undefined },
    onOversize: () => 'allow',
  });
  const pair = { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
  const { server, listen } = createTlsServer(listener, pair);
  const port = await listen(0);
  server.unref();
  return {
    port,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
