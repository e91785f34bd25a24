import { describe, expect, test } from '@jest/globals';
import { sameEnv } from '../../src/model/env.js';
import type { EnvVar, OwnerReference } from '../../src/model/kubernetes.js';
import { annotationOf, containersOf, labelOf, ownerOf, ownValue } from '../../src/model/metadata.js';
import { because, type ReasonCode, reasons, warns } from '../../src/model/reason.js';
import { workloadOf } from '../../src/model/workload.js';

test('labels and annotations are own members, whatever their keys', () => {
  const object = JSON.parse('{"metadata":{"labels":{"constructor":"a","__proto__":"b"},"annotations":null}}');
  expect([labelOf(object, 'constructor'), labelOf(object, '__proto__'), labelOf(object, 'toString')]).toEqual([
    'a',
    'b',
    undefined,
  ]);
  expect(annotationOf(object, 'toString')).toBeUndefined();
  expect(labelOf({}, 'app')).toBeUndefined();
  expect(ownValue(null, 'app')).toBeUndefined();
});

test('init containers come first', () => {
  const pod = { spec: { containers: [{ name: 'a' }], initContainers: [{ name: 'b' }] } };
  expect(containersOf(pod).map(({ list, container }) => `${list} ${container.name}`)).toEqual([
    'initContainers b',
    'containers a',
  ]);
  expect(containersOf({})).toEqual([]);
});

describe('the workload of a Pod', () => {
  const owner = (kind: string, name: string, controller?: boolean): OwnerReference => ({
    kind,
    name,
    ...(controller === undefined ? {} : { controller }),
  });
  const said = (owners: readonly OwnerReference[], labels = {}): string => {
    const workload = workloadOf({ metadata: { ownerReferences: owners, labels } });
    return workload === undefined ? 'none' : `${workload.kind} ${workload.name}`;
  };
  const hashed = { 'pod-template-hash': 'abc' };

  test.each<[string, readonly OwnerReference[], object, string]>([
    ['nobody', [], {}, 'none'],
    ['a Deployment, by the hash', [owner('ReplicaSet', 'web-abc')], hashed, 'Deployment web'],
    ['a Deployment whose name ends alike', [owner('ReplicaSet', 'web-abc-abc')], hashed, 'Deployment web-abc'],
    ['a ReplicaSet of another hash', [owner('ReplicaSet', 'web-xyz')], hashed, 'ReplicaSet web-xyz'],
    ['a ReplicaSet without one', [owner('ReplicaSet', 'web-abc')], {}, 'ReplicaSet web-abc'],
    [
      'a ReplicaSet of an Argo Rollout',
      [owner('ReplicaSet', 'web-abc')],
      { 'rollouts-pod-template-hash': 'abc' },
      'Rollout web',
    ],
    ['a ReplicaSet with an empty one', [owner('ReplicaSet', 'web-')], { 'pod-template-hash': '' }, 'ReplicaSet web-'],
    ['a CronJob, by the minute', [owner('Job', 'import-29384400')], {}, 'CronJob import'],
    ['a CronJob of old, by the second', [owner('Job', 'import-1763064000')], {}, 'CronJob import'],
    ['a Job', [owner('Job', 'import-2026')], {}, 'Job import-2026'],
    ['a StatefulSet', [owner('StatefulSet', 'redis')], {}, 'StatefulSet redis'],
    ['the first owner, without a controller', [owner('A', 'a'), owner('B', 'b', false)], {}, 'A a'],
    ['the controller before others', [owner('A', 'a', false), owner('B', 'b', true)], {}, 'B b'],
  ])('%s', (_, owners, labels, expected) => expect(said(owners, labels)).toBe(expected));

  test('knows the owner of an object without any', () => expect(ownerOf({})).toBeUndefined());
});

describe('two variables say the same', () => {
  const field = (fieldPath: string, apiVersion?: string): EnvVar => ({
    name: 'A',
    valueFrom: { fieldRef: { fieldPath, ...(apiVersion ? { apiVersion } : {}) } },
  });
  test.each<[string, EnvVar, EnvVar, boolean]>([
    ['one literal', { name: 'A', value: 'x' }, { name: 'A', value: 'x' }, true],
    ['two literals', { name: 'A', value: 'x' }, { name: 'A', value: 'y' }, false],
    ['no value and an empty one', { name: 'A' }, { name: 'A', value: '' }, true],
    ['one field, whose version the API server filled in', field('a'), field('a', 'v1'), true],
    ['two fields', field('a'), field('b'), false],
    ['a literal and a Secret', { name: 'A', value: '' }, { name: 'A', valueFrom: {} }, false],
    ['a field and a Secret', field('a'), { name: 'A', valueFrom: {} }, false],
  ])('%s: %#', (_, one, other, expected) => {
    expect(sameEnv(one, other)).toBe(expected);
    expect(sameEnv(other, one)).toBe(expected);
  });
});

describe('reasons', () => {
  const codes = Object.keys(reasons) as readonly ReasonCode[];

  test.each(codes)('%s means something, in lower case and without a full stop', (code) => {
    expect(reasons[code].meaning).toMatch(/^[^A-Z.]|^(Istio|Pod|Datadog|Envoy)/);
    expect(reasons[code].meaning).not.toMatch(/\.$/);
    expect(because(code)).toEqual({ code, message: reasons[code].meaning });
  });

  test('warn where the user who applies the object should hear of it', () => {
    expect(codes.filter(warns)).toEqual([
      'already-injected',
      'redirection-settled',
      'proxy-settled',
      'rule-failed',
      'patch-failed',
    ]);
  });
});
