import express, { type Express } from 'express';
import type { Registry } from 'prom-client';

/** One thing that has to be so before requests may come: what is missing, or undefined; a remark does no harm. */
export type Condition = {
  readonly name: string;
  readonly missing: () => string | undefined;
  readonly remark?: () => string | undefined;
};

/** The plain HTTP face for the kubelet and Prometheus. */
export function createHealthApp(conditions: readonly Condition[], registry: Registry): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  // Alive means that the process answers: a liveness that asked for more would restart everyone at once.
  app.get('/livez', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (request, response) => {
    const states = conditions.map(({ name, missing, remark }) => ({ name, problem: missing(), remark: remark?.() }));
    const ready = states.every(({ problem }) => problem === undefined);
    const lines = states.map(({ name, problem, remark }) =>
      [`[${problem === undefined ? '+' : '-'}] ${name}`, problem ?? remark].filter(Boolean).join(': '),
    );
    const shown = ready && request.query['verbose'] === undefined ? ['ok'] : [...lines, ready ? 'ready' : 'not ready'];
    response
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(`${shown.join('\n')}\n`);
  });
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
  return app;
}
