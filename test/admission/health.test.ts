import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { type Condition, createHealthApp } from '../../src/admission/health.js';
import { createMetrics } from '../../src/telemetry/metrics.js';

const { registry } = createMetrics('1.2.3');
const get = (path: string, ...conditions: readonly Condition[]) =>
  supertest(createHealthApp(conditions, registry)).get(path);

const good = (name: string): Condition => ({ name, missing: () => undefined });
const bad = (name: string, problem: string): Condition => ({ name, missing: () => problem });
const remarked = (name: string, remark: string): Condition => ({ ...good(name), remark: () => remark });

describe('/livez', () => {
  test('asks for nothing but an answer', async () => {
    const answer = await get('/livez', bad('certificate', 'expired'));
    expect([answer.status, answer.text]).toEqual([200, 'ok\n']);
  });
});

describe('/readyz', () => {
  test.each<[string, readonly Condition[], number, string]>([
    ['all is well', [good('certificate'), good('policy')], 200, 'ok\n'],
    ['there is only a remark', [good('certificate'), remarked('policy', 'old')], 200, 'ok\n'],
    ['nothing is asked', [], 200, 'ok\n'],
    [
      'something is missing',
      [bad('certificate', 'expired'), good('policy')],
      503,
      '[-] certificate: expired\n[+] policy\nnot ready\n',
    ],
  ])('if %s', async (_, conditions, status, text) => {
    const answer = await get('/readyz', ...conditions);
    expect([answer.status, answer.text]).toEqual([status, text]);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  });

  test.each<[string, readonly Condition[], number, string]>([
    ['all is well', [good('certificate'), good('policy')], 200, '[+] certificate\n[+] policy\nready\n'],
    [
      'there is a remark',
      [good('certificate'), remarked('policy', 'p.yaml:1:1: bad')],
      200,
      '[+] certificate\n[+] policy: p.yaml:1:1: bad\nready\n',
    ],
    [
      'something is missing',
      [bad('certificate', 'expired'), remarked('policy', 'old')],
      503,
      '[-] certificate: expired\n[+] policy: old\nnot ready\n',
    ],
  ])('?verbose names each condition, if %s', async (_, conditions, status, text) => {
    for (const path of ['/readyz?verbose', '/readyz?verbose=1']) {
      const answer = await get(path, ...conditions);
      expect([answer.status, answer.text]).toEqual([status, text]);
    }
  });

  test('asks anew each time', async () => {
    let problem: string | undefined = 'starting';
    const app = createHealthApp([{ name: 'policy', missing: () => problem }], registry);
    expect((await supertest(app).get('/readyz')).status).toBe(503);
    problem = undefined;
    expect((await supertest(app).get('/readyz')).status).toBe(200);
  });
});

test('/metrics is what Prometheus reads', async () => {
  const answer = await get('/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.text).toContain('\naloft_build_info{version="1.2.3",');
  expect(answer.text).toContain('\nnodejs_eventloop_lag_seconds ');
});

test.each(['/', '/livez/x', '/mutate', '/debug/pprof'])('%s is not here', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(answer.headers).not.toHaveProperty('x-powered-by');
});

test('there is nothing to post', async () => {
  expect((await supertest(createHealthApp([], registry)).post('/readyz')).status).toBe(404);
});
