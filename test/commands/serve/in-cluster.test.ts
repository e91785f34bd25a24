import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseBundle } from '../../../src/certificates/bundle.js';
import { valueAt } from '../../../src/model/json.js';
import { admissionReview, eventually } from '../../support/admission.js';
import {
  type ApiServer,
  emptySecret,
  mutatingPath,
  secretPath,
  startApiServer,
  wireConfiguration,
  writeKubeconfig,
} from '../../support/api-server.js';
import { createFolders } from '../../support/commands.js';
import { build, freePorts, postReview, type Running, start } from '../../support/program.js';
import { loopbackPair } from '../../support/tls.js';

const folders = createFolders();
const running: Running[] = [];
const servers: ApiServer[] = [];
beforeAll(build, 60_000);
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await Promise.all(servers.map((server) => server.close()));
  await folders.remove();
});

/** A server that keeps its certificates in a Secret, as soon as it answers the kubelet. */
async function serve(env: Record<string, string>) {
  const [port, metricsPort] = await freePorts();
  const flags = ['--port', String(port), '--metrics-port', String(metricsPort), '--host', '127.0.0.1'];
  const one = start(['serve', '--cert-secret', 'aloft-tls', ...flags], { cwd: await folders.create(), env });
  running.push(one);
  const look = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  await eventually(
    () => look('/livez').catch(() => ({ status: one.child.exitCode === null ? 0 : one.err() })),
    ({ status }) => status !== 0,
    20_000,
  );
  return { ...one, port, look };
}

async function startServer(place: Parameters<typeof startApiServer>[0] = {}): Promise<ApiServer> {
  const server = await startApiServer(place);
  servers.push(server);
  server.objects.set(secretPath, emptySecret());
  server.objects.set(mutatingPath, wireConfiguration('MutatingWebhookConfiguration', ['pods.aloft.dev']));
  return server;
}

const ready = (look: Awaited<ReturnType<typeof serve>>['look']) =>
  eventually(
    () => look('/readyz?verbose'),
    ({ status }) => status === 200,
    20_000,
  );

test('starts while the API server is away, says so, and catches up when it is there', async () => {
  const [apiPort] = await freePorts();
  const kubeconfig = await writeKubeconfig(`http://127.0.0.1:${apiPort}`);
  const one = await serve({ KUBECONFIG: kubeconfig });
  expect(await one.look('/livez')).toEqual({ status: 200, text: 'ok\n' });
  const { status, text } = await eventually(
    () => one.look('/readyz'),
    (answer) => answer.text.includes('ECONNREFUSED'),
  );
  expect(status).toBe(503);
  expect(text).toBe(
    `[-] certificate: none yet (cannot read our webhook configurations: fetch failed (connect ECONNREFUSED 127.0.0.1:${apiPort}))
[-] listening: not yet
[+] policy
[+] namespaces
[+] not draining
not ready
`,
  );

  const api = await startServer({ port: apiPort });
  expect((await ready(one.look)).text).toBe(
    '[+] certificate\n[+] listening\n[+] policy\n[+] namespaces\n[+] not draining\nready\n',
  );
  const bundleOf = (): string => {
    const bundle = valueAt(api.objects.get(mutatingPath), ['webhooks', 0, 'clientConfig', 'caBundle']);
    return Buffer.from(String(bundle ?? ''), 'base64').toString();
  };
  await eventually(
    () => parseBundle(bundleOf()).cas.length,
    (count) => count === 1,
  );
  const answer = await postReview({ port: one.port, ca: bundleOf(), body: JSON.stringify(admissionReview()) });
  expect(answer.status).toBe(200);

  one.child.kill('SIGINT');
  expect(await one.ended).toEqual({ code: 0, signal: null });
  const messages = one.lines().map(({ msg }) => msg);
  // Each problem is told once, however often it is met; a busy machine may meet another one beside this.
  const problems = one
    .lines()
    .filter(({ msg }) => msg === 'certificates cannot be kept for now, trying again')
    .map(({ problem }) => String(problem));
  expect(problems.filter((problem) => problem.includes('ECONNREFUSED'))).toHaveLength(1);
  expect(problems).toEqual([...new Set(problems)]);
  expect(messages.filter((msg) => msg === 'starting' || msg === 'serving')).toEqual(['starting', 'serving']);
  expect(one.err() + one.out()).not.toMatch(/BEGIN|PRIVATE|MII[A-Z]/);
}, 60_000);

test('two replicas that start at once serve under the same CA', async () => {
  const api = await startServer();
  const env = { KUBECONFIG: await writeKubeconfig(api.url) };
  const replicas = await Promise.all([serve(env), serve(env)]);
  await Promise.all(replicas.map(({ look }) => ready(look)));
  const [one, other] = await Promise.all(
    replicas.map(({ lines }) =>
      eventually(
        () =>
          lines()
            .filter(({ msg }) => msg === 'certificate loaded')
            .at(-1)?.['ca'],
        (ca) => ca !== undefined,
      ),
    ),
  );
  expect(one).toMatch(/^[0-9A-F:]{11}$/);
  expect(other).toBe(one);
}, 60_000);

describe('before there is any certificate', () => {
  test.each<[string, 'SIGTERM' | 'SIGINT', (api: ApiServer) => void]>([
    [
      'SIGTERM ends it, while calls are refused',
      'SIGTERM',
      (api) => {
        api.fault = () => ({ status: 403, message: 'no' });
      },
    ],
    [
      'SIGINT ends it, while calls are refused',
      'SIGINT',
      (api) => {
        api.fault = () => ({ status: 403, message: 'no' });
      },
    ],
    [
      'SIGTERM ends it, while the API server hangs',
      'SIGTERM',
      (api) => {
        api.fault = () => 'hang';
      },
    ],
  ])(
    '%s: with 0, at once',
    async (_, signal, spoil) => {
      const api = await startServer({ pair: await loopbackPair() });
      spoil(api);
      const one = await serve({ KUBECONFIG: await writeKubeconfig(api.url) });
      await eventually(
        () => api.asked.length,
        (count) => count > 0,
      );
      expect((await one.look('/readyz')).status).toBe(503);
      const since = performance.now();
      one.child.kill(signal);
      expect(await one.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - since).toBeLessThan(3000);
    },
    60_000,
  );
});

describe('without a way to a cluster it does not start:', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['no kubeconfig, and no Pod around us', { KUBECONFIG: '' }, /^aloft: --cert-secret needs a cluster: .*no cluster/],
    [
      'a kubeconfig that is missing',
      { KUBECONFIG: '/nowhere/config' },
      /^aloft: --cert-secret needs a cluster: kubeconfig cannot be read: .*ENOENT/,
    ],
  ])(
    '%s',
    async (_, env, sentence) => {
      const [port, metricsPort] = await freePorts();
      const flags = ['--port', String(port), '--metrics-port', String(metricsPort), '--host', '127.0.0.1'];
      const home = await folders.create();
      const one = start(['serve', '--cert-secret', 'aloft-tls', ...flags], { cwd: home, env: { ...env, HOME: home } });
      running.push(one);
      const late = setTimeout(() => one.child.kill('SIGKILL'), 4000);
      const { code } = await one.ended;
      clearTimeout(late);
      expect([code, one.err()]).toEqual([2, expect.stringMatching(sentence)]);
    },
    20_000,
  );
});
