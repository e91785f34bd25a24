import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCluster } from '../../src/cluster/client.js';
import type { Cluster, WebhookKind } from '../../src/cluster/cluster.js';
import { connect } from '../../src/cluster/connection.js';
import {
  type ApiServer,
  emptySecret,
  type Fault,
  mutatingPath,
  secretPath,
  startApiServer,
  validatingPath,
  wireConfiguration,
  writeKubeconfig,
} from '../support/api-server.js';

const own = { namespace: 'aloft-system', secret: 'aloft-tls', webhookConfigurations: ['aloft', 'aloft-other'] };

const saved = process.env['KUBECONFIG'];
afterAll(() => {
  if (saved === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = saved;
});

let api: ApiServer;
let cluster: Cluster;
beforeEach(async () => {
  api = await startApiServer();
  process.env['KUBECONFIG'] = await writeKubeconfig(api.url);
  cluster = createCluster(connect(), own);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api.close();
});

const bundlePatch = (kind: WebhookKind = 'MutatingWebhookConfiguration') => ({
  configuration: { kind, name: 'aloft', uid: 'uid-1', version: '7' },
  webhooks: ['pods.aloft.dev'],
  caBundle: 'PEM\n',
});
const secretPatch = { version: '3', annotations: { a: 'b', c: null }, data: { 'tls.crt': 'ü', 'prev-tls.crt': null } };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const merge = 'application/merge-patch+json';
const apply = 'application/apply-patch+yaml';
const get = (path: string) => ({ method: 'GET', path, query: {}, type: undefined, body: undefined });

type Row = readonly [name: string, call: (cluster: Cluster) => Promise<unknown>, asked: readonly object[]];
const rows: readonly Row[] = [
  ['readSecret', (one) => one.readSecret(), [get(secretPath)]],
  [
    'createSecret, without a data key that it would own',
    (one) => one.createSecret(),
    [
      {
        method: 'PATCH',
        path: secretPath,
        query: { fieldManager: 'aloft-certificates' },
        type: apply,
        body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'aloft-tls', namespace: 'aloft-system' } },
      },
    ],
  ],
  [
    'patchSecret, with the version it is based on',
    (one) => one.patchSecret(secretPatch),
    [
      {
        method: 'PATCH',
        path: secretPath,
        query: { fieldManager: 'aloft-certificates' },
        type: merge,
        body: {
          metadata: { resourceVersion: '3', annotations: { a: 'b', c: null } },
          data: { 'tls.crt': base64('ü'), 'prev-tls.crt': null },
        },
      },
    ],
  ],
  [
    'readWebhookConfigurations, of each kind',
    (one) => one.readWebhookConfigurations(),
    [
      get(mutatingPath),
      get(validatingPath),
      get(mutatingPath.replace(/aloft$/, 'aloft-other')),
      get(validatingPath.replace(/aloft$/, 'aloft-other')),
    ],
  ],
  ...(
    [
      ['MutatingWebhookConfiguration', mutatingPath],
      ['ValidatingWebhookConfiguration', validatingPath],
    ] as const
  ).map(
    ([kind, path]): Row => [
      `patchCaBundles of a ${kind}, with uid and version, and nothing but names and bundles`,
      (one) => one.patchCaBundles(bundlePatch(kind)),
      [
        {
          method: 'PATCH',
          path,
          query: { fieldManager: 'aloft-certificates', force: 'true' },
          type: apply,
          body: {
            apiVersion: 'admissionregistration.k8s.io/v1',
            kind,
            metadata: { name: 'aloft', uid: 'uid-1', resourceVersion: '7' },
            webhooks: [{ name: 'pods.aloft.dev', clientConfig: { caBundle: base64('PEM\n') } }],
          },
        },
      ],
    ],
  ),
  [
    'listMutatingWebhookConfigurations',
    (one) => one.listMutatingWebhookConfigurations(),
    [get('/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations')],
  ],
  ['listNamespaces', (one) => one.listNamespaces(), [get('/api/v1/namespaces')]],
];

describe('on the wire:', () => {
  test.each(rows)('%s', async (_, call, asked) => {
    api.objects.set(secretPath, emptySecret());
    await call(cluster);
    const inOrder = (all: readonly object[]) => [...all].sort((one, other) => (key(one) < key(other) ? -1 : 1));
    expect(inOrder(api.asked)).toEqual(inOrder(asked));
  });
  const key = (asked: object): string => (asked as { path: string }).path;
});

describe('the Secret', () => {
  test('is read as text, with the time of the API server', async () => {
    const { metadata, ...rest } = emptySecret();
    const annotated = { ...metadata, annotations: { 'aloft.dev/rotate': 'now' } };
    api.objects.set(secretPath, { ...rest, metadata: annotated, data: { 'tls.crt': base64('Grüße\n') } });
    api.date = new Date('2031-02-03T04:05:06Z');
    expect(await cluster.readSecret()).toEqual({
      value: { version: '3', annotations: { 'aloft.dev/rotate': 'now' }, data: { 'tls.crt': 'Grüße\n' } },
      at: api.date,
    });
  });

  test('that was installed empty has no data and no annotations', async () => {
    api.objects.set(secretPath, emptySecret());
    expect((await cluster.readSecret()).value).toEqual({ version: '3', annotations: {}, data: {} });
  });

  test('that is not there is undefined, and still tells the time', async () => {
    api.date = new Date('2031-02-03T04:05:06Z');
    expect(await cluster.readSecret()).toEqual({ value: undefined, at: api.date });
  });

  test('comes with our own time where a proxy swallowed the header', async () => {
    api.objects.set(secretPath, emptySecret());
    api.date = 'none';
    const before = Date.now();
    const { at } = await cluster.readSecret();
    expect(at.getTime()).toBeGreaterThanOrEqual(before);
    expect(at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('is created once, and what is there already stays', async () => {
    await cluster.createSecret();
    await cluster.patchSecret({ version: '1', annotations: {}, data: { 'tls.crt': 'x', unknown: 'y' } });
    await cluster.createSecret();
    expect((await cluster.readSecret()).value?.data).toEqual({ 'tls.crt': 'x', unknown: 'y' });
  });

  test('keeps what a patch does not name, and loses what it removes', async () => {
    api.objects.set(secretPath, { ...emptySecret(), data: { kept: base64('1'), gone: base64('2') } });
    expect(await cluster.patchSecret({ version: '3', annotations: {}, data: { gone: null, added: '3' } })).toBe('done');
    expect((await cluster.readSecret()).value?.data).toEqual({ kept: '1', added: '3' });
  });
});

describe('webhook configurations', () => {
  test('are those that exist, with the entries, bundles and who wrote last', async () => {
    const managedFields = [
      { manager: 'helm', time: '2026-01-01T00:00:00Z' },
      { manager: 'argocd', time: '2026-03-01T00:00:00Z' },
      { manager: 'nobody-knows-when' },
      { manager: 'aloft-certificates', time: '2026-02-01T00:00:00Z' },
    ];
    const wire = wireConfiguration('MutatingWebhookConfiguration', ['pods.aloft.dev'], {
      generation: 5,
      managedFields,
    });
    (wire['webhooks'] as object[]).push({
      name: 'far.example',
      clientConfig: { url: 'https://x', caBundle: base64('P') },
    });
    api.objects.set(mutatingPath, wire);
    expect(await cluster.readWebhookConfigurations()).toEqual([
      {
        kind: 'MutatingWebhookConfiguration',
        name: 'aloft',
        uid: 'uid-1',
        version: '7',
        generation: 5,
        managers: ['argocd', 'aloft-certificates', 'helm', 'nobody-knows-when'],
        webhooks: [
          { name: 'pods.aloft.dev', service: { namespace: 'aloft-system', name: 'aloft' }, caBundle: '' },
          { name: 'far.example', caBundle: 'P' },
        ],
      },
    ]);
  });

  test('without any webhook have none', async () => {
    const { webhooks: _, ...wire } = wireConfiguration('ValidatingWebhookConfiguration', []);
    api.objects.set(validatingPath, wire);
    expect(await cluster.readWebhookConfigurations()).toMatchObject([
      { kind: 'ValidatingWebhookConfiguration', webhooks: [], managers: [] },
    ]);
  });

  test('keep every field that others wrote when a bundle is patched', async () => {
    api.objects.set(mutatingPath, wireConfiguration('MutatingWebhookConfiguration', ['a.aloft.dev', 'pods.aloft.dev']));
    expect(await cluster.patchCaBundles(bundlePatch())).toBe('done');
    expect(api.objects.get(mutatingPath)?.['webhooks']).toEqual([
      expect.objectContaining({ name: 'a.aloft.dev', sideEffects: 'None' }),
      {
        name: 'pods.aloft.dev',
        clientConfig: {
          service: { namespace: 'aloft-system', name: 'aloft', path: '/mutate' },
          caBundle: base64('PEM\n'),
        },
        sideEffects: 'None',
      },
    ]);
  });
});

test('namespaces come with their labels, and with none', async () => {
  api.objects.set('/api/v1/namespaces/shop', { metadata: { name: 'shop', labels: { team: 'cart' } } });
  api.objects.set('/api/v1/namespaces/bare', { metadata: { name: 'bare' } });
  expect(await cluster.listNamespaces()).toEqual([
    { name: 'shop', labels: { team: 'cart' } },
    { name: 'bare', labels: {} },
  ]);
});

describe('a write meets a newer version:', () => {
  test.each<[string, (one: Cluster) => Promise<unknown>]>([
    ['a Secret that changed', (one) => one.patchSecret({ ...secretPatch, version: '2' })],
    ['a configuration that changed', (one) => one.patchCaBundles(withConfiguration({ version: '6' }))],
    ['a configuration made anew', (one) => one.patchCaBundles(withConfiguration({ uid: 'uid-0' }))],
    ['a configuration that is gone', (one) => one.patchCaBundles(withConfiguration({ name: 'gone' }))],
  ])('%s', async (_, call) => {
    api.objects.set(secretPath, emptySecret());
    api.objects.set(mutatingPath, wireConfiguration('MutatingWebhookConfiguration', ['pods.aloft.dev']));
    const before = JSON.stringify([...api.objects]);
    expect(await call(cluster)).toBe('conflict');
    expect(JSON.stringify([...api.objects])).toBe(before);
  });
  const withConfiguration = (parts: object) => ({
    ...bundlePatch(),
    configuration: { ...bundlePatch().configuration, ...parts },
  });

  test('a Secret that is gone', async () => expect(await cluster.patchSecret(secretPatch)).toBe('conflict'));
});

describe('a call that fails says what was tried, and what came back:', () => {
  const read = 'cannot read Secret aloft-system/aloft-tls';
  const forbidden = 'secrets "aloft-tls" is forbidden: User "u" cannot do it';
  const calls: readonly [string, (one: Cluster) => Promise<unknown>][] = [
    [read, (one) => one.readSecret()],
    ['cannot create Secret aloft-system/aloft-tls', (one) => one.createSecret()],
    ['cannot patch Secret aloft-system/aloft-tls', (one) => one.patchSecret(secretPatch)],
    ['cannot read our webhook configurations', (one) => one.readWebhookConfigurations()],
    ['cannot patch MutatingWebhookConfiguration aloft', (one) => one.patchCaBundles(bundlePatch())],
    ['cannot list MutatingWebhookConfigurations', (one) => one.listMutatingWebhookConfigurations()],
    ['cannot list namespaces', (one) => one.listNamespaces()],
  ];

  test.each(calls)('%s: forbidden', async (tried, call) => {
    api.fault = () => ({ status: 403, message: forbidden });
    await expect(call(cluster)).rejects.toThrow(new Error(`${tried}: the API server says 403 ${forbidden}`));
  });

  test.each<[string, () => Fault, string]>([
    ['no rights at all', () => ({ status: 401, message: 'Unauthorized' }), `${read}: the API server says 401`],
    [
      'a fault of the server',
      () => ({ status: 500, message: 'etcd is away' }),
      `${read}: the API server says 500 etcd is away`,
    ],
    ['a proxy that speaks HTML', () => ({ status: 502, text: '<html>' }), `${read}: the API server says 502`],
    ['a connection cut', () => 'drop', `${read}: fetch failed (other side closed)`],
  ])('%s', async (_, fault, sentence) => {
    api.fault = fault;
    await expect(cluster.readSecret()).rejects.toThrow(new Error(sentence));
  });

  test('an answer that is no JSON', async () => {
    api.fault = () => ({ text: 'Welcome to the proxy' });
    await expect(cluster.readSecret()).rejects.toThrow(
      new Error('cannot read Secret aloft-system/aloft-tls: the answer is not JSON'),
    );
  });

  test.each(calls)('%s: no answer within 10 s', async (tried, call) => {
    const { timeout } = AbortSignal;
    const asked: number[] = [];
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms);
      return timeout.call(AbortSignal, 50);
    });
    for (const fault of ['hang', 'stall'] as const) {
      api.fault = () => fault;
      await expect(call(cluster)).rejects.toThrow(new Error(`${tried}: The operation was aborted due to timeout`));
    }
    expect(new Set(asked)).toEqual(new Set([10_000]));
  });

  test('and nothing of what was sent or received', async () => {
    const secrets = 'BEGIN PRIVATE KEY';
    const answers = [
      { status: 422, text: `{"data":"${secrets}"}` },
      { status: 500, text: secrets },
      { text: `{"k":-----${secrets}` },
    ];
    for (const answer of answers) {
      api.fault = () => answer;
      const failure = await cluster
        .patchSecret({ ...secretPatch, data: { k: secrets } })
        .catch((error: Error) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(`${(failure as Error).stack} ${JSON.stringify(failure, Object.getOwnPropertyNames(failure))}`).not.toMatch(
        new RegExp(`${secrets}|${base64(secrets)}`),
      );
    }
  });
});
