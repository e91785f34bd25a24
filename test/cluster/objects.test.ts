import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Objects, openObjects } from '../../src/cluster/objects.js';
import { podResource, type Resource, resourceCalled, surroundings } from '../../src/cluster/resources.js';
import { asRecord } from '../../src/model/json.js';
import { writeKubeconfig } from '../support/api-server.js';
import { type LiveCluster, startLiveCluster } from '../support/live-cluster.js';

let cluster: LiveCluster;
let objects: Objects;
beforeEach(async () => {
  cluster = await startLiveCluster();
  objects = openObjects({ kubeconfig: cluster.kubeconfig });
});
afterEach(async () => {
  objects.close();
  await cluster.close();
});

const resource = (word: string): Resource => {
  const found = resourceCalled(word);
  if (found === undefined) throw new Error(word);
  return found;
};
const pod = (name: string, namespace = 'shop', labels = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
});
const nameOf = (object: unknown): unknown => asRecord(asRecord(object)['metadata'])['name'];
const asked = () => cluster.api.asked.map(({ path, query }) => `${path}?${new URLSearchParams(query)}`);

test('an object comes as it is, also what no model knows', async () => {
  cluster.put({ ...pod('cart'), spec: { future: [1] } });
  expect(await objects.read(podResource, { namespace: 'shop', name: 'cart' })).toEqual({
    value: { ...pod('cart'), spec: { future: [1] } },
  });
  expect(cluster.api.asked.map(({ method }) => method)).toEqual(['GET']);
});

test('an object that is not there', async () => {
  expect(await objects.read(podResource, { namespace: 'shop', name: 'cart' })).toEqual({ absent: true });
});

test('a list comes page by page, and its items say what they are', async () => {
  cluster.put(...['a', 'b', 'c', 'd', 'e'].map((name) => pod(name)), pod('z', 'other'));
  cluster.pageSize = 2;
  const found = await objects.list(
    podResource,
    { namespace: 'shop' },
    (one) => `${one['apiVersion']} ${one['kind']} ${nameOf(one)}`,
  );
  expect(found).toEqual({ value: ['v1 Pod a', 'v1 Pod b', 'v1 Pod c', 'v1 Pod d', 'v1 Pod e'] });
  expect(asked()).toEqual([
    '/api/v1/namespaces/shop/pods?limit=500',
    '/api/v1/namespaces/shop/pods?limit=500&continue=2',
    '/api/v1/namespaces/shop/pods?limit=500&continue=4',
  ]);
});

test('a list of all namespaces, of a selector, of the first ones', async () => {
  cluster.put(pod('a', 'one', { app: 'x' }), pod('b', 'two', { app: 'x' }), pod('c', 'two'));
  expect(await objects.list(podResource, {}, nameOf)).toEqual({ value: ['a', 'b', 'c'] });
  expect(await objects.list(podResource, { selector: 'app=x' }, nameOf)).toEqual({ value: ['a', 'b'] });
  cluster.pageSize = 1;
  expect(await objects.list(podResource, { most: 1 }, nameOf)).toEqual({ value: ['a'] });
  expect(cluster.api.asked).toHaveLength(3);
});

test('a list that expires between two pages is begun anew', async () => {
  cluster.put(...['a', 'b', 'c'].map((name) => pod(name)));
  cluster.pageSize = 1;
  const answer = cluster.api.fault;
  let expired = 0;
  cluster.api.fault = (one) =>
    one.query['continue'] === '1' && expired++ === 0 ? { status: 410, message: 'gone' } : answer(one);
  expect(await objects.list(podResource, {}, nameOf)).toEqual({ value: ['a', 'b', 'c'] });
  expect(expired).toBe(2);
});

test('a list that expires again and again is given up', async () => {
  cluster.api.fault = () => ({ status: 410, message: 'the state is gone' });
  await expect(objects.list(podResource, {}, nameOf)).rejects.toThrow(
    'cannot list pods: the API server says 410 the state is gone',
  );
  expect(cluster.api.asked).toHaveLength(3);
});

test('an older server is asked in the version that it has', async () => {
  cluster.unknown.add('/apis/batch/v1/');
  cluster.put({ apiVersion: 'batch/v1beta1', kind: 'CronJob', metadata: { name: 'n', namespace: 'shop' } });
  const found = await objects.list(resource('cj'), { namespace: 'shop' }, (one) => one['apiVersion']);
  expect(found).toEqual({ value: ['batch/v1beta1'] });
  cluster.unknown.add('/apis/batch/v1beta1/');
  expect(await objects.list(resource('cj'), {}, nameOf)).toEqual({ absent: true });
});

describe('what may not be seen is the right that is missing:', () => {
  test.each<[string, (one: Objects) => Promise<unknown>, string]>([
    [
      'an object',
      (one) => one.read(podResource, { namespace: 'shop', name: 'cart' }),
      'get pods cart in namespace shop',
    ],
    [
      'a list',
      (one) => one.list(resource('deploy'), { namespace: 'shop' }, nameOf),
      'list deployments.apps in namespace shop',
    ],
    ['a list of all', (one) => one.list(podResource, {}, nameOf), 'list pods in all namespaces'],
    ['a namespace', (one) => one.read(surroundings.Namespace, { name: 'shop' }), 'get namespaces shop'],
  ])('%s', async (_, call, denied) => {
    cluster.forbidden.add('/api');
    expect(await call(objects)).toEqual({ denied });
  });
});

test.each<[string, () => void, string]>([
  [
    'no connection',
    () => (cluster.api.fault = () => 'drop'),
    'cannot get Pod shop/cart: fetch failed (other side closed)',
  ],
  [
    'wrong credentials',
    () => (cluster.api.fault = () => ({ status: 401, message: 'Unauthorized' })),
    'cannot get Pod shop/cart: the API server says 401 Unauthorized',
  ],
  [
    'something that is no API server, whose words are nobody repeats',
    () => (cluster.api.fault = () => ({ text: '<html>token=s3cr3t</html>' })),
    'cannot get Pod shop/cart: the answer is not JSON',
  ],
])('%s is a sentence', async (_, spoil, message) => {
  spoil();
  const call = objects.read(podResource, { namespace: 'shop', name: 'cart' });
  await expect(call).rejects.toThrow(new Error(message));
});

describe('which cluster', () => {
  const twoContexts = {
    contexts: [
      { name: 'test', context: { cluster: 'test', user: 'test' } },
      { name: 'other', context: { cluster: 'test', user: 'test', namespace: 'pay' } },
    ],
  };
  test.each<
    [string, string | undefined, Record<string, unknown>, { readonly name: string; readonly namespace: string }]
  >([
    ['the current context', undefined, {}, { name: 'test', namespace: 'default' }],
    ['live is the current one', 'live', twoContexts, { name: 'test', namespace: 'default' }],
    ['another one, with its namespace', 'other', twoContexts, { name: 'other', namespace: 'pay' }],
    [
      'one that is called live',
      'live',
      { contexts: [...twoContexts.contexts, { name: 'live', context: { cluster: 'test', user: 'test' } }] },
      { name: 'live', namespace: 'default' },
    ],
  ])('%s', async (_, context, more, expected) => {
    const kubeconfig = await writeKubeconfig(cluster.api.url, {}, more);
    const opened = openObjects({ kubeconfig, ...(context !== undefined && { context }) });
    expect(opened.context).toEqual(expected);
    opened.close();
  });

  test('a context that is not there is a sentence that names those that are', async () => {
    const kubeconfig = await writeKubeconfig(cluster.api.url, {}, twoContexts);
    expect(() => openObjects({ kubeconfig, context: 'prod' })).toThrow(
      'no context "prod" in the kubeconfig: it has test, other',
    );
  });
});
