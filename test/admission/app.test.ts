import type { Server } from 'node:http';
import { afterAll, describe, expect, test } from '@jest/globals';
import supertest, { type Response } from 'supertest';
import type { AdmissionRequest } from '../../src/admission/admission-review.js';
import { asRecord } from '../../src/model/json.js';
import {
  admissionReview,
  agent,
  cart,
  createFace,
  dialPlain,
  eventually,
  istiod,
  listenPlain,
  patchOf,
  planOf,
  ruleOf,
  sendRaw,
  serviceKind,
  uid,
} from '../support/admission.js';

const running: Server[] = [];
afterAll(() => {
  for (const server of running) server.close().closeAllConnections();
});

async function listen(face: ReturnType<typeof createFace>): Promise<number> {
  const { port, server } = await listenPlain(face.app);
  running.push(server);
  return port;
}

/** What every answer has to be, whatever was asked. */
function expectSound(answer: Response): Response {
  expect(answer.status < 300 || answer.status >= 400).toBe(true);
  expect(answer.headers).not.toHaveProperty('location');
  expect(answer.headers).not.toHaveProperty('x-powered-by');
  expect(answer.headers).not.toHaveProperty('etag');
  expect(answer.headers['content-length']).toMatch(/^\d+$/);
  expect(answer.headers['content-type']).toBe(answer.status === 200 ? 'application/json' : 'application/problem+json');
  return answer;
}

type Face = ReturnType<typeof createFace>;

const post = async ({ app }: Face, body: string, path = '/mutate'): Promise<Response> =>
  expectSound(await supertest(app).post(path).type('application/json').send(body));

/** The response of an answer that is an AdmissionReview, and nothing else. */
async function ask(face: Face, review: object = admissionReview(), path = '/mutate') {
  const answer = await post(face, JSON.stringify(review), path);
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.body)).toEqual(['apiVersion', 'kind', 'response']);
  expect(answer.body.kind).toBe('AdmissionReview');
  return answer.body.response;
}

describe('an AdmissionReview', () => {
  test.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'of version %s gets an answer of it',
    async (version) => {
      const answer = await post(createFace(), JSON.stringify(admissionReview({}, version)));
      expect(answer.body.apiVersion).toBe(version);
      expect(answer.body.response).toMatchObject({ uid, allowed: true, patchType: 'JSONPatch' });
      expect(patchOf(answer.body.response)).toContainEqual(
        expect.objectContaining({ op: 'add', path: '/spec/containers/0/env' }),
      );
    },
  );

  test('of a Service is answered as well', async () => {
    const response = await ask(
      createFace(),
      admissionReview({ kind: serviceKind, object: istiod, operation: 'UPDATE' }),
    );
    expect(patchOf(response)).toMatchObject([{ op: 'add', path: '/metadata/annotations' }]);
  });

  test('may come with the timeout that the API server puts into the query', async () => {
    expect(await ask(createFace(), admissionReview(), '/mutate?timeout=3s')).toHaveProperty('patch');
  });

  test.each([
    ['as Go writes them', '[{"manager":"kubectl","fieldsV1":{"f:spec":{}}}]'],
    ['of a manager beyond ASCII', '[{"manager":"kübectl 😀"}]'],
    ['that are no JSON, because they are cut out before anyone parses them', '[{"manager":}]'],
  ])('is answered the same with managedFields %s', async (_, managedFields) => {
    const plain = admissionReview({ object: { ...cart, metadata: { ...cart.metadata, mark: 0 } } });
    const body = JSON.stringify(plain).replace('"mark":0', `"mark":0,"managedFields":${managedFields}`);
    expect((await post(createFace(), body)).body).toEqual((await post(createFace(), JSON.stringify(plain))).body);
  });

  test('gets no patch where there is nothing left to do', async () => {
    const done = { ...agent, metadata: { ...agent.metadata } };
    Object.assign(done.metadata, {
      labels: { ...agent.metadata.labels, 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' },
      annotations: { 'sidecar.istio.io/inject': 'false' },
    });
    const response = await ask(createFace(), admissionReview({ object: done }));
    expect(response).toMatchObject({ uid, allowed: true });
    expect(response).not.toHaveProperty('patch');
    expect(response).not.toHaveProperty('patchType');
  });

  test.each<[string, object]>([
    ['a kind that no rule is for', { kind: { group: '', version: 'v1', kind: 'ConfigMap' } }],
    ['a workload, whose Pods come by themselves', { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
    ['a Pod of another group', { kind: { group: 'metrics.k8s.io', version: 'v1', kind: 'Pod' } }],
    ['a Pod of another version', { kind: { group: '', version: 'v2', kind: 'Pod' } }],
    [
      'a kind that is called like a member of every object',
      { kind: { group: '', version: 'v1', kind: 'constructor' } },
    ],
    ['no kind', { kind: undefined }],
    ['kind null', { kind: null }],
    ['a kind that is a list', { kind: ['Pod'] }],
    ['the update of a Pod, whose spec nobody can change', { operation: 'UPDATE' }],
    ['the deletion of a Pod, with object null', { operation: 'DELETE', object: null }],
    ['the deletion of a Service, with object null', { kind: serviceKind, operation: 'DELETE', object: null }],
    ['a connection to a Pod', { operation: 'CONNECT', subResource: 'exec', object: { kind: 'PodExecOptions' } }],
    ['no operation', { operation: undefined }],
    ['an operation in small letters', { operation: 'create' }],
    ['pods/status', { subResource: 'status', operation: 'UPDATE' }],
    ['pods/ephemeralcontainers', { subResource: 'ephemeralcontainers', operation: 'CREATE' }],
    ['pods/binding', { subResource: 'binding', kind: { group: '', version: 'v1', kind: 'Binding' } }],
  ])('about %s is allowed without a patch', async (_, request) => {
    const face = createFace();
    for (const path of ['/mutate', '/validate']) {
      expect(await ask(face, admissionReview(request), path)).toEqual({ uid, allowed: true });
    }
    expect(face.lines().map(({ review }) => asRecord(review)['verdict'])).toEqual(['ignored', 'ignored']);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'Pod'],
    ['empty', {}],
    ['a Pod with a number for a label', { ...cart, metadata: { labels: { app: 5 } } }],
    ['a Pod whose containers are an object', { spec: { containers: {} } }],
  ])('whose object is %s is allowed, without a patch', async (_, object) => {
    const response = await ask(createFace(), admissionReview({ object }));
    expect(response).toMatchObject({ uid, allowed: true });
    expect(response).not.toHaveProperty('patch');
  });

  test('is validated without a patch, and without a warning of the other phase', async () => {
    const injected = { ...agent, metadata: { ...agent.metadata, annotations: { 'sidecar.istio.io/status': '{}' } } };
    const face = createFace();
    const review = admissionReview({ object: injected });
    expect(await ask(face, review)).toMatchObject({ warnings: [expect.stringContaining('already has a sidecar')] });
    const response = await ask(face, review, '/validate');
    expect(response).toMatchObject({ uid, allowed: true });
    for (const absent of ['patch', 'patchType', 'warnings', 'status']) expect(response).not.toHaveProperty(absent);
  });
});

describe('a body that is no AdmissionReview gets 400 and what was expected:', () => {
  const review = admissionReview();
  const withUid = (value: unknown) => admissionReview({ uid: value });
  test.each<[string, unknown, string]>([
    ['nothing', '', 'expected JSON, got text that does not parse'],
    ['half of one', JSON.stringify(review).slice(0, 80), 'expected JSON, got text that does not parse'],
    ['YAML', 'kind: AdmissionReview', 'expected JSON, got text that does not parse'],
    ['two of them', JSON.stringify(review).repeat(2), 'expected JSON, got text that does not parse'],
    ['null', null, 'expected an AdmissionReview, got something that is not an object'],
    ['a list', [review], 'expected an AdmissionReview, got something that is not an object'],
    ['a number', 5, 'expected an AdmissionReview, got something that is not an object'],
    ['an empty object', {}, 'kind: expected "AdmissionReview"'],
    ['a Pod', cart, 'kind: expected "AdmissionReview"'],
    [
      'no version',
      { ...review, apiVersion: undefined },
      'apiVersion: expected one of admission.k8s.io/v1, admission.k8s.io/v1beta1',
    ],
    [
      'a future version',
      { ...review, apiVersion: 'admission.k8s.io/v2' },
      'apiVersion: expected one of admission.k8s.io/v1, admission.k8s.io/v1beta1',
    ],
    [
      'a response',
      { ...review, request: undefined, response: { uid } },
      'request: expected an object: a request, not a response, is reviewed',
    ],
    [
      'request null',
      { ...review, request: null },
      'request: expected an object: a request, not a response, is reviewed',
    ],
    ['no uid', withUid(undefined), 'request.uid: expected a string of 1 to 128 characters, which the answer repeats'],
    ['an empty uid', withUid(''), 'request.uid: expected a string of 1 to 128 characters, which the answer repeats'],
    ['uid null', withUid(null), 'request.uid: expected a string of 1 to 128 characters, which the answer repeats'],
    [
      'a number for a uid',
      withUid(7),
      'request.uid: expected a string of 1 to 128 characters, which the answer repeats',
    ],
    [
      'a uid too long to repeat',
      withUid('x'.repeat(129)),
      'request.uid: expected a string of 1 to 128 characters, which the answer repeats',
    ],
  ])('%s', async (_, body, detail) => {
    const face = createFace();
    const answer = await post(face, typeof body === 'string' ? body : JSON.stringify(body));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ status: 400, detail });
    expect(face.rejected).toEqual(['malformed']);
  });

  test('bytes that are not UTF-8', async () => {
    const face = createFace();
    const text = JSON.stringify(admissionReview({ name: 'caf?' }));
    const body = Buffer.from(text, 'latin1').fill(0xe9, text.indexOf('?'), text.indexOf('?') + 1);
    const answer = expectSound(
      await supertest(face.app)
        .post('/mutate')
        .type('application/json')
        .serialize((it) => it)
        .send(body as never),
    );
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ status: 400, detail: 'expected UTF-8' });
    expect(face.rejected).toEqual(['malformed']);
  });

  test('the connection serves on', async () => {
    const port = await listen(createFace());
    const bad = 'POST /mutate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{';
    const both = await sendRaw(port, [bad, bad], /400[\s\S]*400[\s\S]*\}$/);
    expect(both).not.toMatch(/connection: close/i);
  });
});

test('what is not ASCII is repeated as it came', async () => {
  const strange = 'ü本🚀\u007f';
  expect(await ask(createFace(), admissionReview({ uid: strange }))).toMatchObject({ uid: strange, allowed: true });
});

test('a uid of 128 characters is still repeated', async () => {
  const long = 'x'.repeat(128);
  expect(await ask(createFace(), admissionReview({ uid: long }))).toMatchObject({ uid: long, allowed: true });
});

describe('another path is not there, and leads nowhere:', () => {
  test.each([
    '/',
    '/mutate/',
    '/Mutate',
    '/MUTATE',
    '//mutate',
    '/mutate/x',
    '/validate/',
    '/livez',
    '/metrics',
    '/mut%61te/',
    '/%',
    '/mutate;x',
  ])('%s', async (path) => {
    const face = createFace();
    const answer = await post(face, JSON.stringify(admissionReview()), path);
    expect(answer.status).toBe(404);
    expect(answer.body.detail).toMatch(/expected \/mutate or \/validate$/);
    expect(face.rejected).toEqual(['not-found']);
  });
});

describe('another method is refused, and POST named:', () => {
  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('%s', async (method) => {
    const face = createFace();
    for (const path of ['/mutate', '/validate']) {
      const answer = expectSound(await supertest(face.app)[method.toLowerCase() as 'get'](path));
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('POST');
      if (method !== 'HEAD') expect(answer.body).toEqual({ status: 405, detail: `${method}: expected POST` });
    }
    expect(face.rejected).toEqual(['method', 'method']);
  });
});

describe('the head of a request', () => {
  const body = JSON.stringify(admissionReview());
  const with_ = (headers: Record<string, string>) =>
    supertest(createFace().app).post('/mutate').set(headers).send(body);

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset=UTF-8',
  ])('may say Content-Type %s', async (type) => {
    expect(expectSound(await with_({ 'Content-Type': type })).body.response.allowed).toBe(true);
  });

  test('may say Content-Encoding identity', async () => {
    expect((await with_({ 'Content-Type': 'application/json', 'Content-Encoding': 'identity' })).status).toBe(200);
  });

  test.each<[string, Record<string, string>, string]>([
    ['another type', { 'Content-Type': 'text/plain' }, 'Content-Type text/plain: expected application/json'],
    [
      'a type that only begins like it',
      { 'Content-Type': 'application/json-patch+json' },
      'Content-Type application/json-patch+json: expected application/json',
    ],
    ['YAML', { 'Content-Type': 'application/yaml' }, 'Content-Type application/yaml: expected application/json'],
    [
      'gzip',
      { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      'Content-Encoding gzip: expected a body that is not compressed',
    ],
    [
      'brotli',
      { 'Content-Type': 'application/json', 'Content-Encoding': 'br' },
      'Content-Encoding br: expected a body that is not compressed',
    ],
  ])('is refused with 415 if it says %s', async (_, headers, detail) => {
    const answer = expectSound(await with_(headers));
    expect(answer.status).toBe(415);
    expect(answer.body).toEqual({ status: 415, detail });
  });

  test.each<[string, string, RegExp]>([
    [
      'without a Content-Type',
      `Content-Length: ${body.length}\r\n\r\n${body}`,
      /^HTTP\/1.1 415 [\s\S]*Content-Type is missing: expected application\/json/,
    ],
    [
      'chunked, without a length',
      `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      /^HTTP\/1.1 411 [\s\S]*expected a Content-Length/,
    ],
    ['without any body', 'Content-Type: application/json\r\n\r\n', /^HTTP\/1.1 411 /],
    [
      'with two lengths',
      'Content-Type: application/json\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
      /^HTTP\/1.1 400 /,
    ],
    [
      'with a length and chunks',
      'Content-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      /^HTTP\/1.1 400 /,
    ],
    ['with a length that is none', 'Content-Type: application/json\r\nContent-Length: x\r\n\r\n{}', /^HTTP\/1.1 400 /],
    ['with a negative length', 'Content-Type: application/json\r\nContent-Length: -2\r\n\r\n{}', /^HTTP\/1.1 400 /],
  ])('%s is refused, and the connection ends', async (_, rest, expected) => {
    const port = await listen(createFace());
    const answer = await sendRaw(port, [`POST /mutate HTTP/1.1\r\nHost: localhost\r\n${rest}`], /$^/);
    expect(answer).toMatch(expected);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
  });
});

describe('a body over the limit', () => {
  const maxBodyBytes = 4000;
  const padded = (request: object = {}, version?: string) =>
    JSON.stringify(admissionReview({ ...request, object: { ...cart, data: '<'.repeat(5000) } }, version));

  test('of exactly the limit is reviewed, of a byte more is not', async () => {
    const text = JSON.stringify(admissionReview());
    const bytes = Buffer.byteLength(text);
    const fits = await post(createFace({ maxBodyBytes: bytes }), text);
    expect(fits.body.response).toHaveProperty('patch');
    const over = await post(createFace({ maxBodyBytes: bytes - 1 }), text);
    expect(over.body.response).not.toHaveProperty('patch');
    expect(over.body.response).toHaveProperty('warnings');
  });

  test.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'is allowed with a warning, in version %s',
    async (version) => {
      const face = createFace({ maxBodyBytes });
      const answer = await post(face, padded({}, version));
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        apiVersion: version,
        kind: 'AdmissionReview',
        response: { uid, allowed: true, warnings: ['aloft: the object is too large to be reviewed'] },
      });
      expect(face.rejected).toEqual(['oversize']);
    },
  );

  test('is denied where the policy says so', async () => {
    const face = createFace({ maxBodyBytes, onOversize: () => 'deny' });
    const answer = await post(face, padded());
    expect(answer.status).toBe(200);
    expect(answer.body.response).toEqual({
      uid,
      allowed: false,
      status: {
        code: 413,
        reason: 'RequestEntityTooLarge',
        message: 'aloft: the object is too large to be reviewed',
      },
    });
  });

  test.each<[string, string]>([
    ['that has no uid', padded({ uid: undefined })],
    ['whose uid is too long to repeat', padded({ uid: 'x'.repeat(129) })],
    [
      'whose uid stands too far in',
      padded({ uid: undefined }).replace('"request":{', `"request":{"x":"${'x'.repeat(5000)}","uid":"u",`),
    ],
    ['that only has a uid elsewhere', JSON.stringify({ metadata: { uid }, data: 'x'.repeat(5000) })],
    ['that is not JSON', 'x'.repeat(5000)],
  ])('%s gets 413', async (_, text) => {
    const face = createFace({ maxBodyBytes });
    const answer = await post(face, text);
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual({
      status: 413,
      detail: 'the request is too large, and has no uid in its first bytes',
    });
    expect(face.rejected).toEqual(['oversize']);
  });

  test('of more than 20 MiB is answered while it is still being sent', async () => {
    const face = createFace();
    const port = await listen(face);
    const start = JSON.stringify(admissionReview()).slice(0, -2);
    const length = 20 * 1024 * 1024 + 1;
    const head = `POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    // Nothing more comes: who waited for all of it would never answer.
    const answer = await sendRaw(port, [head, start + ' '.repeat(8192)]);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\nconnection: close\r\n/i);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ response: { uid, allowed: true } });
  });

  test('of exactly 20 MiB is reviewed', async () => {
    const text = JSON.stringify(admissionReview());
    const body = text + ' '.repeat(20 * 1024 * 1024 - text.length);
    expect((await post(createFace(), body)).body.response).toHaveProperty('patch');
    expect((await post(createFace(), `${body} `)).body.response).not.toHaveProperty('patch');
  });
});

describe('an answer before the end of the body arrives, and the connection ends after it:', () => {
  const size = 24 * 1024 * 1024;
  const json = 'Content-Type: application/json\r\n';
  const refused: [string, string, RegExp][] = [
    ['too large, with a uid', `POST /mutate HTTP/1.1\r\n${json}`, /^HTTP\/1.1 200 [\s\S]*too large/],
    ['of another type', 'POST /mutate HTTP/1.1\r\n', /^HTTP\/1.1 415 /],
    ['for another path', `POST /elsewhere HTTP/1.1\r\n${json}`, /^HTTP\/1.1 404 /],
    ['with another method', `PUT /mutate HTTP/1.1\r\n${json}`, /^HTTP\/1.1 405 /],
  ];
  test.each(refused)('%s', async (_, head, expected) => {
    const port = await listen(createFace());
    const start = JSON.stringify(admissionReview());
    const body = Buffer.alloc(size - start.length, ' ');
    for (let again = 0; again < 5; again++) {
      const lines = `${head}Host: a\r\nContent-Length: ${size}\r\n\r\n${start}`;
      // Rejects where the server resets the connection.
      const answer = await sendRaw(port, [lines, body], /$^/);
      expect(answer).toMatch(expected);
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    }
  });

  test('without room', async () => {
    const face = createFace({ load: { bytesInFlight: 1000, eventLoopDelayMs: 500 } });
    const port = await listen(face);
    const head = `POST /mutate HTTP/1.1\r\nHost: a\r\n${json}`;
    const first = await dialPlain(port);
    first.write(`${head}Content-Length: 900\r\n\r\n{`);
    await eventually(
      () => post(face, JSON.stringify(admissionReview())),
      ({ status }) => status === 503,
    );
    for (let again = 0; again < 5; again++) {
      const answer = await sendRaw(port, [`${head}Content-Length: ${size}\r\n\r\n`, Buffer.alloc(size, ' ')], /$^/);
      expect(answer).toMatch(/^HTTP\/1.1 503 /);
    }
    first.destroy();
  });
});

describe('a client that goes away', () => {
  const head =
    'POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n';

  test.each<[string, string]>([
    ['before the body', head],
    ['in the middle of the body', `${head}{"kind":`],
  ])('%s is counted, and gives its room back', async (_, sent) => {
    // Room for one: were it kept, the next request would be turned away.
    const face = createFace({ load: { bytesInFlight: 1000, eventLoopDelayMs: 500 } });
    const port = await listen(face);
    const socket = await dialPlain(port);
    socket.write(sent);
    await eventually(
      () => post(face, JSON.stringify(admissionReview())),
      ({ status }) => status === 503,
    );
    socket.destroy();
    await eventually(
      () => face.rejected,
      (problems) => problems.includes('aborted'),
    );
    expect((await post(face, JSON.stringify(admissionReview()))).status).toBe(200);
    expect(await face.metrics.registry.getSingleMetricAsString('aloft_rejections_total')).toMatch(
      /\{problem="aborted"\} 1$/m,
    );
  });

  test('with fewer bytes than it promised, but still listening, is not answered', async () => {
    const face = createFace();
    const port = await listen(face);
    const socket = await dialPlain(port);
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString();
    });
    socket.end(`${head}{"kind":`);
    await eventually(
      () => face.rejected,
      (problems) => problems.includes('aborted'),
    );
    expect(heard).not.toMatch(/^HTTP\/1.1 200/);
  });
});

test('without room a request is turned away to another replica, and later ones are not', async () => {
  const face = createFace({ load: { bytesInFlight: 1000, eventLoopDelayMs: 500 } });
  const port = await listen(face);
  const body = JSON.stringify(admissionReview());
  const socket = await dialPlain(port);
  const first = new Promise<string>((resolve) => {
    socket.on('data', (data) => resolve(data.toString()));
  });
  socket.write(
    `POST /mutate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
  );
  const turned = await eventually(
    () => post(face, body),
    ({ status }) => status !== 200,
  );
  expect(turned.status).toBe(503);
  expect(turned.headers).toMatchObject({ 'retry-after': '0', connection: 'close' });
  expect(turned.body).toEqual({ status: 503, detail: 'try another replica' });
  expect(face.rejected).toEqual(['overloaded']);
  socket.write(body.slice(9));
  expect(await first).toMatch(/^HTTP\/1.1 200/);
  socket.destroy();
  for (let again = 0; again < 5; again++) expect((await post(face, body)).status).toBe(200);
});

describe('a fault of ours never blocks', () => {
  const boom = ruleOf('boom', () => {
    throw new Error('made to fail');
  });
  const good = ruleOf('good', () => ({
    edits: [{ kind: 'label', key: 'good', value: 'yes', reason: { code: 'policy-env', message: 'for the test' } }],
  }));

  test('in a rule: the others still have their say', async () => {
    const face = createFace({ plan: planOf([{ rule: 'boom' }, { rule: 'good' }], [boom, good]) });
    const response = await ask(face);
    expect(response).toMatchObject({ uid, allowed: true, warnings: ['aloft boom: boom stopped'] });
    expect(patchOf(response)).toEqual([{ op: 'add', path: '/metadata/labels/good', value: 'yes' }]);
    const [failure] = face.lines().filter(({ level }) => level === 'error');
    expect(failure).toMatchObject({ review: { uid }, rule: 'boom', reason: 'rule-failed', msg: 'rule failed' });
    expect(failure?.['err']).toMatchObject({ message: 'made to fail', stack: expect.stringContaining('app.test') });
    expect(face.lines()).toContainEqual(
      expect.objectContaining({ msg: 'reviewed', review: expect.objectContaining({ verdict: 'failed' }) }),
    );
    const counts = await face.metrics.registry.getSingleMetricAsString('aloft_findings_total');
    expect(counts).toMatch(/\{kind="Pod",rule="boom",outcome="failed",reason="rule-failed"\} 1/);
  });

  test('in validation: it is allowed', async () => {
    const face = createFace({ plan: planOf([{ rule: 'boom' }], [boom]) });
    expect(await ask(face, admissionReview(), '/validate')).toMatchObject({ uid, allowed: true });
  });

  test('in mode audit: not even a warning', async () => {
    const face = createFace({ plan: planOf([{ rule: 'boom', mode: 'audit' }], [boom]) });
    expect(await ask(face)).not.toHaveProperty('warnings');
  });

  test('in everything: it is allowed, with a warning and a line in the log', async () => {
    const face = createFace({
      admit: () => {
        throw new Error('made to fail');
      },
    });
    for (const path of ['/mutate', '/validate']) {
      expect(await ask(face, admissionReview(), path)).toEqual({
        uid,
        allowed: true,
        warnings: ['aloft: a fault of its own; the object was left as it is'],
      });
    }
    expect(face.lines().filter(({ level }) => level === 'error')).toMatchObject([
      { review: { uid } },
      { review: { uid } },
    ]);
  });

  test('in writing it down: the answer is out already', async () => {
    const face = createFace({
      admit: (request: AdmissionRequest) => ({ response: { uid: request.uid, allowed: true } }),
    });
    face.metrics.reviewed = () => {
      throw new Error('made to fail');
    };
    expect(await ask(face)).toEqual({ uid, allowed: true });
  });
});

describe('every answer', () => {
  test('is counted once, and has one line in the log', async () => {
    const face = createFace();
    await ask(face);
    await ask(face, admissionReview({ kind: serviceKind, object: istiod, namespace: 'istio-system', dryRun: true }));
    const line = { level: 'info', msg: 'reviewed' };
    expect(face.lines()).toMatchObject([
      { ...line, review: { uid, kind: 'Pod', namespace: 'shop', name: 'cart-', verdict: 'patched' } },
      { ...line, review: { uid, kind: 'Service', namespace: 'istio-system', name: 'istiod', dryRun: true } },
    ]);
    const counts = await face.metrics.registry.getSingleMetricAsString('aloft_reviews_total');
    expect(counts).toMatch(/kind="Pod",verdict="patched"\} 1\n.*kind="Service",verdict="patched"\} 1/);
  });
});
