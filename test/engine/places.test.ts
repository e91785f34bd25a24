import { describe, expect, test } from '@jest/globals';
import { pathOfEdit } from '../../src/engine/places.js';
import { reasonsOf } from '../../src/engine/review.js';
import type { Edit } from '../../src/model/edit.js';
import { variablePath } from '../../src/model/field-paths.js';
import type { Pod } from '../../src/model/kubernetes.js';
import { showPath } from '../../src/model/problem.js';
import { because } from '../../src/model/reason.js';
import { annotation, env, label, mount, podOf, reviewBy, ruleFor, volume, wishing } from '../support/rules.js';

const pod: Pod = {
  metadata: { labels: { a: '1' } },
  spec: {
    initContainers: [{ name: 'app' }],
    containers: [
      { name: 'other' },
      {
        name: 'app',
        env: [{ name: 'A' }, { name: 'B' }],
        volumeMounts: [
          { name: 'x', mountPath: '/x' },
          { name: 'y', mountPath: '/y' },
        ],
      },
    ],
    volumes: [{ name: 'v' }, { name: 'w' }],
  },
};

describe('an edit is about', () => {
  test.each<[string, Edit, Pod, string]>([
    ['a label', label('a/b', '1'), pod, 'metadata.labels.a/b'],
    ['an annotation', annotation('a/b', '1'), {}, 'metadata.annotations.a/b'],
    ['a variable that is there', env('app', { name: 'B' }), pod, 'spec.containers[1].env[1]'],
    ['a variable that is not', env('app', { name: 'C' }), pod, 'spec.containers[1].env'],
    ['a variable of a container without any', env('other', { name: 'A' }), pod, 'spec.containers[0].env'],
    ['a variable of an init container', env('init:app', { name: 'B' }), pod, 'spec.initContainers[0].env'],
    ['a container that is not there', env('gone', { name: 'B' }), pod, 'spec.containers'],
    ['a container where there are none', mount('gone', 'x', '/x'), {}, 'spec.containers'],
    ['a volume that is there', volume('w', '/w'), pod, 'spec.volumes[1]'],
    ['a volume that is not', volume('u', '/w'), pod, 'spec.volumes'],
    ['a volume where there are none', volume('u', '/w'), {}, 'spec.volumes'],
    ['a mount that is there', mount('app', 'z', '/y'), pod, 'spec.containers[1].volumeMounts[1]'],
    ['a mount that is not', mount('app', 'x', '/z'), pod, 'spec.containers[1].volumeMounts'],
  ])('%s', (_, edit, object, path) => expect(showPath(pathOfEdit(edit, object))).toBe(path));
});

describe('what the author decided points to', () => {
  const places = (object: unknown, ...wishes: readonly Edit[]): readonly string[] =>
    reviewBy([wishing('one', ...wishes)], object)
      .steps.flatMap(reasonsOf)
      .map(({ at = [] }) => showPath(at));

  test.each<[string, Edit, string]>([
    ['the label', label('a', '2'), 'metadata.labels.a'],
    ['the variable', env('app', { name: 'B', value: 'x' }), 'spec.containers[1].env[1]'],
    ['the volume', volume('w', '/w'), 'spec.volumes[1]'],
    ['the mount', mount('app', 'z', '/y'), 'spec.containers[1].volumeMounts[1]'],
  ])('%s', (_, edit, path) => expect(places(pod, edit)).toEqual([path]));

  test('the variable where it was before the same rule put others before it', () => {
    const wishes = ['C', 'D', 'B', 'E'].map((name) => env('app', { name, value: 'x' }));
    expect(places(pod, ...wishes)).toEqual(['spec.containers[1].env[1]']);
  });
});

describe('a reason points into the object that was received', () => {
  const own = { env: [{ name: 'A' }, { name: 'B' }] };
  const first = wishing('first', env('app', { name: 'C', value: '1' }), env('app', { name: 'D', value: '1' }));
  const at = (pointing: Pod, name: string) => {
    const container = pointing.spec?.containers?.[0];
    return container && variablePath({ list: 'containers', index: 0, container }, name);
  };
  const notes = ruleFor('notes', (seen) => ({
    edits: [],
    notes: ['B', 'D', 'E'].map((name) => because('author-decided', name, at(seen, name))),
  }));
  const skips = ruleFor('skips', (seen) => ({ skip: because('author-decided', 'A', at(seen, 'A')) }));
  const finds = ruleFor('finds', (seen) => ({ violations: [because('author-decided', 'B', at(seen, 'B'))] }));
  const other = ruleFor('other', () => ({ skip: because('host-network', 'x', ['spec', 'hostNetwork']) }));

  test('whatever earlier rules put before those that were there', () => {
    const { steps } = reviewBy([first, notes, skips, finds, other], podOf(own));
    const places = steps.flatMap(reasonsOf).map(({ message, at: path = [] }) => `${message} ${showPath(path)}`);
    expect(places).toEqual([
      'B spec.containers[0].env[1]',
      'D spec.containers[0].env',
      'E spec.containers[0].env',
      'A spec.containers[0].env[0]',
      'B spec.containers[0].env[1]',
      'x spec.hostNetwork',
    ]);
  });

  test('and to the list where that is all new', () => {
    const { steps } = reviewBy([first, notes], podOf());
    expect(steps.flatMap(reasonsOf).map(({ at: path = [] }) => showPath(path))).toEqual(
      Array(3).fill('spec.containers[0].env'),
    );
  });

  test('and to the list of what earlier rules put behind the rest', () => {
    const before = wishing('before', volume('late', '/late'), mount('app', 'late', '/late'));
    const wishes = [volume('late', '/x'), volume('v', '/x'), mount('app', 'x', '/late'), mount('app', 'x', '/y')];
    const { steps } = reviewBy([before, wishing('wishes', ...wishes)], pod);
    expect(steps.flatMap(reasonsOf).map(({ at: path = [] }) => showPath(path))).toEqual([
      'spec.volumes',
      'spec.volumes[0]',
      'spec.containers[1].volumeMounts',
      'spec.containers[1].volumeMounts[1]',
    ]);
  });
});
