import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFolder } from '../../../src/certificates/folder.js';
import { issuePair } from '../../../src/certificates/issue.js';
import { admissionReview, eventually, patchOf, uid } from '../../support/admission.js';
import { createFolders, within } from '../../support/commands.js';
import { policyText } from '../../support/manifests.js';
import { build, freePorts, postReview, type Running, start } from '../../support/program.js';

const folders = createFolders();
const running: Running[] = [];
const servers: Server[] = [];
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  for (const server of servers) server.close();
  await Promise.all(running.map(({ ended }) => ended));
  await folders.remove();
});

const review = JSON.stringify(admissionReview());

/** A server in a folder of its own, ready to serve. */
async function serve(dir: string, args: readonly string[] = []) {
  const [port, metricsPort] = await freePorts();
  const flags = ['--port', String(port), '--metrics-port', String(metricsPort), '--host', '127.0.0.1'];
  const process_ = start(['serve', ...flags, ...args], { cwd: dir });
  running.push(process_);
  const { child, err, lines, ended } = process_;
  const look = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  await eventually(
    async () => (child.exitCode === null ? await look('/readyz').catch(() => ({ status: 0 })) : { status: err() }),
    ({ status }) => status === 200,
    20_000,
  );
  const ca = await readFile(join(dir, 'certs/ca.crt'), 'utf8');
  const ask = async (agent?: Agent) => {
    const { status, headers, text } = await postReview({ port, ca, body: review, ...(agent ? { agent } : {}) });
    return { status, headers, body: JSON.parse(text) };
  };
  return { dir, port, ca, child, err, lines, ended, look, ask };
}

type Served = Awaited<ReturnType<typeof serve>>;

/** The value of a metric, and 0 where it has none yet. */
const metric = async ({ look }: Served, name: string): Promise<number> => {
  const { text } = await look('/metrics');
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? 0,
  );
};

/** Which certificate a new connection sees. */
const servedCertificate = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.end();
    });
    socket.once('error', reject);
  });

let drained: Promise<{ readonly served: Served; readonly tookMs: number }>;
let served: Served;
const policyWith = (mode: string): string => policyText(`  rules:\n    - rule: tracer-env\n      mode: ${mode}\n`);

beforeAll(async () => {
  await build();
  const dir = await folders.create({ 'policy.yaml': policyWith('enforce') });
  [served] = await Promise.all([
    serve(dir, ['--policy', 'policy.yaml']),
    folders.create().then(async (other) => {
      const leaving = await serve(other);
      // It takes its time, while the other tests run.
      drained = drain(leaving);
    }),
  ]);
}, 60_000);

async function drain(leaving: Served) {
  const pool = new Agent({ keepAlive: true });
  expect((await leaving.ask(pool)).headers['connection']).toBe('keep-alive');
  const since = performance.now();
  leaving.child.kill('SIGTERM');
  const { text } = await eventually(
    () => leaving.look('/readyz'),
    ({ status }) => status === 503,
  );
  expect(text).toBe(
    '[+] certificate\n[+] listening\n[+] policy\n[+] namespaces\n[-] not draining: draining\nnot ready\n',
  );
  expect((await leaving.look('/livez')).status).toBe(200);
  // The first comes on the connection that was open before.
  for (let late = 0; late < 5; late++) {
    const { status, headers, body } = await leaving.ask(pool);
    expect([status, headers['connection'], body.response.allowed]).toEqual([200, 'close', true]);
    await pause(200);
  }
  await leaving.ended;
  return { served: leaving, tookMs: performance.now() - since };
}

describe('a server that was just started', () => {
  test('has made its certificates, with a key for nobody else', async () => {
    const modeOf = async (path: string) => ((await stat(join(served.dir, path))).mode & 0o777).toString(8);
    expect(await modeOf('certs')).toBe('700');
    expect(await modeOf('certs/tls.key')).toBe('600');
    expect(await modeOf('certs/tls.crt')).toBe('644');
    expect(await modeOf('certs/ca.crt')).toBe('644');
  });

  test('says what it serves', async () => {
    const lines = await eventually(served.lines, (all) => all.some(({ msg }) => msg === 'serving'));
    expect(lines.slice(0, 3)).toMatchObject([
      { level: 'info', msg: 'starting', policy: 'test' },
      { level: 'info', msg: 'certificate', dir: './certs', made: true },
      { level: 'info', msg: 'serving', port: served.port },
    ]);
  });

  test('answers a review to a client that checks name and CA, and writes one line, without the object', async () => {
    const { status, body } = await served.ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({ apiVersion: 'admission.k8s.io/v1', response: { uid, allowed: true } });
    expect(patchOf(body.response)).toMatchObject([{ op: 'add', path: '/spec/containers/0/env' }]);
    const lines = await eventually(
      () => served.lines().filter(({ msg }) => msg === 'reviewed'),
      ({ length }) => length > 0,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      review: { uid, kind: 'Pod', namespace: 'shop', name: 'cart-', verdict: 'patched', operations: 1 },
    });
    expect(served.err()).not.toContain('shop/cart:1.2.3');
  });

  test('has every face of health', async () => {
    expect(await served.look('/livez')).toEqual({ status: 200, text: 'ok\n' });
    expect(await served.look('/readyz')).toEqual({ status: 200, text: 'ok\n' });
    expect((await served.look('/readyz?verbose')).text).toBe(
      '[+] certificate\n[+] listening\n[+] policy\n[+] namespaces\n[+] not draining\nready\n',
    );
    expect(await metric(served, 'aloft_reviews_total{kind="Pod",verdict="patched"}')).toBe(1);
    expect(await metric(served, 'aloft_policy_generation')).toBe(1);
    const expiry = await metric(served, 'aloft_certificate_not_after_seconds');
    expect(expiry - Date.now() / 1000).toBeGreaterThan(80 * 24 * 3600);
  });

  test('answers what is too large while the client still sends', async () => {
    const pad = Buffer.alloc(32 * 1024 * 1024, '<');
    const body = Buffer.concat([Buffer.from(`${review.slice(0, -1)},"pad":"`), pad, Buffer.from('"}')]);
    const { status, text } = await postReview({ port: served.port, ca: served.ca, body });
    expect([status, JSON.parse(text).response]).toEqual([
      200,
      { uid, allowed: true, warnings: ['aloft: the object is too large to be reviewed'] },
    ]);
  });
});

describe('while it serves', () => {
  test('a new policy takes effect; a bad one does not, and shows', async () => {
    const file = join(served.dir, 'policy.yaml');
    await writeFile(file, policyWith('audit'));
    const audited = await eventually(
      () => served.ask(),
      ({ body }) => !('patch' in body.response),
    );
    expect(audited.body.response.auditAnnotations).toMatchObject({
      'tracer-env': expect.stringContaining('agent-address'),
    });
    expect(await metric(served, 'aloft_policy_reloads_total{result="loaded"}')).toBe(1);
    expect(await metric(served, 'aloft_policy_generation')).toBe(2);

    await writeFile(file, policyWith('enforced'));
    await eventually(
      () => metric(served, 'aloft_policy_reloads_total{result="rejected"}'),
      (count) => count === 1,
    );
    const problem = 'policy.yaml:7:7 spec.rules[0].mode: expected one of enforce, warn, audit, off, got "enforced"';
    expect(await served.look('/readyz')).toMatchObject({ status: 200 });
    expect((await served.look('/readyz?verbose')).text).toContain(`[+] policy: ${problem}`);
    expect((await served.ask()).body.response).not.toHaveProperty('patch');
    expect(await metric(served, 'aloft_policy_generation')).toBe(2);
    const [rejection] = await eventually(
      () => served.lines().filter(({ level }) => level === 'error'),
      ({ length }) => length > 0,
    );
    expect(rejection).toMatchObject({ msg: 'policy rejected, the last good one stays in force', file: 'policy.yaml' });
    expect(rejection?.['problems']).toEqual([expect.stringContaining(problem)]);

    await writeFile(file, policyWith('warn'));
    await eventually(
      () => served.ask(),
      ({ body }) => 'patch' in body.response,
    );
    expect((await served.look('/readyz?verbose')).text).toContain('[+] policy\n');
  }, 20_000);

  test('a new certificate is served, and open connections stay', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let connections = 0;
    const { createConnection } = agent;
    agent.createConnection = (...args: Parameters<typeof createConnection>) => {
      connections++;
      return createConnection.apply(agent, args);
    };
    await served.ask(agent);
    const old = await servedCertificate(served.port);
    const names = ['localhost', 'aloft.aloft-system.svc'];
    const next = await issuePair({ names, ips: ['127.0.0.1'], lifetimeDays: 30, now: new Date() });
    expect(await writeFolder(join(served.dir, 'certs'), next)).toEqual([]);
    await eventually(
      () => servedCertificate(served.port),
      (seen) => seen !== old,
    );
    const { status } = await postReview({ port: served.port, ca: next.ca, body: review });
    expect(status).toBe(200);
    expect((await served.ask(agent)).status).toBe(200);
    expect(connections).toBe(1);
    agent.destroy();
    expect(await metric(served, 'aloft_certificate_reloads_total{result="loaded"}')).toBe(1);
    expect(await metric(served, 'aloft_certificate_not_after_seconds')).toBeLessThan(
      Date.now() / 1000 + 31 * 24 * 3600,
    );

    // Without its key the certificate is not taken, and what was there serves on.
    const now = await servedCertificate(served.port);
    await rename(join(served.dir, 'certs/tls.key'), join(served.dir, 'certs/away.key'));
    await pause(3000);
    expect(await servedCertificate(served.port)).toBe(now);
    expect((await served.look('/readyz')).status).toBe(200);
  }, 20_000);
});

test('SIGINT ends it at once, with the whole log written', async () => {
  const asked = await postReview({
    port: served.port,
    ca: await readFile(join(served.dir, 'certs/ca.crt'), 'utf8'),
    body: review,
  });
  expect(asked.status).toBe(200);
  const since = performance.now();
  served.child.kill('SIGINT');
  expect(await served.ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - since).toBeLessThan(3000);
  const messages = served.lines().map(({ msg }) => msg);
  expect(messages.slice(-3)).toEqual(['reviewed', 'draining', 'stopped']);
  expect(
    served
      .err()
      .split('\n')
      .filter((line) => !line.startsWith('{')),
  ).toEqual(['']);
});

describe('a server that cannot serve says why, and exits with 2:', () => {
  const good = () => issuePair({ names: ['localhost'], ips: [], lifetimeDays: 1, now: new Date() });

  const withoutLog = (err: string): string => err.replaceAll(/^\{.*\}\n/gm, '');

  /** What a start comes to, with the names of files as the test gave them. */
  async function startIn(
    files: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ) {
    const dir = await folders.create(files);
    const [port, metricsPort] = await freePorts();
    const flags = ['--port', String(port), '--metrics-port', String(metricsPort), '--host', '127.0.0.1'];
    const one = start(['serve', ...flags, ...args], { cwd: dir, env });
    running.push(one);
    const { code } = await one.ended;
    return within(dir, { code: code as 2, out: one.out(), err: one.err() });
  }

  test.each(['--port', '--metrics-port'])('the port of %s is in use', async (flag) => {
    const taken = createServer();
    servers.push(taken);
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const { port } = taken.address() as { port: number };
    const { code, out, err } = await startIn({}, [flag, String(port)]);
    expect([code, out, withoutLog(err)]).toEqual([
      2,
      '',
      `aloft: port ${port} is in use: stop what listens there, or choose others with --port and --metrics-port\n`,
    ]);
  });

  test('the address is none of this machine', async () => {
    expect(await startIn({}, ['--host', '192.0.2.1'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^aloft: cannot listen: .*EADDRNOTAVAIL.*\n$/),
    });
  });

  test('a certificate without its key', async () => {
    expect(await startIn({ 'certs/tls.crt': (await good()).cert })).toEqual({
      code: 2,
      out: '',
      err: 'aloft: certs/tls.key: missing beside tls.crt; put the private key there, or remove tls.crt to have both made anew\n',
    });
  });

  test('a key without its certificate', async () => {
    expect(await startIn({ 'certs/tls.key': (await good()).key })).toEqual({
      code: 2,
      out: '',
      err: 'aloft: certs/tls.crt: missing beside tls.key; put the certificate there, or remove tls.key to have both made anew\n',
    });
  });

  test('a certificate with the key of another', async () => {
    const [one, other] = await Promise.all([good(), good()]);
    const files = { 'certs/tls.crt': one.cert, 'certs/tls.key': other.key, 'certs/ca.crt': one.ca };
    const { code, err } = await startIn(files);
    expect(code).toBe(2);
    expect(err).toMatch(/^aloft: \.\/certs: key does not belong to certificate; /);
  });

  test('a certificate that has expired', async () => {
    const old = await issuePair({ names: ['localhost'], ips: [], lifetimeDays: 1, now: new Date('2020-01-01') });
    const { code, err } = await startIn({ 'certs/tls.crt': old.cert, 'certs/tls.key': old.key });
    expect(code).toBe(2);
    expect(err).toMatch(/^aloft: \.\/certs: .*expired/m);
  });

  test('a folder for certificates that is a file', async () => {
    const { code, err } = await startIn({ 'file.txt': '' }, ['--cert-dir', 'file.txt']);
    expect([code, err]).toEqual([2, expect.stringMatching(/^aloft: file\.txt/)]);
  });

  test('a bad policy: everything that is wrong with it', async () => {
    const { code, out, err } = await startIn({ 'p.yaml': policyText('  ruls: []\n  onOversize: no\n') }, [
      '--policy',
      'p.yaml',
    ]);
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n').map((line) => line.split(': ')[1])).toEqual([
      'p.yaml:4:1 spec.rules',
      'p.yaml:5:3 spec.ruls',
      'p.yaml:6:3 spec.onOversize',
      undefined,
    ]);
  });

  test('a policy that is missing', async () => {
    expect(await startIn({}, ['--policy', 'gone.yaml'])).toEqual({
      code: 2,
      out: '',
      err: 'aloft: gone.yaml: cannot be read: no such file or folder\n',
    });
  });

  test('a port in the environment that is none', async () => {
    const dir = await folders.create();
    const one = start(['serve'], { cwd: dir, env: { ALOFT_METRICS_PORT: 'many' } });
    expect(await one.ended).toMatchObject({ code: 2 });
    expect(one.err()).toMatch(/ALOFT_METRICS_PORT.*expected a number from 0 to 65535/);
  });
});

test('SIGTERM drains: not ready, still serving, every client asked to come elsewhere, gone after 15 s', async () => {
  const { served: leaving, tookMs } = await drained;
  expect(await leaving.ended).toEqual({ code: 0, signal: null });
  expect(tookMs).toBeGreaterThan(14_500);
  expect(tookMs).toBeLessThan(25_000);
  expect(leaving.lines().filter(({ msg }) => msg === 'draining' || msg === 'stopped')).toMatchObject([
    { stop: 'SIGTERM' },
    { cut: 0 },
  ]);
}, 30_000);
