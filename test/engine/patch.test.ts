import { describe, expect, test } from '@jest/globals';
import jsonPatch from 'fast-json-patch';
import type { Review } from '../../src/engine/review.js';
import type { Edit } from '../../src/model/edit.js';
import type { Pod } from '../../src/model/kubernetes.js';
import { annotation, env, label, mount, podOf, reviewBy, volume, wishing } from '../support/rules.js';

/** Operations in one line each: `add /metadata/labels {"a":"b"}`. */
const said = ({ operations }: Review): readonly string[] =>
  operations.map(({ op, path, value }) => `${op} ${path} ${JSON.stringify(value)}`);

/** What rules' edits become, after checking that it leads where it should. */
function patchOf(pod: Pod, ...wishes: readonly (readonly Edit[])[]): readonly string[] {
  const reviewed = reviewBy(
    wishes.map((edits, index) => wishing(`rule-${index}`, ...edits)),
    pod,
  );
  expect(reviewed.fault).toBeUndefined();
  const patch = reviewed.operations.map(({ op, path, value }) => ({ op, path, value }));
  expect(jsonPatch.applyPatch(pod, patch, true, false).newDocument).toEqual(reviewed.after);
  return said(reviewed);
}

// Null is not of the type, and on the wire.
const withMetadata = (metadata: unknown): Pod => ({ metadata: metadata as NonNullable<Pod['metadata']> });

describe('maps', () => {
  const both = [label('a', '1'), annotation('b', '2')];
  test.each<[string, Pod, readonly Edit[], readonly string[]]>([
    ['no metadata', {}, both, ['add /metadata {"labels":{"a":"1"},"annotations":{"b":"2"}}']],
    ['metadata that is null', withMetadata(null), [label('a', '1')], ['add /metadata {"labels":{"a":"1"}}']],
    ['no maps', withMetadata({}), both, ['add /metadata/labels {"a":"1"}', 'add /metadata/annotations {"b":"2"}']],
    [
      'maps that are null',
      withMetadata({ labels: null, annotations: null }),
      both,
      ['add /metadata/labels {"a":"1"}', 'add /metadata/annotations {"b":"2"}'],
    ],
    [
      'empty maps',
      withMetadata({ labels: {}, annotations: {} }),
      both,
      ['add /metadata/labels/a "1"', 'add /metadata/annotations/b "2"'],
    ],
    [
      'other entries',
      withMetadata({ labels: { x: 'y' } }),
      [label('a', '1'), label('c', '3')],
      ['add /metadata/labels/a "1"', 'add /metadata/labels/c "3"'],
    ],
    ['the same entry', withMetadata({ labels: { a: '1' } }), [label('a', '1')], []],
    ["the author's entry", withMetadata({ labels: { a: '0' } }), [label('a', '1')], []],
    [
      "the author's entry, which the rule folded in",
      withMetadata({ labels: { a: '0' } }),
      [label('a', '1', '0')],
      ['replace /metadata/labels/a "1"'],
    ],
    [
      "the author's entry, which the rule saw otherwise",
      withMetadata({ labels: { a: '0' } }),
      [label('a', '1', '2')],
      [],
    ],
    [
      'slashes and tildes in keys',
      withMetadata({ labels: {} }),
      [label('a/b~c', '1'), label('~1', '2')],
      ['add /metadata/labels/a~1b~0c "1"', 'add /metadata/labels/~01 "2"'],
    ],
    [
      'names of members that every object has',
      withMetadata({ labels: {} }),
      [label('constructor', '1'), label('toString', '2')],
      ['add /metadata/labels/constructor "1"', 'add /metadata/labels/toString "2"'],
    ],
    ['an empty key', withMetadata({ labels: {} }), [label('', '1')], ['add /metadata/labels/ "1"']],
  ])('%s', (_, pod, edits, expected) => expect(patchOf(pod, edits)).toEqual(expected));

  test('two rules fill one map that was missing', () => {
    expect(patchOf(withMetadata({}), [label('a', '1')], [label('b', '2')])).toEqual([
      'add /metadata/labels {"a":"1","b":"2"}',
    ]);
  });

  test('a later rule may replace what an earlier one added, in one operation', () => {
    expect(patchOf(withMetadata({ labels: {} }), [label('a', '1')], [label('a', '2', '1')])).toEqual([
      'add /metadata/labels/a "2"',
    ]);
  });

  test('a key that is a trap of the language stays what its author set', () => {
    const pod = JSON.parse('{"metadata":{"labels":{"__proto__":"x","constructor":"y"}}}');
    const { after, operations } = reviewBy([wishing('rule', label('a', '1'), label('constructor', 'z'))], pod);
    expect(operations).toMatchObject([{ op: 'add', path: '/metadata/labels/a' }]);
    expect(JSON.stringify(after)).toBe('{"metadata":{"labels":{"__proto__":"x","constructor":"y","a":"1"}}}');
  });

  test('every member of an operation has its reason and its rule', () => {
    const { operations } = reviewBy([wishing('one', label('a/b', '1')), wishing('two', annotation('c', '2'))], {});
    expect(operations[0]?.because).toEqual([
      { at: '/labels/a~1b', rule: 'one', reason: { code: 'policy-env', message: 'a test wants it' } },
      { at: '/annotations/c', rule: 'two', reason: { code: 'policy-env', message: 'a test wants it' } },
    ]);
  });
});

describe('variables', () => {
  const a = { name: 'A', value: '1' };
  const b = { name: 'B', value: '2' };
  const own = { name: 'OWN', value: '$(A)' };
  test.each<[string, Pod, readonly (readonly Edit[])[], readonly string[]]>([
    ['no list', podOf(), [[env('app', a), env('app', b)]], [`add /spec/containers/0/env ${JSON.stringify([a, b])}`]],
    [
      'a list that is null',
      podOf(JSON.parse('{"env":null}')),
      [[env('app', a)]],
      [`add /spec/containers/0/env ${JSON.stringify([a])}`],
    ],
    ['an empty list', podOf({ env: [] }), [[env('app', a)]], [`add /spec/containers/0/env/0 ${JSON.stringify(a)}`]],
    [
      "before the author's, in the order of the edits",
      podOf({ env: [own] }),
      [[env('app', a), env('app', b)]],
      [`add /spec/containers/0/env/0 ${JSON.stringify(a)}`, `add /spec/containers/0/env/1 ${JSON.stringify(b)}`],
    ],
    [
      "those of a later rule before an earlier rule's",
      podOf({ env: [own] }),
      [[env('app', a)], [env('app', b)]],
      [`add /spec/containers/0/env/0 ${JSON.stringify(b)}`, `add /spec/containers/0/env/1 ${JSON.stringify(a)}`],
    ],
    [
      'a value is replaced before others are put in front of it',
      podOf({ env: [own, { name: 'LIST', value: 'x' }] }),
      [[env('app', a), env('app', { name: 'LIST', value: 'x,y' }, 'x'), env('app', b)]],
      [
        'replace /spec/containers/0/env/1/value "x,y"',
        `add /spec/containers/0/env/0 ${JSON.stringify(a)}`,
        `add /spec/containers/0/env/1 ${JSON.stringify(b)}`,
      ],
    ],
    [
      'a value that is missing is added',
      podOf({ env: [{ name: 'LIST' }] }),
      [[env('app', { name: 'LIST', value: 'y' }, '')]],
      ['add /spec/containers/0/env/0/value "y"'],
    ],
    [
      'a value that comes from elsewhere is never replaced',
      podOf({ env: [{ name: 'LIST', valueFrom: {} }] }),
      [[env('app', { name: 'LIST', value: 'y' }, '')]],
      [],
    ],
    ['a value that is replaced with itself', podOf({ env: [a] }), [[env('app', a, '1')]], []],
    ['what is there already', podOf({ env: [a] }), [[env('app', a)]], []],
    ["the author's own value", podOf({ env: [a] }), [[env('app', { name: 'A', value: '9' })]], []],
    [
      'two rules in two containers of one name in two lists',
      { spec: { initContainers: [{ name: 'app' }], containers: [{ name: 'x' }, { name: 'app' }] } },
      [[env('app', a)], [env('init:app', b)]],
      [`add /spec/initContainers/0/env ${JSON.stringify([b])}`, `add /spec/containers/1/env ${JSON.stringify([a])}`],
    ],
    [
      'containers named like traps of the language',
      { spec: { containers: [{ name: '__proto__' }, { name: 'constructor' }] } },
      [[env('__proto__', { name: '__proto__', value: 'x' }), env('constructor', a)]],
      [
        'add /spec/containers/0/env [{"name":"__proto__","value":"x"}]',
        `add /spec/containers/1/env ${JSON.stringify([a])}`,
      ],
    ],
  ])('%s', (_, pod, wishes, expected) => expect(patchOf(pod, ...wishes)).toEqual(expected));

  test('what else stands in a variable stays when its value is replaced', () => {
    const pod = JSON.parse(
      '{"spec":{"containers":[{"name":"app","env":[{"name":"LIST","value":"x","valueFrom":null}]}]}}',
    );
    expect(patchOf(pod, [env('app', { name: 'LIST', value: 'x,y' }, 'x')])).toEqual([
      'replace /spec/containers/0/env/0/value "x,y"',
    ]);
  });
});

describe('volumes', () => {
  const edits = [volume('v', '/run/v'), mount('app', 'v', '/run/v')];
  const v = '{"name":"v","hostPath":{"path":"/run/v"}}';
  const m = '{"name":"v","mountPath":"/run/v"}';
  test.each<[string, Pod, readonly string[]]>([
    ['no lists', podOf(), [`add /spec/containers/0/volumeMounts [${m}]`, `add /spec/volumes [${v}]`]],
    [
      'at the end of lists',
      { spec: { containers: [{ name: 'app', volumeMounts: [] }], volumes: [{ name: 'x' }] } },
      [`add /spec/containers/0/volumeMounts/- ${m}`, `add /spec/volumes/- ${v}`],
    ],
    [
      'what is there already',
      {
        spec: {
          containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/run/v' }] }],
          volumes: [{ name: 'v', hostPath: { path: '/run/v' } }],
        },
      },
      [],
    ],
    [
      'names and paths that are taken',
      {
        spec: {
          containers: [{ name: 'app', volumeMounts: [{ name: 'x', mountPath: '/run/v' }] }],
          volumes: [{ name: 'v' }],
        },
      },
      [],
    ],
  ])('%s', (_, pod, expected) => expect(patchOf(pod, edits)).toEqual(expected));

  test('that are taken are a note each', () => {
    const pod = {
      spec: {
        containers: [{ name: 'app', volumeMounts: [{ name: 'x', mountPath: '/run/v' }] }],
        volumes: [{ name: 'v' }],
      },
    };
    const [step] = reviewBy([wishing('rule', ...edits)], pod).steps;
    expect(step).toMatchObject({
      outcome: 'unchanged',
      notes: [
        { code: 'volume-name-taken', message: 'volume v is another one' },
        { code: 'volume-name-taken', message: '/run/v is mounted from elsewhere' },
      ],
    });
  });
});
