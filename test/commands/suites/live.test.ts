import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/admission.js';
import { aloft, createFolders } from '../../support/commands.js';
import { fixtureSuites } from '../../support/fixture-suites.js';
import { build, freePorts, type Running, start } from '../../support/program.js';
import { loopbackPair } from '../../support/tls.js';

const folders = createFolders();
const running: Running[] = [];
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await folders.remove();
});

const suites = fixtureSuites();
/** A server looks at its policy every two seconds, and there are more than a hundred policies. */
const manyServers = 8;

/** A real `aloft serve` with a policy that can be changed. */
async function serve(policy: string) {
  const dir = await folders.create({ 'policy.yaml': policy });
  const [port, metricsPort] = await freePorts();
  const flags = ['--port', String(port), '--metrics-port', String(metricsPort), '--host', '127.0.0.1'];
  const process_ = start(['serve', ...flags, '--policy', 'policy.yaml'], { cwd: dir });
  running.push(process_);
  /** Waits for what its log is to say; the log may be long, so that it is not parsed. */
  const hear = (text: string) => eventually(process_.err, (said) => said.includes(text), 60_000);
  await hear('"msg":"serving"');
  const url = `https://127.0.0.1:${port}`;
  const server = ['--server', url, '--ca-file', join(dir, 'certs/ca.crt')];
  return {
    url,
    ask: (...args: readonly string[]) => aloft(['test', ...args, ...server]),
    /** At another address of the same host; what is said later counts. */
    askAt: (suffix: string, ...args: readonly string[]) => {
      const at = suffix.startsWith(':') ? url.replace(/:\d+$/, suffix) : `${url}${suffix}`;
      return aloft(['test', '--ca-file', join(dir, 'certs/ca.crt'), '--server', at, ...args]);
    },
    change: async (name: string, text: string) => {
      // In one step, so that half a policy is never read.
      await writeFile(join(dir, 'next.yaml'), text);
      await rename(join(dir, 'next.yaml'), join(dir, 'policy.yaml'));
      await hear(`"policy":"${name}","msg":"policy loaded"`);
    },
  };
}

type Served = Awaited<ReturnType<typeof serve>>;
let served: Served;
let dir: string;
let policy: string;

beforeAll(async () => {
  await build();
  const files = suites.flatMap(({ name, policy, suite }) => [
    [`${name}.policy.yaml`, policy],
    [`${name}.yaml`, suite],
  ]);
  dir = await folders.create(Object.fromEntries(files));
  policy = await readFile('examples/suites/policy.yaml', 'utf8');
  served = await serve(policy);
}, 120_000);

describe('a suite that is asked of a webhook', () => {
  const suiteOf = (...lines: readonly string[]): string =>
    `apiVersion: aloft.dev/v1alpha1\nkind: TestSuite\nmetadata: { name: a }\nspec:\n  cases:\n    - name: b\n${lines.map((line) => `      ${line}\n`).join('')}`;
  const pod = 'object: { apiVersion: v1, kind: Pod, spec: { containers: [{ name: app, image: "a:1" }] } }';
  const ask = async (...lines: readonly string[]) => {
    const folder = await folders.create({ 'a.yaml': suiteOf(...lines) });
    const ran = await served.ask(join(folder, 'a.yaml'));
    return { ...ran, out: ran.out.replaceAll(`${folder}/`, '').replaceAll(/\n {4}(?=[\w(`])/g, ' ') };
  };

  test('passes as it does here, but for what a webhook cannot be asked', async () => {
    const { code, out, err } = await served.ask('examples/suites', '--verbose');
    expect(code).toBe(0);
    const skipped = out.split('\n').filter((line) => line.startsWith('SKIP'));
    expect(skipped.map((line) => line.replace(/^.*shop\//, ''))).toEqual([
      // Which of the two depends on the day.
      expect.stringMatching(/^legacy applications are exempt/),
      'a label of the namespace brings a tracer as well',
    ]);
    expect(out).toContain('  not seen from outside: expect.rules.agents-outside-mesh.edits\n');
    expect(err).toContain('expectations cannot be seen from outside of a webhook\n7 passed, 0 failed, 2 skipped\n');
  });

  test('fails where the webhook has a policy in which it comes out differently', async () => {
    const lines = [
      pod,
      'namespace: shop',
      'expect: { unchanged: true, rules: { datadog-endpoint-checks: { reasons: [] } } }',
    ];
    const { code, out } = await ask(...lines);
    expect(code).toBe(1);
    expect(out).toContain('  a.yaml:9:17: expect.unchanged: not as expected\n');
    expect(out).toContain(
      'the webhook tells of no such rule for this object, or it is off; there are: agents-outside-mesh, ',
    );
  });

  test('fails where nothing of a case can be seen', async () => {
    const { code, out } = await ask(pod, 'namespace: shop', 'expect: { rules: { tracer-env: edited } }');
    expect(code).toBe(1);
    expect(out).toContain('a.yaml:6:7: nothing of what it expects can be seen from outside of a webhook\n');
  });

  test('fails where every case is skipped', async () => {
    expect(await ask(pod, 'namespaceLabels: { a: b }', 'expect: { unchanged: true }')).toEqual({
      code: 1,
      out: 'SKIP a.yaml:6:7 a/b\n  a webhook reads the labels of namespaces from its cluster\n',
      err: '0 passed, 0 failed, 1 skipped\naloft: every case was skipped, so that nothing is known\n',
    });
  });

  test('is told from one that expects nothing', async () => {
    const { code, out } = await ask(pod, 'namespaceLabels: { a: b }');
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('it expects nothing') });
  });

  test.each([
    ['nobody there', [':1'], 2, 'cannot be reached: connect ECONNREFUSED'],
    ['another name', ['', '--server-name', 'example.com'], 2, '--server-name says which name to expect'],
    ['an authority that is not there', ['', '--ca-file', 'no-such-file'], 2, 'no-such-file: no such file or folder'],
  ])('says what is wrong with %s', async (_, [suffix = '', ...args], code, said) => {
    const ran = await served.askAt(suffix, 'examples/suites', ...args);
    expect(ran.code).toBe(code);
    expect((ran.out + ran.err).replaceAll(/\n +/g, ' ')).toContain(said);
  });

  test('says that nobody vouches for the certificate', async () => {
    const { code, err } = await aloft(['test', 'examples/suites', '--server', served.url]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--ca-file names the certificate') });
  });

  test.each([
    [404, 'no such page', 'the webhook answers with 404: no such page'],
    [200, '<html>', 'the webhook answers with something that is not JSON'],
  ])('says what answers that is none: %i %s', async (status, text, said) => {
    const { ca, cert, key } = await loopbackPair();
    const server = createServer({ cert, key }, (_, response) => response.writeHead(status).end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const folder = await folders.create({ 'ca.crt': ca });
    const { code, out } = await aloft(['test', 'examples/suites', '--server', url, '--ca-file', `${folder}/ca.crt`]);
    server.close();
    expect(code).toBe(1);
    expect(out.replaceAll(/\n +/g, ' ')).toContain(said);
  });

  test.each([
    'http://localhost:8443',
    'localhost:8443',
    'https://localhost:8443/mutate',
    'https://localhost:8443/?timeout=3s',
    'https://somebody@localhost:8443',
  ])('has to be told an address, and nothing else: %s', async (url) => {
    const { code, err } = await aloft(['test', 'examples/suites', '--server', url]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('expected https://host:port alone') });
  });
});

describe('all fixtures of all rules', () => {
  const total = suites.reduce((sum, { cases }) => sum + cases, 0);

  test('pass here', async () => {
    expect(total).toBeGreaterThan(400);
    expect(await aloft(['test', dir])).toEqual({ code: 0, out: '', err: `${total} passed, 0 failed, 0 skipped\n` });
  });

  test('pass against a webhook', async () => {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const left = [...suites];
    const work = async (server: Served): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        await server.change(next.name, next.policy);
        const { out } = await server.ask(join(dir, `${next.name}.yaml`), '-o', 'json');
        const { summary, cases } = JSON.parse(out);
        expect(cases.filter(({ status }: { status: string }) => status === 'failed')).toEqual([]);
        for (const key of ['passed', 'failed', 'skipped'] as const) counts[key] += summary[key];
      }
    };
    const working = [work(served)];
    // One after the other: to start takes more than to serve.
    while (working.length < manyServers) working.push(work(await serve(policy)));
    await Promise.all(working);
    // On another day, an exemption that expires may come out differently.
    const undated = suites
      .filter(({ policy }) => !policy.includes('expires:'))
      .reduce((sum, { cases }) => sum + cases, 0);
    expect(counts.passed).toBeGreaterThanOrEqual(undated);
    expect(counts.passed + counts.skipped).toBe(total);
  }, 120_000);
});
