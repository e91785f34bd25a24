import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readLive } from '../../../src/commands/live/live.js';
import { type LiveCluster, startLiveCluster } from '../../support/live-cluster.js';

// What a command loads when a cluster is asked for is heavy, and not what is timed.
beforeAll(async () => {
  await import('../../../src/cluster/objects.js');
}, 60_000);

let cluster: LiveCluster;
beforeEach(async () => {
  cluster = await startLiveCluster();
});
afterEach(() => cluster.close());

type Meta = { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };

const object = (kind: string, apiVersion: string, { namespace = 'shop', ...metadata }: Meta, more: object = {}) => ({
  apiVersion,
  kind,
  metadata: { namespace, uid: `uid-of-${metadata.name}`, ...metadata },
  ...more,
});
const ownedBy = (name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Owner', name, uid: `uid-of-${name}`, controller: true }],
});
const pod = (meta: Meta, more = {}) => object('Pod', 'v1', meta, more);
const namespace = (name: string, labels?: object) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const read = (words: readonly string[] = [], options: object = { namespace: 'shop' }) =>
  readLive(words, { kubeconfig: cluster.kubeconfig, ...options });
const filesOf = async (...args: Parameters<typeof read>) => (await read(...args)).sources.map(({ file }) => file);

test('an object is a manifest: without what only the server writes, and without the copy that kubectl keeps', async () => {
  cluster.put(
    pod(
      {
        name: 'cart',
        resourceVersion: '5',
        generation: 2,
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [{ manager: 'kubectl' }],
        labels: { app: 'cart' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"env":"s3cr3t"}' },
      },
      { spec: { containers: [{ name: 'app', image: 'cart:1' }], future: 1 }, status: { phase: 'Running' } },
    ),
  );
  const { sources, problems } = await read(['pod/cart']);
  expect(problems).toEqual([]);
  expect(sources.map(({ file }) => file)).toEqual(['live:shop/pod/cart']);
  expect(parse(sources[0]?.text ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    // Were there no annotations any more, a patch that adds the first one would remove the copy.
    metadata: { namespace: 'shop', name: 'cart', labels: { app: 'cart' }, annotations: {} },
    spec: { containers: [{ name: 'app', image: 'cart:1' }], future: 1 },
  });
});

describe('without words, each thing is there once:', () => {
  test('Pods as they are, and of what makes them only what has none now', async () => {
    cluster.put(
      object('Deployment', 'apps/v1', { name: 'cart' }),
      object('ReplicaSet', 'apps/v1', { name: 'cart-1', ...ownedBy('cart') }),
      object('ReplicaSet', 'apps/v1', { name: 'cart-0', ...ownedBy('cart') }),
      pod({ name: 'cart-1-x', ...ownedBy('cart-1') }),
      pod({ name: 'cart-1-y', ...ownedBy('cart-1') }),
      object('Deployment', 'apps/v1', { name: 'idle' }),
      object('ReplicaSet', 'apps/v1', { name: 'idle-0', ...ownedBy('idle') }),
      object('ReplicaSet', 'apps/v1', { name: 'alone' }),
      object('StatefulSet', 'apps/v1', { name: 'db' }),
      pod({ name: 'db-0', ...ownedBy('db') }),
      pod({ name: 'bare' }),
      pod({ name: 'of-something-else', ...ownedBy('rollout') }),
      object('Service', 'v1', { name: 'cart' }),
      object('CronJob', 'batch/v1', { name: 'nightly' }),
      object('Job', 'batch/v1', { name: 'nightly-1', ...ownedBy('nightly') }),
      pod({ name: 'nightly-1-x', ...ownedBy('nightly-1') }, { status: { phase: 'Succeeded' } }),
    );
    expect(await filesOf()).toEqual([
      'live:shop/pod/bare',
      'live:shop/pod/cart-1-x',
      'live:shop/pod/cart-1-y',
      'live:shop/pod/db-0',
      'live:shop/pod/of-something-else',
      'live:shop/service/cart',
      'live:shop/deployment/idle',
      'live:shop/replicaset/alone',
      'live:shop/cronjob/nightly',
    ]);
  });

  test('of one namespace, or of all', async () => {
    cluster.put(
      pod({ name: 'a', namespace: 'one' }),
      pod({ name: 'b', namespace: 'two' }),
      pod({ name: 'c', namespace: 'default' }),
    );
    expect(await filesOf([], { namespace: 'two' })).toEqual(['live:two/pod/b']);
    expect(await filesOf([], {})).toEqual(['live:default/pod/c']);
    expect(await filesOf([], { allNamespaces: true })).toEqual([
      'live:default/pod/c',
      'live:one/pod/a',
      'live:two/pod/b',
    ]);
  });

  test('with the namespaces, whose labels policies may ask for', async () => {
    cluster.put(namespace('shop', { team: 'a' }), namespace('other', { team: 'b' }), pod({ name: 'a' }));
    const { sources } = await read();
    expect(sources.map(({ file }) => file)).toEqual(['live:namespace/shop', 'live:shop/pod/a']);
    expect(parse(sources[0]?.text ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { team: 'a' } },
    });
  });

  test('of many namespaces the labels are asked for at once', async () => {
    const names = ['a', 'b', 'c', 'd'];
    cluster.put(...names.flatMap((name) => [namespace(name), pod({ name: 'x', namespace: name })]));
    const files = await filesOf([], { allNamespaces: true });
    expect(files.filter((file) => file.startsWith('live:namespace/'))).toHaveLength(4);
    expect(cluster.api.asked.filter(({ path }) => path.startsWith('/api/v1/namespaces/'))).toEqual([]);
  });
});

test('words are answered as they stand: also ReplicaSets of a Deployment, and a Pod that has ended', async () => {
  cluster.put(
    object('Deployment', 'apps/v1', { name: 'cart' }),
    object('ReplicaSet', 'apps/v1', { name: 'cart-1', ...ownedBy('cart') }),
    pod({ name: 'cart-1-x', ...ownedBy('cart-1') }),
    pod({ name: 'done' }, { status: { phase: 'Failed' } }),
  );
  expect(await filesOf(['deploy,rs'])).toEqual(['live:shop/deployment/cart', 'live:shop/replicaset/cart-1']);
  expect(await filesOf(['pods'])).toEqual(['live:shop/pod/cart-1-x']);
  expect(await filesOf(['pod/done'])).toEqual(['live:shop/pod/done']);
});

describe('what cannot be told is a problem, and the rest is there:', () => {
  test('a kind that may not be listed', async () => {
    cluster.put(pod({ name: 'a' }));
    cluster.forbidden.add('/apis/apps/v1/namespaces/shop/deployments');
    const { sources, problems } = await read();
    expect(sources.map(({ file }) => file)).toEqual(['live:shop/pod/a']);
    expect(problems).toEqual([{ file: 'live', message: 'missing right: list deployments.apps in namespace shop' }]);
  });

  test('an object that is not there, or may not be seen', async () => {
    cluster.put(pod({ name: 'a' }));
    cluster.forbidden.add('/api/v1/namespaces/shop/services');
    const { sources, problems } = await read(['pod/a', 'pod/b', 'svc/c']);
    expect(sources.map(({ file }) => file)).toEqual(['live:shop/pod/a']);
    expect(problems.map(({ message }) => message)).toEqual([
      'pod/b: not in namespace shop (-n names another)',
      'service/c: missing right: get services c in namespace shop',
    ]);
  });

  test('namespaces that may not be read are none: few policies ask for them', async () => {
    cluster.put(namespace('shop', { team: 'a' }), pod({ name: 'a' }));
    const answer = cluster.api.fault;
    cluster.api.fault = (asked) =>
      asked.path === '/api/v1/namespaces/shop' ? { status: 403, message: 'no' } : answer(asked);
    expect(await read()).toMatchObject({ sources: [{ file: 'live:shop/pod/a' }], problems: [] });
  });

  test.each<[string, readonly string[], object, RegExp]>([
    ['a word that names nothing', ['manifests'], {}, /^"manifests": expected a kind or an object of the cluster/],
    ['a context that is not there', [], { context: 'prod' }, /^no context "prod" in the kubeconfig: it has test$/],
    ['a kubeconfig that is not there', [], { kubeconfig: '/nowhere/config' }, /^kubeconfig cannot be read: .*ENOENT/],
  ])('%s', async (_, words, options, message) => {
    const { sources, problems } = await read(words, options);
    expect(sources).toEqual([]);
    expect(problems).toEqual([{ file: 'live', message: expect.stringMatching(message) }]);
  });

  test('a server that does not answer', async () => {
    cluster.api.fault = () => 'drop';
    const { problems } = await read(['pod/a']);
    expect(problems).toEqual([
      { file: 'live', message: 'context test: cannot get Pod shop/a: fetch failed (other side closed)' },
    ]);
  });
});

test('a cluster is only ever read', async () => {
  cluster.put(namespace('shop'), pod({ name: 'a' }));
  await read();
  await read(['pod/a', 'pod/b']);
  expect(new Set(cluster.api.asked.map(({ method }) => method))).toEqual(new Set(['GET']));
});
