import { expect, test } from '@jest/globals';
import { createPlaces, type Place } from '../../src/manifests/place.js';
import { readManifests } from '../../src/manifests/read.js';
import { unpack } from '../../src/manifests/unpack.js';
import { valueAt } from '../../src/model/json.js';

type Sources = Readonly<Record<string, string>>;

/** The places of every path within the objects of a text: `path → file:line:column the text there`. */
function places(text: string, sources: Sources, file = '<stdin>'): readonly [path: string, place: Place][] {
  const known = new Map(Object.entries(sources).map(([path, own]) => [path, [() => [{ file: path, text: own }]]]));
  return readManifests(file, text).flatMap((manifest) => {
    const placeOf = createPlaces(manifest, (path) => known.get(path));
    return unpack(manifest).flatMap((object) =>
      pathsIn(object.value).map((path): [string, Place] => [
        path.join('.'),
        placeOf([...object.path, ...path], object),
      ]),
    );
  });
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const inner = valueAt(value, path);
  if (inner === null || typeof inner !== 'object') return [path];
  const steps = Array.isArray(inner) ? [...inner.keys()] : Object.keys(inner);
  return [path, ...steps.flatMap((step) => pathsIn(value, [...path, step]))];
}

/** What stands at the place of a path in the source: `line:text`. */
function textAt(text: string, sources: Sources, path: string): string {
  const [, place] = places(text, sources).find(([own]) => own === path) ?? [];
  if (!place) throw new Error(`no path ${path}`);
  if (place.rendered === undefined) return `rendered, ${place.source}`;
  return `${place.line}:${sources[place.file]?.split('\n')[place.line - 1]?.slice(place.column - 1)}`;
}

const rendered = `---
# Source: shop/templates/all.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: rel-shop
  labels:
    app: shop
    tier: back
  annotations:
    fixed: "yes"
    x/y: z
    q: "1"
spec:
  template:
    metadata:
      labels:
        app: shop
    spec:
      initContainers:
      - name: s1
        image: "i1"
        env:
        - name: A
          value: "1"
      - name: s2
        image: "i2"
        env:
        - name: A
          value: "1"
      containers:
      - name: app
        image: "new:1"
        args: [a, rel, b]
        resources:
          limits:
            cpu: 1
`;
const template = `{{- /* A comment that is no text:
kind: Deployment
*/ -}}
{{- if .Values.old }}
apiVersion: apps/v1beta1
{{- else }}
apiVersion: apps/v1
{{- end }}
kind: Deployment
metadata:
  name: {{ printf "%s-%s" .Release.Name
            "shop" }}
  labels: {{- include "labels" . | nindent 4 }}
  annotations:
    fixed: "yes" # why
    {{- range $k, $v := .Values.annotations }}
    {{ $k }}: {{ $v | quote }}
    {{- end }}
spec:
  template:
    metadata:
      labels:
        {{- include "labels" . | nindent 8 }}
    spec:
      initContainers:
      {{- range .Values.sidecars }}
      - name: {{ .name }}
        image: {{ .image | quote }}
        env:
        - name: A
          value: "1"
      {{- end }}
      containers:
      {{- if .Values.old }}
      - name: app
        image: old
      {{- else }}
      - name: app
        image: "new:{{ .Chart.AppVersion | default "1" }}"
        args: [a, {{ .Release.Name }}, b]
      {{- end }}
        {{- with .Values.resources }}
        resources: {{ toYaml . | nindent 10 }}
        {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
`;
const helm = { 'shop/templates/all.yaml': template };

test.each<[string, string, string]>([
  ['the object', '', '7:apiVersion: apps/v1'],
  ['a line that is literally the same', 'kind', '9:kind: Deployment'],
  ['a value that is an action of several lines', 'metadata.name', '11:name: {{ printf "%s-%s" .Release.Name'],
  ['a key with a template behind it', 'metadata.labels', '13:labels: {{- include "labels" . | nindent 4 }}'],
  ['what that template makes: the key', 'metadata.labels.tier', '13:labels: {{- include "labels" . | nindent 4 }}'],
  ['a line that has a comment in the template', 'metadata.annotations.fixed', '15:fixed: "yes" # why'],
  ['a key that is an action', 'metadata.annotations.x/y', '17:{{ $k }}: {{ $v | quote }}'],
  ['the same key, elsewhere', 'spec.template.metadata.labels', '22:labels:'],
  ['what a template makes below it: the key', 'spec.template.metadata.labels.app', '22:labels:'],
  ['the first turn of a loop', 'spec.template.spec.initContainers.0.image', '28:image: {{ .image | quote }}'],
  ['the second turn', 'spec.template.spec.initContainers.1.image', '28:image: {{ .image | quote }}'],
  ['a list within a loop', 'spec.template.spec.initContainers.1.env.0.value', '31:value: "1"'],
  [
    'the one of two branches',
    'spec.template.spec.containers.0.image',
    '39:image: "new:{{ .Chart.AppVersion | default "1" }}"',
  ],
  ['an element on a line with an action', 'spec.template.spec.containers.0.args.0', '40:a, {{ .Release.Name }}, b]'],
  ['one behind the action: the line', 'spec.template.spec.containers.0.args.2', '40:args: [a, {{ .Release.Name }}, b]'],
  [
    'what is far below an action: the nearest key',
    'spec.template.spec.containers.0.resources.limits.cpu',
    '43:resources: {{ toYaml . | nindent 10 }}',
  ],
])('finds in a Helm template: %s', (_, path, expected) => {
  // The comment of the template is none of what is rendered.
  expect(textAt(rendered.replace('"yes"', '"yes" # why'), helm, path)).toBe(expected);
});

test('a place in a source says where it was rendered', () => {
  const [, [, place] = []] = places(`a: 1\n${rendered}`, helm).filter(([path]) => path === '');
  expect(place).toEqual({
    file: 'shop/templates/all.yaml',
    line: 7,
    column: 1,
    rendered: { file: '<stdin>', line: 4, column: 1 },
  });
});

const service = (name: string) =>
  `---\n# Source: shop/a.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  clusterIP: None\n`;
const services = `{{- range .Values.services }}
---
apiVersion: v1
kind: Service
metadata:
  name: svc-{{ . }}
spec:
  clusterIP: None
{{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: headless
spec:
  clusterIP: None
`;

test.each<[string, string, Sources, string, string]>([
  [
    'the document that is most alike: by its name',
    service('headless'),
    { 'shop/a.yaml': services },
    'spec',
    '15:spec:',
  ],
  ['one of a loop', service('svc-b'), { 'shop/a.yaml': services }, 'metadata.name', '6:name: svc-{{ . }}'],
  [
    'other indentation, as Helm 4 writes it',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    postrenderer.helm.sh/postrender-filename: shop/a.yaml\nspec:\n  containers:\n  - name: a\n    image: b\n',
    { 'shop/a.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n    containers:\n      - name: {{ .x }}\n        image: b\n' },
    'spec.containers.0.image',
    '6:image: b',
  ],
  [
    'Windows line ends',
    service('headless'),
    { 'shop/a.yaml': services.replaceAll('\n', '\r\n') },
    'spec.clusterIP',
    '16:clusterIP: None\r',
  ],
  [
    'nothing that is alike: the beginning',
    service('a'),
    { 'shop/a.yaml': '{{ include "whole" . }}\n' },
    'spec',
    '1:{{ include "whole" . }}',
  ],
  ['an empty template: the beginning', service('a'), { 'shop/a.yaml': '' }, 'spec', '1:'],
  [
    'a template that is plain YAML',
    service('a'),
    { 'shop/a.yaml': `# x\n${service('b')}${service('a')}` },
    'spec.clusterIP',
    '17:clusterIP: None',
  ],
  ['a source that is not there', service('a'), {}, 'spec', 'rendered, shop/a.yaml'],
])('finds by its text: %s', (_, text, sources, path, expected) => {
  expect(textAt(text, sources, path)).toBe(expected);
});

const object = (name: string, origin: string, rest = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations: ${origin}\n  name: ${name}\n${rest}`;
const from = (path: string, index?: number) =>
  JSON.stringify({
    'config.kubernetes.io/path': path,
    ...(index === undefined ? {} : { 'config.kubernetes.io/index': String(index) }),
  });
const plain = (name: string, more = '') =>
  `apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: ${name}${more}}\nspec:\n  containers:\n    - image: i\n      name: app\n`;
const all = `# several\n---\n# none\n---\n${plain('cart')}---\n${plain('cart-db')}---\n${plain('db')}`;

test.each<[string, string, Sources, string, string]>([
  ['by name', object('db', from('a.yaml')), { 'a.yaml': all }, 'metadata.name', '23:name: db}'],
  [
    'with a prefix and a suffix',
    object('prod-db-x', from('a.yaml')),
    { 'a.yaml': all },
    'metadata.name',
    '23:name: db}',
  ],
  ['the longest name', object('prod-cart-db', from('a.yaml')), { 'a.yaml': all }, 'metadata.name', '15:name: cart-db}'],
  ['not a part of a word', object('cartel', from('a.yaml')), { 'a.yaml': all }, 'kind', 'rendered, a.yaml'],
  ['not another name', object('web', from('a.yaml')), { 'a.yaml': plain('cart') }, 'kind', 'rendered, a.yaml'],
  [
    'by its index',
    object('a', from('a.yaml', 1)),
    { 'a.yaml': `${plain('a')}---\n${plain('a')}` },
    'kind',
    '10:kind: Deployment',
  ],
  [
    'an index that counts no empty documents',
    object('cart', from('a.yaml', 0)),
    { 'a.yaml': all },
    'kind',
    '6:kind: Deployment',
  ],
  [
    'an index that counts no empty documents, of two of a name',
    object('a', from('a.yaml', 0)),
    { 'a.yaml': `---\n# none\n---\n${plain('a')}---\n${plain('a')}` },
    'kind',
    '5:kind: Deployment',
  ],
  ['an index that is wrong', object('db', from('a.yaml', 0)), { 'a.yaml': all }, 'metadata.name', '23:name: db}'],
  [
    'of two of a name, none',
    object('a', from('a.yaml')),
    { 'a.yaml': `${plain('a')}---\n${plain('a')}` },
    'kind',
    'rendered, a.yaml',
  ],
  [
    'of two of a name, by namespace',
    object('a', from('a.yaml'), '  namespace: y\n'),
    { 'a.yaml': `${plain('a', ', namespace: x')}---\n${plain('a', ', namespace: y')}` },
    'kind',
    '10:kind: Deployment',
  ],
  [
    'not another kind',
    object('a', from('a.yaml')),
    { 'a.yaml': plain('a').replace('Deployment', 'Pod') },
    'kind',
    'rendered, a.yaml',
  ],
  [
    'not another group',
    object('a', from('a.yaml')),
    { 'a.yaml': plain('a').replace('apps/', 'example.com/') },
    'kind',
    'rendered, a.yaml',
  ],
  [
    'in a list',
    object('b', from('a.yaml')),
    {
      'a.yaml':
        'kind: List\nitems:\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}\n',
    },
    'metadata.name',
    '4:name: b}}',
  ],
  [
    'in JSON',
    object('b', from('a.json')),
    { 'a.json': '{"a": 1}{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "b"}}' },
    'metadata.name',
    '1:"name": "b"}}',
  ],
  ['a broken source', object('a', from('a.yaml')), { 'a.yaml': '{{ x }}\n' }, 'kind', 'rendered, a.yaml'],
  [
    'a container by its name, though one was put before it',
    object('cart', from('a.yaml'), 'spec:\n  containers:\n  - {name: sidecar, image: s}\n  - {name: app, image: i}\n'),
    { 'a.yaml': all },
    'spec.containers.1.image',
    '10:image: i',
  ],
  [
    'a container that the source lacks: the list',
    object('cart', from('a.yaml'), 'spec:\n  containers:\n  - {name: sidecar, image: s}\n  - {name: app, image: i}\n'),
    { 'a.yaml': all },
    'spec.containers.0.image',
    '9:containers:',
  ],
  [
    'an element without a name by its index, in a list of the same length',
    object('cart', from('a.yaml'), 'spec: {ports: [{port: 1}, {port: 2}]}\n'),
    { 'a.yaml': plain('cart').replace('containers:', 'ports: [{port: 1}, {port: 2}]\n  containers:') },
    'spec.ports.1.port',
    '5:port: 2}]',
  ],
  [
    'one in a list of another length: the list',
    object('cart', from('a.yaml'), 'spec: {ports: [{port: 1}, {port: 2}]}\n'),
    { 'a.yaml': plain('cart').replace('containers:', 'ports: [{port: 2}]\n  containers:') },
    'spec.ports.0.port',
    '5:ports: [{port: 2}]',
  ],
  [
    'what only the rendered object has: what is there of it',
    object('cart', from('a.yaml')),
    { 'a.yaml': all },
    'metadata.annotations',
    '7:metadata: {name: cart}',
  ],
])('finds in plain YAML: %s', (_, text, sources, path, expected) => {
  expect(textAt(text, sources, path)).toBe(expected);
});

test('a document that was rendered into the file that it names stays there', () => {
  const own = places(rendered, { 'shop/templates/all.yaml': rendered }, 'shop/templates/all.yaml');
  expect(own[1]).toEqual(['apiVersion', { file: 'shop/templates/all.yaml', line: 3, column: 1 }]);
});

test('a source in another repository is named', () => {
  const text = object(
    'a',
    JSON.stringify({ 'config.kubernetes.io/origin': 'path: a.yaml\nrepo: https://example.com/r\n' }),
  );
  expect(textAt(text, { 'a.yaml': plain('a') }, 'kind')).toBe('rendered, https://example.com/r//a.yaml');
});

test('items of lists have places of their own', () => {
  const text = `kind: ResourceList\nitems:\n- ${object('db', from('a.yaml')).trimEnd().replaceAll('\n', '\n  ')}\n- {kind: Pod, metadata: {name: x}}\n`;
  const found = places(text, { 'a.yaml': all }).filter(([path]) => path === 'kind');
  expect(found.map(([, { file, line, column }]) => `${file}:${line}:${column}`)).toEqual([
    'a.yaml:22:1',
    '<stdin>:8:4',
  ]);
});

test('a source is read once, however many documents name it', () => {
  let reads = 0;
  const read = () => {
    reads++;
    return all;
  };
  const source = Object.defineProperty({ file: 'a.yaml', text: '' }, 'text', { get: read });

  const texts = Array.from({ length: 50 }, () => object('db', from('a.yaml'))).join('---\n');
  for (const manifest of readManifests('x.yaml', texts)) {
    const placeOf = createPlaces(manifest, () => [() => [source]]);
    for (const one of unpack(manifest)) expect(placeOf(['kind'], one)).toMatchObject({ file: 'a.yaml', line: 22 });
  }
  expect(reads).toBe(1);
});

test.each<[string, string, readonly (readonly string[])[], string]>([
  [
    'the one of several in which it is',
    object('db', from('a')),
    [[plain('cart'), plain('db'), plain('web')]],
    '2 of 1',
  ],
  [
    'the first group in which it is',
    object('db', from('a')),
    [[plain('cart')], [], [plain('db')], [plain('db')]],
    '1 of 3',
  ],
  [
    'none of two in which it is',
    object('db', from('a')),
    [[plain('db'), plain('cart'), plain('db')], [plain('db')]],
    '<stdin>',
  ],
  ['of templates the first group', service('svc-a'), [[], [services], [services]], '1 of 2'],
  ['of two templates none', service('svc-a'), [[services, services], [services]], '<stdin>'],
])('of the sources that may be meant, takes %s', (_, text, groups, expected) => {
  const sources = groups.map((group, at) => group.map((own, n) => ({ file: `${n + 1} of ${at + 1}`, text: own })));
  const asked: number[] = [];
  const [manifest] = readManifests('<stdin>', text);
  const [one] = unpack(manifest ?? {});
  if (!manifest || !one) throw new Error('no object');
  const readGroup = (group: (typeof sources)[number], at: number) => () => {
    asked.push(at);
    return group;
  };
  expect(createPlaces(manifest, () => sources.map(readGroup))(['kind'], one).file).toBe(expected);
  expect(asked).toEqual(asked.map((_, index) => index));
  expect(asked.length).toBe(expected === '<stdin>' ? 1 : Number(expected.at(-1)));
});
