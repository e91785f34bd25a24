import { expect, test } from '@jest/globals';
import { originOf } from '../../src/manifests/origin.js';
import { readManifests } from '../../src/manifests/read.js';
import { unpack } from '../../src/manifests/unpack.js';

/** The origins of the objects in a text of one document. */
function origins(text: string) {
  const [manifest] = readManifests('x.yaml', text).filter(({ value }) => value !== undefined);
  if (!manifest) throw new Error('no manifest');
  return unpack(manifest).map((object) => originOf(manifest, object));
}

const annotated = (annotations: string) => `kind: Pod\nmetadata:\n  annotations: ${annotations}\n`;
const origin = (text: string) => annotated(JSON.stringify({ 'config.kubernetes.io/origin': text }));
const template = (path: string) => ({ name: path, path, isTemplate: true });
const file = (path: string) => ({ name: path, path });

test.each<[string, string, object | undefined]>([
  ['nothing', 'kind: Pod\n', undefined],
  ["Helm's comment", '---\n# Source: shop/templates/a.yaml\nkind: Pod\n', template('shop/templates/a.yaml')],
  ['the comment before the marker', '# Source: shop/a.yaml\n---\nkind: Pod\n', template('shop/a.yaml')],
  ['the last of two', '# Source: a.yaml\n# Source: b.yaml\nkind: Pod\n', template('b.yaml')],
  ['Windows line ends', '---\r\n# Source: shop/a.yaml\r\nkind: Pod\r\n', template('shop/a.yaml')],
  ['a byte order mark', '\uFEFF# Source: shop/a.yaml\nkind: Pod\n', template('shop/a.yaml')],
  ['a name with a space', '# Source: my shop/a b.yaml  \nkind: Pod\n', template('my shop/a b.yaml')],
  ['a comment within the document', 'kind: Pod\n# Source: shop/a.yaml\nspec: {}\n', undefined],
  ['a comment in a text', 'a: |\n  x\n# Source: shop/a.yaml\nkind: Pod\n', undefined],
  [
    "Helm's annotation",
    annotated('{postrenderer.helm.sh/postrender-filename: shop/templates/a.yaml}'),
    template('shop/templates/a.yaml'),
  ],
  [
    'kpt and functions',
    annotated("{internal.config.kubernetes.io/path: a/b.yaml, internal.config.kubernetes.io/index: '2'}"),
    { ...file('a/b.yaml'), index: 2 },
  ],
  [
    'the same as they were called before',
    annotated("{config.kubernetes.io/path: a/b.yaml, config.kubernetes.io/index: '0'}"),
    { ...file('a/b.yaml'), index: 0 },
  ],
  [
    'an index that is none',
    annotated('{config.kubernetes.io/path: a.yaml, config.kubernetes.io/index: x}'),
    file('a.yaml'),
  ],
  [
    'an index that is a number',
    annotated('{config.kubernetes.io/path: a.yaml, config.kubernetes.io/index: 1}'),
    file('a.yaml'),
  ],
  ['kustomize', origin('path: ../base/a.yaml\n'), file('../base/a.yaml')],
  [
    'kustomize, from a repository',
    origin('path: a.yaml\nrepo: https://me:secret@example.com/shop\nref: v1\n'),
    { name: 'https://example.com/shop//a.yaml?ref=v1' },
  ],
  [
    'kustomize, generated',
    origin('configuredIn: kustomization.yaml\nconfiguredBy: {kind: X}\n'),
    { name: 'kustomization.yaml' },
  ],
  ['something else in its place', origin('git@example.com/deploy.yaml\n'), undefined],
  ['no YAML in its place', origin('path: [\n'), undefined],
  ['no text in its place', annotated('{config.kubernetes.io/path: [a]}'), undefined],
  [
    'an annotation before the comment',
    `# Source: a.yaml\n${annotated('{config.kubernetes.io/path: b.yaml}')}`,
    file('b.yaml'),
  ],
])('reads where an object comes from: %s', (_, text, expected) => {
  expect(origins(text)).toEqual([expected]);
});

test('items have annotations of their own, or those of the lists that they are in, or the comment of the document', () => {
  const text = `# Source: all.yaml
kind: ResourceList
items:
- kind: Pod
  metadata: {annotations: {config.kubernetes.io/path: pod.yaml}}
- kind: List
  metadata: {annotations: {config.kubernetes.io/path: list.yaml}}
  items:
  - kind: Pod
  - kind: Pod
    metadata: {annotations: {config.kubernetes.io/path: own.yaml}}
- kind: Pod
`;
  expect(origins(text).map((one) => one?.name)).toEqual(['pod.yaml', 'list.yaml', 'own.yaml', 'all.yaml']);
});
