import { expect, test } from '@jest/globals';
import { unpack } from '../../src/manifests/unpack.js';

const pod = { kind: 'Pod', metadata: { name: 'a' } };
const service = { kind: 'Service' };

test.each<[string, unknown, unknown[]]>([
  ['an object is itself', pod, [{ value: pod, path: [] }]],
  [
    'a List is its items',
    { kind: 'List', items: [pod, service] },
    [
      { value: pod, path: ['items', 0] },
      { value: service, path: ['items', 1] },
    ],
  ],
  ['a PodList too', { apiVersion: 'v1', kind: 'PodList', items: [pod] }, [{ value: pod, path: ['items', 0] }]],
  ...['v1', 'v1beta1', 'v1alpha1'].map((version): [string, unknown, unknown[]] => [
    `a ResourceList of ${version} too, without its configuration`,
    { apiVersion: `config.kubernetes.io/${version}`, kind: 'ResourceList', items: [pod], functionConfig: service },
    [{ value: pod, path: ['items', 0] }],
  ]),
  [
    'lists within lists',
    { kind: 'List', items: [{ kind: 'List', items: [pod] }, service] },
    [
      { value: pod, path: ['items', 0, 'items', 0] },
      { value: service, path: ['items', 1] },
    ],
  ],
  ['a list of nothing', { kind: 'List', items: [] }, []],
  ['items that are no objects', { kind: 'List', items: [null, 'x', [pod], pod] }, [{ value: pod, path: ['items', 3] }]],
  ['a kind that ends in List without items', { kind: 'AllowList' }, [{ value: { kind: 'AllowList' }, path: [] }]],
  ['items without a kind', { items: [pod] }, [{ value: { items: [pod] }, path: [] }]],
  ['a list', [pod], []],
  ['a string', 'x', []],
  ['nothing', undefined, []],
])('unpacks: %s', (_, value, expected) => {
  expect(unpack({ value })).toEqual(expected);
});
