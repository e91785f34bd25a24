import { expect, test } from '@jest/globals';
import { namespaceLabelsOf, readNamespaceLabels } from '../../src/manifests/namespaces.js';
import { readManifests } from '../../src/manifests/read.js';

const named = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}}\n`;
const name = 'kubernetes.io/metadata.name';

test.each<[string, string, Record<string, object>]>([
  ['a namespace', named('a', '{x: v}'), { a: { x: 'v', [name]: 'a' } }],
  ['one without labels', named('a', 'null'), { a: { [name]: 'a' } }],
  ['the name, whatever the manifest says', named('a', `{${name}: b}`), { a: { [name]: 'a' } }],
  [
    'several, in any order',
    `${named('b', '{x: v}')}---\nkind: Pod\n---\n${named('a', '{}')}`,
    {
      b: { x: 'v', [name]: 'b' },
      a: { [name]: 'a' },
    },
  ],
  ['of two of a name the last', `${named('a', '{x: v}')}---\n${named('a', '{z: v}')}`, { a: { z: 'v', [name]: 'a' } }],
  [
    'those in a list',
    `kind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {x: v}}}\n`,
    { a: { x: 'v', [name]: 'a' } },
  ],
  ['JSON', '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}', { a: { [name]: 'a' } }],
  ['labels that are no text are none', named('a', '{x: 1, y: true, z: "1"}'), { a: { z: '1', [name]: 'a' } }],
  ['no name', 'apiVersion: v1\nkind: Namespace\nmetadata: {generateName: a-}\n', {}],
  ["another group's kind", named('a', '{}').replace('v1', 'example.com/v1'), {}],
  ['a broken one', `${named('a', '{}')}---\n${named('b', '[')}`, { a: { [name]: 'a' } }],
  ['text about namespaces', 'data:\n  note: |\n    kind: Namespace\n', {}],
])('labels of namespaces: %s', (_, text, expected) => {
  expect(Object.fromEntries(namespaceLabelsOf(readManifests('x.yaml', text)))).toEqual(expected);
  expect(Object.fromEntries(readNamespaceLabels([{ file: 'x.yaml', text }]))).toEqual(expected);
});

test('the last of several texts counts', () => {
  const texts = ['{x: one}', '{x: two}'].map((labels) => ({ file: 'x.yaml', text: named('a', labels) }));
  expect(readNamespaceLabels(texts).get('a')).toMatchObject({ x: 'two' });
});
