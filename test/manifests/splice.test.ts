import { expect, test } from '@jest/globals';
import type { Operation } from '../../src/engine/operation.js';
import { readManifests } from '../../src/manifests/read.js';
import { applyToText } from '../../src/manifests/splice.js';

function splice(text: string, operations: readonly Operation[]) {
  const [manifest] = readManifests('x.yaml', text);
  if (!manifest) throw new Error('no manifest');
  expect(manifest.problems).toEqual([]);
  return applyToText(manifest, operations);
}

const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });
const label = add('/labels/mesh', 'off');

type Row = [name: string, before: string, operations: Operation[], after: string];

const members: Row[] = [
  ['after the last one', 'labels:\n  app: a\nkind: Pod\n', [label], 'labels:\n  app: a\n  mesh: "off"\nkind: Pod\n'],
  [
    'in the order of the operations',
    'labels:\n  app: a\n',
    [label, add('/labels/b', 'c')],
    'labels:\n  app: a\n  mesh: "off"\n  b: c\n',
  ],
  [
    'after a comment on the last line',
    'labels:\n  app: a # why\n',
    [label],
    'labels:\n  app: a # why\n  mesh: "off"\n',
  ],
  [
    'before a comment block',
    'labels:\n  app: a\n  # tier: b\n\nkind: Pod\n',
    [label],
    'labels:\n  app: a\n  mesh: "off"\n  # tier: b\n\nkind: Pod\n',
  ],
  [
    'after comments of the last member',
    'a:\n  b:\n    # c\n\n    # d\n\n# e\n',
    [add('/x', 1)],
    'a:\n  b:\n    # c\n\n    # d\nx: 1\n\n# e\n',
  ],
  [
    'without a line end at the end',
    'labels:\n  app: a',
    [label, add('/x', { y: ['z'] })],
    'labels:\n  app: a\n  mesh: "off"\nx:\n  "y":\n  - z',
  ],
  [
    'before the end of the document',
    '---\nlabels:\n  app: a\n...\n',
    [label],
    '---\nlabels:\n  app: a\n  mesh: "off"\n...\n',
  ],
  ['with carriage returns', 'labels:\r\n  app: a\r\n', [label], 'labels:\r\n  app: a\r\n  mesh: "off"\r\n'],
  ['after tabs', 'labels:\t# c\n  app:\ta\t# d\n', [label], 'labels:\t# c\n  app:\ta\t# d\n  mesh: "off"\n'],
  ['after a byte order mark', '\uFEFFa: b\n', [add('/c', 'd')], '\uFEFFa: b\nc: d\n'],
  ['after a literal block', 'a: |\n  x\n\n\n# c\n', [add('/b', 1)], 'a: |\n  x\nb: 1\n\n\n# c\n'],
  ['after a block that keeps its line ends', 'a: |+\n  x\n\n', [add('/b', 1)], 'a: |+\n  x\n\nb: 1\n'],
  ['after a member without value', 'a: b\nc: # d\n', [add('/b', 1)], 'a: b\nc: # d\nb: 1\n'],
  [
    'where several maps end',
    'm:\n  labels:\n    a: b\n  l:\n  - a',
    [add('/m/l/-', 'b'), add('/m/x', 'z'), add('/z', 1)],
    'm:\n  labels:\n    a: b\n  l:\n  - a\n  - b\n  x: z\nz: 1',
  ],
  [
    'in a map within a list',
    'l:\n  -   a: b\n      c: d\n',
    [add('/l/0/x', 'z')],
    'l:\n  -   a: b\n      c: d\n      x: z\n',
  ],
  ['in a map with a merge', 'b: &b {x: 1}\nc:\n  <<: *b\n', [add('/c/z', 2)], 'b: &b {x: 1}\nc:\n  <<: *b\n  z: 2\n'],
  ['of a key with slashes and tildes', 'a: b\n', [add('/x.io~1y~0z', '1')], 'a: b\nx.io/y~z: "1"\n'],
];

const nested: Row[] = [
  ['in steps of two', 'a: b\n', [add('/m', { k: { o: 'p' } })], 'a: b\nm:\n  k:\n    o: p\n'],
  [
    'in steps of the neighbours',
    'a:\n    b:\n        c: d\n',
    [add('/a/m', { k: 'o' })],
    'a:\n    b:\n        c: d\n    m:\n        k: o\n',
  ],
  [
    'lists as their neighbours: not indented',
    's:\n  cs:\n  - name: a\n',
    [add('/s/cs/0/env', [{ name: 'A', value: '1' }])],
    's:\n  cs:\n  - name: a\n    env:\n    - name: A\n      value: "1"\n',
  ],
  [
    'lists as their neighbours: indented',
    's:\n  cs:\n    - name: a\n',
    [add('/s/cs/0/env', [{ name: 'A', value: '1' }])],
    's:\n  cs:\n    - name: a\n      env:\n        - name: A\n          value: "1"\n',
  ],
  [
    'the nearest neighbour counts',
    'o:\n- a\ns:\n  p:\n    - a\n',
    [add('/s/q', ['b'])],
    'o:\n- a\ns:\n  p:\n    - a\n  q:\n    - b\n',
  ],
  [
    'lists in lists, and empty ones',
    'a: b\n',
    [add('/m', [['c', { d: [] }], {}])],
    'a: b\nm:\n- - c\n  - d: []\n- {}\n',
  ],
  [
    'several lines as a literal block',
    'a: b\n',
    [add('/m', 'x: 1\n\ny: |\n  z\n'), add('/q', ['a\nb'])],
    'a: b\nm: |\n  x: 1\n\n  y: |\n    z\nq:\n- |-\n  a\n  b\n',
  ],
  [
    'several lines in quotes where a block cannot hold them',
    'a: b\n',
    [add('/m', ' x\ny'), add('/q', 'x\n\n'), add('/o', 'x\r\ny\n')],
    'a: b\nm: " x\\ny"\nq: "x\\n\\n"\no: "x\\r\\ny\\n"\n',
  ],
];

const elements: Row[] = [
  [
    'first',
    'env:\n- name: A\n  value: b\n',
    [add('/env/0', { name: 'M', value: '1' }), add('/env/1', { name: 'L' })],
    'env:\n- name: M\n  value: "1"\n- name: L\n- name: A\n  value: b\n',
  ],
  [
    'last',
    'env:\n  - name: A # a\n  # - name: B\nz: 1\n',
    [add('/env/-', { name: 'M' })],
    'env:\n  - name: A # a\n  - name: M\n  # - name: B\nz: 1\n',
  ],
  [
    'above the comment of the first',
    'env: # all\n\n  # about A\n  -   name: A\n',
    [add('/env/0', { name: 'M', value: 'x' })],
    'env: # all\n  -   name: M\n      value: x\n\n  # about A\n  -   name: A\n',
  ],
  ['in the middle', 'l:\n- a\n- b\n', [add('/l/1', 'c'), add('/l/2', 'd')], 'l:\n- a\n- c\n- d\n- b\n'],
  ['at the root', '# top\n- a\n', [add('/0', 'b'), add('/-', 'c')], '# top\n- b\n- a\n- c\n'],
  [
    'before what another operation replaces',
    'env:\n- name: A\n  value: "1"\n',
    [add('/env/0', { name: 'M' }), replace('/env/1/value', '2')],
    'env:\n- name: M\n- name: A\n  value: "2"\n',
  ],
  [
    'of an item of a List',
    'kind: List\nitems:\n- l:\n  - a\n- l:\n  - b\n',
    [add('/items/1/l/0', 'c')],
    'kind: List\nitems:\n- l:\n  - a\n- l:\n  - c\n  - b\n',
  ],
];

const filled: Row[] = [
  [
    '{}',
    'm:\n  labels: {} # none\nz: 1\n',
    [add('/m/labels/a', 'b'), add('/m/labels/c', 'd')],
    'm:\n  labels: # none\n    a: b\n    c: d\nz: 1\n',
  ],
  [
    '[]',
    'env: []\nz:\n  - a\n',
    [add('/env/0', { name: 'A' }), add('/env/-', 'b')],
    'env:\n  - name: A\n  - b\nz:\n  - a\n',
  ],
  ['nothing', 'labels: # none\nz: 1\n', [replace('/labels', { a: 'b' })], 'labels: # none\n  a: b\nz: 1\n'],
  ['null', 'labels: null\n', [add('/labels', { a: 'b' })], 'labels:\n  a: b\n'],
  ['~', 'l: ~', [add('/l', ['b'])], 'l:\n- b'],
  ['nothing, by a string', 'a:\nb: # c\n', [add('/a', 'x'), add('/b', 'x')], 'a: x\nb: x # c\n'],
  ['a document', '{}\n', [add('/a', 'b')], '{a: b}\n'],
];

const flow: Row[] = [
  ['a member', 'l: {a: b, c: d}\n', [add('/l/x', 'z'), add('/l/q', 'a,b')], 'l: {a: b, c: d, x: z, q: "a,b"}\n'],
  ['with padding and a last comma', 'l: { a: b, } # k\n', [add('/l/x', { z: 1 })], 'l: { a: b, x: { z: 1 }, } # k\n'],
  ['elements', 'l: [a, b]\n', [add('/l/0', 'c'), add('/l/1', 'd'), add('/l/-', 'no')], 'l: [c, d, a, b, "no"]\n'],
  ['quoted as its neighbours', 'l: ["a"]\n', [add('/l/-', 'b')], 'l: ["a", "b"]\n'],
  ['an empty one within', 'l: {a: {}, b: []}\n', [add('/l/a/x', 'z'), add('/l/b/-', 1)], 'l: {a: {x: z}, b: [1]}\n'],
  ['a value', 'l: {a: b, "c": "d"}\n', [replace('/l/a', 'x, z'), replace('/l/c', 'e')], 'l: {a: "x, z", "c": "e"}\n'],
  [
    'on lines of its own',
    'l: [\n  {a: b}, # one\n  {c: d} # two\n]\n',
    [add('/l/0', { e: 'f' }), add('/l/-', { g: 'h' })],
    'l: [\n  {e: f},\n  {a: b}, # one\n  {c: d}, # two\n  {g: h}\n]\n',
  ],
  [
    'on lines of its own, with a last comma',
    'l: {\n  a: b, # one\n}\n',
    [add('/l/x', 'z')],
    'l: {\n  a: b, # one\n  x: z,\n}\n',
  ],
  ['on lines of its own, the bracket not', 'l: {\n  a: b}\n', [add('/l/x', 'z')], 'l: {\n  a: b,\n  x: z}\n'],
];

const json: Row[] = [
  [
    'of many lines',
    '{\n  "a": {\n    "b": "c"\n  },\n  "e": {},\n  "n": null\n}\n',
    [add('/a/x', true), add('/e/f', '1'), replace('/n', { o: [] })],
    '{\n  "a": {\n    "b": "c",\n    "x": true\n  },\n  "e": {\n    "f": "1"\n  },\n  "n": {\n    "o": []\n  }\n}\n',
  ],
  [
    'with lists of maps',
    '{\n  "env": [\n    {\n      "name": "A"\n    }\n  ]\n}',
    [add('/env/0', { name: 'M', value: 'x' }), add('/env/-', { name: 'N' })],
    '{\n  "env": [\n    {\n      "name": "M",\n      "value": "x"\n    },\n    {\n      "name": "A"\n    },\n    {\n      "name": "N"\n    }\n  ]\n}',
  ],
  [
    'with maps on one line',
    '{\n  "env": [\n    { "name": "A" }\n  ]\n}\n',
    [add('/env/0', { name: 'M' })],
    '{\n  "env": [\n    { "name": "M" },\n    { "name": "A" }\n  ]\n}\n',
  ],
  [
    'by tabs',
    '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
    [add('/c', { d: 'e' })],
    '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"c": {\n\t\t"d": "e"\n\t}\n}',
  ],
  [
    'on one line',
    '{"a":{"b":"c"},"e":{},"x":[]}',
    [add('/a/x', '1'), add('/e/f', ['1', 2]), add('/x/-', { y: 'z' })],
    '{"a":{"b":"c","x":"1"},"e":{"f":["1",2]},"x":[{"y":"z"}]}',
  ],
  [
    'on one line, with blanks',
    '{"a": {"b": "c"}, "e": []}',
    [add('/a/x', '\u0085"'), add('/e/-', '1')],
    '{"a": {"b": "c", "x": "\\u0085\\""}, "e": ["1"]}',
  ],
];

const replaced: Row[] = [
  ['plain', 'a: b # c\nd: 1\n', [replace('/a', 'x z'), replace('/d', 'true')], 'a: x z # c\nd: "true"\n'],
  ['in double quotes', 'a: "b" # c\n', [replace('/a', 'x"z')], 'a: "x\\"z" # c\n'],
  ['in single quotes', "a: 'b' # c\n", [replace('/a', 'x: {"z"}')], 'a: \'x: {"z"}\' # c\n'],
  [
    'of several lines',
    'a: b\n  c # d\ne: "f\n  g" # h\n',
    [replace('/a', 'x'), replace('/e', 'z')],
    'a: x # d\ne: "z" # h\n',
  ],
  [
    'a literal block',
    'a: |- # c\n    x\n    z\n\n# d\n',
    [replace('/a', 'n: 1\nm: 2\n')],
    'a: | # c\n    n: 1\n    m: 2\n\n# d\n',
  ],
  ['a folded block', 'a: >\n  x\n  z\nb: 1\n', [replace('/a', 'c')], 'a: c\nb: 1\n'],
  ['a block scalar by a map', 'a: >\n  x\nb: 1\n', [replace('/a', { c: 'd' })], 'a:\n  c: d\nb: 1\n'],
  ['a map', 'a:\n  # c\n  b: 1\n  d: 2 # e\nf: 1\n', [replace('/a', { g: 'h' })], 'a:\n  # c\n  g: h\nf: 1\n'],
  ['a list by a string', 'a: # c\n- b\nd: 1\n', [replace('/a', 'x')], 'a: x # c\nd: 1\n'],
  ['an element', 'a:\n- b # c\n- d\n', [replace('/a/0', 'yes')], 'a:\n- "yes" # c\n- d\n'],
  ['twice', 'a: b\n', [replace('/a', 'x'), replace('/a', 'z')], 'a: z\n'],
  ['what was there, by an add', 'a: b\n', [add('/a', 'x')], 'a: x\n'],
];

const shared: Row[] = [
  [
    'an alias becomes a copy',
    'a: &l\n  p: q\nb: *l # c\nd: *l\n',
    [add('/b/x', 'z'), add('/b/w', 'v')],
    'a: &l\n  p: q\nb: # c\n  p: q\n  x: z\n  w: v\nd: *l\n',
  ],
  [
    'other users of an anchor keep its value',
    'a: &l\n  p: q # c\nb: *l\nc: {<<: *l, d: [*l]}\n',
    [add('/a/x', 'z')],
    'a: &l\n  p: q # c\n  x: z\nb:\n  p: q\nc: {<<: {p: q}, d: [{p: q}]}\n',
  ],
  ['an anchored scalar', 'a: &l b\nc: *l\n', [replace('/a', 'x')], 'a: &l x\nc: b\n'],
  [
    'an anchor without aliases',
    'a: &l\n  p: q\nb: &l\n  c: d\ne: *l\n',
    [add('/a/x', 'z')],
    'a: &l\n  p: q\n  x: z\nb: &l\n  c: d\ne: *l\n',
  ],
  [
    'a merged member becomes its own',
    'a: &l\n  p: {r: s}\nb:\n  <<: *l\n',
    [add('/b/p/x', 'z'), replace('/b/p/r', 't')],
    'a: &l\n  p: {r: s}\nb:\n  <<: *l\n  p:\n    r: t\n    x: z\n',
  ],
  [
    'a merged scalar is overridden',
    'a: &l {p: q}\nb:\n  <<: *l\n',
    [replace('/b/p', 'x'), replace('/b/p', 'z')],
    'a: &l {p: q}\nb:\n  <<: *l\n  p: z\n',
  ],
  [
    'an alias and its anchor both change',
    'l:\n- &x {a: b}\n- *x\n',
    [add('/l/0', 'k'), add('/l/1/c', 'd')],
    'l:\n- k\n- &x {a: b, c: d}\n- a: b\n',
  ],
];

const tables: [string, Row[]][] = [
  ['adds members', members],
  ['writes what is nested', nested],
  ['adds elements', elements],
  ['fills', filled],
  ['keeps flow collections', flow],
  ['keeps JSON', json],
  ['replaces', replaced],
  ['resolves what is shared', shared],
];

test.each(tables.flatMap(([title, rows]) => rows.map(([name, ...row]) => [`${title}: ${name}`, ...row] as Row)))(
  '%s',
  (_, before, operations, after) => {
    const spliced = splice(before, operations);
    expect(spliced.text).toBe(after);
    expect(spliced.reprinted).toBeUndefined();
  },
);

test.each<Row>([
  ['explicit keys', '# top\n? a # b\n: c\n', [add('/d', '1')], '# top\na:\n  # b\n  c\nd: "1"\n'],
  [
    'lists within lists',
    'l:\n    - - a # b\n',
    [add('/l/0/0', 'c'), add('/l/0/-', { d: '{"e"}' })],
    'l:\n  - - c\n    - a # b\n    - d: \'{"e"}\'\n',
  ],
  ['a collection after a dash alone', 'l:\r\n-\r\n', [replace('/l/0', { a: 'b' })], 'l:\r\n- a: b\r\n'],
])('prints a document anew if it has to: %s', (_, before, operations, after) => {
  expect(splice(before, operations)).toEqual({ text: after, insertions: [], reprinted: true });
});

test('says which lines are for which part of which operation', () => {
  const { text, insertions } = splice('# c\nlabels: {a: b}\nenv:\n- name: A\nz: 1\n', [
    add('/annotations', { 'x/y': '1', b: 'c' }),
    add('/env/0', { name: 'M', value: 'x' }),
    replace('/z', 2),
    add('/labels/c', 'd'),
  ]);
  const lines = text.split('\n');
  const told = insertions.map(({ line, lines: count, operation, member }) => [
    operation,
    member,
    lines.slice(line - 1, line - 1 + count),
  ]);
  expect(told).toEqual([
    [3, '', ['labels: {a: b, c: d}']],
    [1, '', ['- name: M', '  value: x']],
    [1, '/name', ['- name: M']],
    [1, '/value', ['  value: x']],
    [2, '', ['z: 2']],
    [0, '', ['annotations:', '  x/y: "1"', '  b: c']],
    [0, '/x~1y', ['  x/y: "1"']],
    [0, '/b', ['  b: c']],
  ]);
});

test('an operation that leads nowhere is a mistake of ours', () => {
  expect(() => splice('a: b\n', [add('/c/d', 1)])).toThrow('cannot add /c/d: no such place');
});
