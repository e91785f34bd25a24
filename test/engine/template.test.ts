import { describe, expect, test } from '@jest/globals';
import { kindOf, kinds, operationOn } from '../../src/engine/kinds.js';
import type { ExplainedOperation } from '../../src/engine/operation.js';
import { hasPlaceholder, retarget, subjectOf } from '../../src/engine/template.js';
import { because } from '../../src/model/reason.js';
import { parseObject } from '../../src/model/shape.js';

const template = { metadata: { labels: { app: 'web' }, name: 'ignored' }, spec: { containers: [{ name: 'web' }] } };
const bare = { spec: template.spec };
const workload = (apiVersion: string, kind: string, of: unknown, name = 'web') => ({
  apiVersion,
  kind,
  metadata: { name },
  spec: { template: of },
});

const podOf = (manifest: unknown): unknown => subjectOf(manifest, 'shop')?.object;

describe('the Pod of a workload', () => {
  const owned = (apiVersion: string, kind: string, name: string) => ({
    generateName: `${name}-`,
    namespace: 'shop',
    ownerReferences: [{ apiVersion, kind, name, controller: true, blockOwnerDeletion: true }],
  });

  test.each<[string, object, object]>([
    [
      'Deployment',
      workload('apps/v1', 'Deployment', template),
      {
        labels: { app: 'web', 'pod-template-hash': 'xxxxxxxxxx' },
        name: 'ignored',
        ...owned('apps/v1', 'ReplicaSet', 'web-xxxxxxxxxx'),
      },
    ],
    [
      'Deployment without labels',
      workload('apps/v1', 'Deployment', bare),
      owned('apps/v1', 'ReplicaSet', 'web-xxxxxxxxxx'),
    ],
    [
      'StatefulSet',
      workload('apps/v1', 'StatefulSet', template),
      { labels: { app: 'web' }, name: 'ignored', ...owned('apps/v1', 'StatefulSet', 'web') },
    ],
    ['DaemonSet', workload('apps/v1', 'DaemonSet', bare), owned('apps/v1', 'DaemonSet', 'web')],
    [
      'ReplicationController',
      workload('v1', 'ReplicationController', bare),
      owned('v1', 'ReplicationController', 'web'),
    ],
    ['Job', workload('batch/v1', 'Job', bare), owned('batch/v1', 'Job', 'web')],
    [
      'Job whose name is to be generated',
      { ...workload('batch/v1', 'Job', bare), metadata: { generateName: 'web-' } },
      owned('batch/v1', 'Job', 'web-xxxxx'),
    ],
    [
      'Rollout of Argo',
      workload('argoproj.io/v1alpha1', 'Rollout', template),
      {
        labels: { app: 'web', 'rollouts-pod-template-hash': 'xxxxxxxxxx' },
        name: 'ignored',
        ...owned('apps/v1', 'ReplicaSet', 'web-xxxxxxxxxx'),
      },
    ],
    [
      'Service of Knative',
      workload('serving.knative.dev/v1', 'Service', bare),
      owned('serving.knative.dev/v1', 'Service', 'web'),
    ],
    [
      'CronJob',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'web' },
        spec: { jobTemplate: { spec: { template: bare } } },
      },
      owned('batch/v1', 'Job', 'web-00000000'),
    ],
  ])('%s', (_, manifest, metadata) => {
    expect(podOf(manifest)).toEqual({ apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec });
  });

  test('Pods and Services are themselves', () => {
    for (const kind of ['Pod', 'Service']) {
      const manifest = { apiVersion: 'v1', kind };
      expect(subjectOf(manifest, 'shop')).toEqual({ kind, object: manifest, path: [] });
    }
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'kind: Pod'],
    ['an object without a kind', {}],
    ['a Pod of another group', { apiVersion: 'x/v1', kind: 'Pod', spec: template.spec }],
    ['a ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', data: {} }],
    ['a CronJob without a template', { apiVersion: 'batch/v1', kind: 'CronJob', spec: { template: bare } }],
    ["an Argo Workflow's template", workload('argoproj.io/v1alpha1', 'Workflow', 'main')],
    ["a Certificate's template", workload('cert-manager.io/v1', 'Certificate', { metadata: {} })],
    ['a template with a spec of something else', workload('x/v1', 'Claim', { spec: { size: 1 } })],
    ['a template whose containers are no list', workload('x/v1', 'X', { spec: { containers: {} } })],
  ])('%s has none', (_, manifest) => expect(subjectOf(manifest, 'shop')).toBeUndefined());

  test('of a template whose metadata is no object is found malformed', () => {
    const pod = podOf(workload('apps/v1', 'Deployment', { ...bare, metadata: 'web' }));
    expect(parseObject('Pod', pod)).toMatchObject({ problem: { path: ['metadata'] } });
  });
});

describe('operations on a Pod, as those on its workload', () => {
  const reason = because('policy-env');
  const add = (path: string, value: unknown, ...at: readonly string[]): ExplainedOperation => ({
    op: 'add',
    path,
    value,
    because: at.map((one) => ({ at: one, rule: 'r', reason })),
  });
  const moved = (manifest: object, ...operations: readonly ExplainedOperation[]) => {
    const subject = subjectOf(manifest, 'shop');
    if (subject === undefined) throw new Error('no subject');
    return retarget(operations, subject, manifest);
  };
  const labels = add('/metadata/labels', { a: '1' }, '/a');
  const annotations = add('/metadata/annotations', { b: '2' }, '/b');
  const env = add('/spec/containers/0/env', [], '');

  test('of a Pod are left alone', () => {
    expect(moved({ apiVersion: 'v1', kind: 'Pod' }, labels, env)).toEqual([labels, env]);
  });

  test('go to the template', () => {
    expect(moved(workload('apps/v1', 'Deployment', template), labels, env)).toEqual([
      add('/spec/template/metadata/labels', { a: '1' }, '/a'),
      add('/spec/template/spec/containers/0/env', [], ''),
    ]);
  });

  test.each([
    ['missing', bare],
    ['null', { ...bare, metadata: null }],
  ])('that add to metadata that is %s add it whole, with every reason', (_, of) => {
    expect(moved(workload('apps/v1', 'Deployment', of), labels, env, annotations)).toEqual([
      add('/spec/template/metadata', { labels: { a: '1' }, annotations: { b: '2' } }, '/labels/a', '/annotations/b'),
      add('/spec/template/spec/containers/0/env', [], ''),
    ]);
    expect(moved(workload('apps/v1', 'Deployment', of), env)).toEqual([
      add('/spec/template/spec/containers/0/env', [], ''),
    ]);
  });
});

test.each([
  ['{"value":"cart-xxxxxxxxxx"}', true],
  ['cart-xxxxx', true],
  ['nightly-00000000', true],
  ['cart', false],
  ['https://abc-xxxxx.example.com', false],
  ['xxxxx', false],
  ['a-00000000-b', false],
])('%s ends as a controller would make it up: %s', (text, expected) => expect(hasPlaceholder(text)).toBe(expected));

describe('kinds', () => {
  test.each([
    ['', 'v1', 'Pod', 'Pod'],
    ['', 'v1', 'Service', 'Service'],
    ['', 'v2', 'Pod', undefined],
    ['apps', 'v1', 'Pod', undefined],
    ['', 'v1', 'ConfigMap', undefined],
    ['', 'v1', 'constructor', undefined],
  ])('%s/%s %s is %s', (group, version, kind, expected) => expect(kindOf({ group, version, kind })).toBe(expected));

  test('are decided on where they can still be changed', () => {
    expect(kinds.Pod.operations.map((operation) => operationOn('Pod', operation))).toEqual(['CREATE']);
    expect(operationOn('Service', 'UPDATE')).toBe('UPDATE');
    expect(operationOn('Pod', 'UPDATE')).toBeUndefined();
    expect(operationOn('Service', 'DELETE')).toBeUndefined();
  });
});
