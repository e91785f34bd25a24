import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFolder } from '../../src/certificates/folder.js';
import { issuePair } from '../../src/certificates/issue.js';
import type { Generation, Stored } from '../../src/certificates/state.js';
import { parseGeneration, patchStored } from '../../src/certificates/stored.js';
import {
  type ApiObject,
  type ApiServer,
  emptySecret,
  mutatingPath,
  secretPath,
  startApiServer,
  validatingPath,
  wireConfiguration,
  writeKubeconfig,
} from '../support/api-server.js';
import { issueOurs, ourNames } from '../support/cluster.js';
import { aloft, createFolders, within } from '../support/commands.js';
import { build, freePorts, start } from '../support/program.js';
import { loopbackPair } from '../support/tls.js';

const now = new Date('2026-11-21T05:00:00Z');
const [current, next, previous] = (
  await Promise.all([issueOurs(now), issueOurs(now), issueOurs(new Date('2026-09-01T00:00:00Z'))])
).flatMap((pair) => parseGeneration(pair, ourNames) ?? []) as [Generation, Generation, Generation];
const well: Stored = { current, trusted: [current.ca], revoked: [] };

const folders = createFolders();
const saved = process.env['KUBECONFIG'];
afterAll(async () => {
  if (saved === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = saved;
  await folders.remove();
});

let api: ApiServer;
beforeEach(async () => {
  api = await startApiServer();
  api.date = now;
  process.env['KUBECONFIG'] = await writeKubeconfig(api.url);
});
afterEach(() => api.close());

const [closed] = await freePorts();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** An installation whose Secret holds this, and whose bundles trust these. */
function install(stored: Stored | 'absent', trusts: readonly Generation[]): void {
  if (stored !== 'absent') {
    const { data, annotations } = patchStored('3', stored);
    const filled = Object.entries(data).flatMap(([key, text]) => (text === null ? [] : [[key, base64(text)]]));
    const set = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== null));
    const { metadata, ...rest } = emptySecret();
    api.objects.set(secretPath, {
      ...rest,
      metadata: { ...metadata, annotations: set },
      data: Object.fromEntries(filled),
    });
  }
  const caBundle = base64(trusts.map(({ ca }) => ca.pem).join(''));
  const trusting = (wire: ApiObject): ApiObject => ({
    ...wire,
    webhooks: (wire['webhooks'] as { clientConfig: object }[]).map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle },
    })),
  });
  api.objects.set(
    mutatingPath,
    trusting(wireConfiguration('MutatingWebhookConfiguration', ['pods.aloft.dev', 'services.aloft.dev'])),
  );
  api.objects.set(validatingPath, trusting(wireConfiguration('ValidatingWebhookConfiguration', ['policy.aloft.dev'])));
}

const nameOf = ({ pair }: Generation): string =>
  /CN=(aloft CA .*)/.exec(new X509Certificate(pair.ca).subject)?.[1] ?? '';
const short = ({ id }: Generation): string => id.slice(0, 11);

describe('aloft certs status', () => {
  test('of an installation that is well', async () => {
    install(well, [current]);
    expect(await aloft(['certs', 'status'])).toEqual({
      code: 0,
      err: '',
      out: `Secret aloft-system/aloft-tls: stable
  current, under the CA ${short(current)}
    chain  aloft <- ${nameOf(current)}
    names  aloft
           aloft.aloft-system
           aloft.aloft-system.svc
    valid  2026-11-21 04:00Z to 2027-02-19 05:00Z, 90 days left

MutatingWebhookConfiguration/aloft pods.aloft.dev
  trusts current
MutatingWebhookConfiguration/aloft services.aloft.dev
  trusts current
ValidatingWebhookConfiguration/aloft policy.aloft.dev
  trusts current

All is well.
`,
    });
  });

  test('in the middle of a rotation, with a bundle that was rolled back', async () => {
    install({ ...well, next, previous, trusted: [previous.ca, current.ca, next.ca] }, [previous, current, next]);
    const wire = api.objects.get(validatingPath);
    const webhooks = [
      {
        name: 'policy.aloft.dev',
        clientConfig: { service: { namespace: 'aloft-system', name: 'aloft' }, caBundle: base64('xx') },
      },
      { name: 'empty.aloft.dev', clientConfig: { service: { namespace: 'aloft-system', name: 'aloft' } } },
    ];
    api.objects.set(validatingPath, { ...(wire as ApiObject), webhooks });
    const { code, out, err } = await aloft(['certs', 'status']);
    expect([code, err]).toEqual([1, '']);
    expect(out).toBe(`Secret aloft-system/aloft-tls: staged
  current, under the CA ${short(current)}
    chain  aloft <- ${nameOf(current)}
    names  aloft
           aloft.aloft-system
           aloft.aloft-system.svc
    valid  2026-11-21 04:00Z to 2027-02-19 05:00Z, 90 days left
  next, under the CA ${short(next)}
    chain  aloft <- ${nameOf(next)}
    names  aloft
           aloft.aloft-system
           aloft.aloft-system.svc
    valid  2026-11-21 04:00Z to 2027-02-19 05:00Z, 90 days left
  previous, under the CA ${short(previous)}
    chain  aloft <- ${nameOf(previous)}
    names  aloft
           aloft.aloft-system
           aloft.aloft-system.svc
    valid  2026-08-31 23:00Z to 2026-11-30 00:00Z, 8 days left

MutatingWebhookConfiguration/aloft pods.aloft.dev
  trusts previous, current, next
MutatingWebhookConfiguration/aloft services.aloft.dev
  trusts previous, current, next
ValidatingWebhookConfiguration/aloft policy.aloft.dev
  trusts what is none of ours
ValidatingWebhookConfiguration/aloft empty.aloft.dev
  trusts nobody

Problems:
  ValidatingWebhookConfiguration/aloft: its caBundle does not trust the current
    certificate
  ValidatingWebhookConfiguration/aloft: its caBundle holds what is none of ours
`);
  });

  test('of nothing: what is missing, and 1', async () => {
    expect(await aloft(['certs', 'status'])).toEqual({
      code: 1,
      err: '',
      out: `Secret aloft-system/aloft-tls: absent

Problems:
  the Secret is not there: is aloft running, and may it create its Secret?
  no webhook configuration of ours is there: nothing calls aloft
`,
    });
  });

  test.each<[string, Stored | 'absent', readonly Generation[], string]>([
    ['renewed too late', well, [current], '2027-02-10T00:00:00Z'],
    ['expired', well, [current], '2027-03-10T00:00:00Z'],
    ['not trusted', well, [], '2026-11-21T05:00:00Z'],
    ['the Secret missing', 'absent', [current], '2026-11-21T05:00:00Z'],
  ])('fits 80 columns: %s', async (_, stored, trusts, date) => {
    install(stored, trusts);
    api.date = new Date(date);
    const { code, out } = await aloft(['certs', 'status']);
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('as JSON', async () => {
    install(well, [current]);
    const { code, out, err } = await aloft(['certs', 'status', '-o', 'json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      phase: 'stable',
      generations: [{ slot: 'current', ca: current.id, daysLeft: 90, names: ourNames }],
      webhooks: [{ trusts: ['current'] }, { trusts: ['current'] }, { trusts: ['current'] }],
      problems: [],
    });
    install(well, []);
    expect((await aloft(['certs', 'status', '-o', 'json'])).code).toBe(1);
  });

  test('of other names', async () => {
    install(well, [current]);
    const args = ['--cert-secret', 's', '--namespace', 'n', '--service', 'v', '--webhook-configuration', 'a,b'];
    expect((await aloft(['certs', 'status', ...args])).code).toBe(1);
    expect(api.asked.map(({ method, path }) => `${method} ${path.replace(/^.*?\/v1\//, '')}`).sort()).toEqual([
      'GET mutatingwebhookconfigurations/a',
      'GET mutatingwebhookconfigurations/b',
      'GET namespaces/n/secrets/s',
      'GET validatingwebhookconfigurations/a',
      'GET validatingwebhookconfigurations/b',
    ]);
  });

  test('shows no key, in any format', async () => {
    install({ ...well, next, previous }, [current]);
    for (const format of ['text', 'json'])
      expect((await aloft(['certs', 'status', '-o', format])).out).not.toMatch(/BEGIN|PRIVATE/);
  });
});

describe('aloft certs status --cert-dir', () => {
  const today = new Date();
  const good = () => issuePair({ names: ['localhost'], ips: ['127.0.0.1'], lifetimeDays: 90, now: today });
  const status = async (dir: string, ...args: readonly string[]) =>
    within(dir, await aloft(['certs', 'status', '--cert-dir', `${dir}/certs`, ...args]));

  test('of a good folder', async () => {
    const dir = await folders.create();
    await writeFolder(`${dir}/certs`, await good());
    const { code, out, err } = await status(dir);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^Folder certs\n {4}chain {2}aloft <- aloft CA \S+ \S+\n {4}names {2}localhost\n {11}127\.0\.0\.1\n {4}valid {2}\S+ \S+Z to \S+ \S+Z, (89|90) days left\n\nAll is well\.\n$/,
    );
    expect(api.asked).toEqual([]);
    expect(JSON.parse((await status(dir, '-o', 'json')).out)).toMatchObject({
      names: ['localhost', '127.0.0.1'],
      problems: [],
    });
  });

  test('that has expired: 1, and why', async () => {
    const dir = await folders.create();
    await writeFolder(
      `${dir}/certs`,
      await issuePair({ names: ['localhost'], lifetimeDays: 1, now: new Date('2020-01-01') }),
    );
    const { code, out } = await status(dir);
    expect(code).toBe(1);
    expect(out).toContain('\nProblems:\n  certificate expired on 2020-01-02T00:00:00.000Z\n');
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['an empty folder', {}, 'aloft: certs: holds no tls.crt, tls.key or ca.crt\n'],
    [
      'half a pair',
      { 'certs/tls.key': 'x' },
      'aloft: certs/tls.crt: missing beside tls.key; put the certificate there, or remove tls.key to have both made anew\n',
    ],
    [
      'no PEM',
      { 'certs/tls.key': 'x', 'certs/tls.crt': 'y' },
      'aloft: certs: certificate is not PEM\naloft: certs: key is not PEM without a passphrase\n',
    ],
  ])('of %s: 2', async (_, files, err) => {
    expect(await status(await folders.create(files))).toEqual({ code: 2, out: '', err });
  });
});

describe('aloft certs rotate', () => {
  test.each<[string, readonly string[], string]>([
    ['in good time', [], 'now'],
    ['in a hurry', ['--compromised'], 'compromised'],
  ])('%s sets the annotation, and touches nothing else', async (_, args, wish) => {
    install(well, [current]);
    const before = structuredClone(api.objects.get(secretPath));
    expect(await aloft(['certs', 'rotate', ...args])).toEqual({
      code: 0,
      out: '',
      err: 'asked for a rotation of aloft-system/aloft-tls; see it with: aloft certs status\n',
    });
    const { metadata, ...rest } = api.objects.get(secretPath) ?? emptySecret();
    expect(metadata['annotations']).toEqual({ 'aloft.dev/rotate': wish });
    expect(rest).toEqual({ ...before, metadata: undefined });
    expect(api.asked.at(-1)?.body).toEqual({
      metadata: { resourceVersion: '3', annotations: { 'aloft.dev/rotate': wish } },
      data: {},
    });
  });

  test('tries again when it meets somebody else, five times', async () => {
    install(well, [current]);
    let conflicts = 0;
    api.fault = ({ method }) => (method === 'PATCH' && ++conflicts < 5 ? { status: 409, message: 'newer' } : undefined);
    expect(await aloft(['certs', 'rotate'])).toMatchObject({ code: 0 });
    expect(conflicts).toBe(5);
    api.fault = ({ method }) => (method === 'PATCH' ? { status: 409, message: 'newer' } : undefined);
    expect(await aloft(['certs', 'rotate'])).toEqual({
      code: 2,
      out: '',
      err: 'aloft: Secret aloft-system/aloft-tls changes too often, try again\n',
    });
  });

  test('without a Secret is a mistake', async () => {
    expect(await aloft(['certs', 'rotate', '--namespace', 'elsewhere'])).toEqual({
      code: 2,
      out: '',
      err: 'aloft: Secret elsewhere/aloft-tls is not there: is aloft installed?\n',
    });
  });
});

describe('a cluster that does not answer is a sentence and 2:', () => {
  test.each(['status', 'rotate'])('forbidden, to `aloft certs %s`', async (command) => {
    api.fault = () => ({ status: 403, message: 'secrets "aloft-tls" is forbidden' });
    expect(await aloft(['certs', command])).toEqual({
      code: 2,
      out: '',
      err: 'aloft: cannot read Secret aloft-system/aloft-tls: the API server says 403 secrets "aloft-tls" is forbidden\n',
    });
  });

  // In a process of its own: what the system says comes from outside Jest's realm.
  beforeAll(build, 60_000);
  const read = 'aloft: cannot read Secret aloft-system/aloft-tls: ';
  const strange = loopbackPair().then((pair) => startApiServer({ pair }));
  afterAll(async () => (await strange).close());
  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'refused',
      async () => writeKubeconfig(`https://127.0.0.1:${closed}`),
      /^fetch failed \(connect ECONNREFUSED \S+\)$/,
    ],
    [
      'refused at each address of a name',
      async () => writeKubeconfig(`https://localhost:${closed}`),
      /^fetch failed \(.*ECONNREFUSED.*\)$/,
    ],
    [
      'a name that does not resolve',
      async () => writeKubeconfig('https://nowhere.invalid'),
      /^fetch failed \(getaddrinfo \S+ nowhere\.invalid\)$/,
    ],
    [
      'a certificate that the kubeconfig does not trust',
      async () => writeKubeconfig((await strange).url, { 'certificate-authority-data': base64(current.pair.ca) }),
      /^fetch failed \(.*certificate.*\)$/,
    ],
  ])(
    '%s',
    async (_, kubeconfig, sentence) => {
      const one = start(['certs', 'status'], { env: { KUBECONFIG: await kubeconfig() } });
      expect(await one.ended).toMatchObject({ code: 2 });
      expect(one.out()).toBe('');
      expect(one.err().slice(0, read.length)).toBe(read);
      expect(one.err().slice(read.length).trimEnd()).toMatch(sentence);
    },
    20_000,
  );

  test('a kubeconfig that is missing', async () => {
    process.env['KUBECONFIG'] = '/nowhere/config';
    const { code, err } = await aloft(['certs', 'status']);
    expect([code, err]).toEqual([2, expect.stringMatching(/^aloft: kubeconfig cannot be read: .*ENOENT.*\n$/)]);
  });

  test('no kubeconfig at all', async () => {
    const env = { HOME: await folders.create(), KUBECONFIG: '' };
    const one = start(['certs', 'status'], { env });
    expect(await one.ended).toMatchObject({ code: 2 });
    expect(one.err()).toMatch(/no cluster/);
  }, 20_000);
});
