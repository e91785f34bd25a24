import { expect, test } from '@jest/globals';
import { readManifests } from '../../src/manifests/read.js';
import { add, type Row, replace, splice, testSplicing } from './splicing.js';

const replaced: Row[] = [
  [
    'before comments that a literal block would swallow',
    'a: x\n   # c\n',
    [replace('/a', 'x\nz')],
    'a: "x\\nz"\n   # c\n',
  ],
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
  ['both alike', 'a: &x\n- b\nc: *x # d\n', [add('/a/0', 'e'), add('/c/0', 'e')], 'a: &x\n- e\n- b\nc: *x # d\n'],
  ['both, not alike', 'a: &x\n- b\nc: *x\n', [add('/a/0', 'e'), add('/c/0', 'f')], 'a: &x\n- e\n- b\nc:\n- f\n- b\n'],
];

testSplicing('replaces', replaced);
testSplicing('resolves what is shared', shared);

test.each<Row>([
  ['explicit keys', '# top\n? a # b\n: c\n', [add('/d', '1')], '# top\na:\n  # b\n  c\nd: "1"\n'],
  [
    'explicit keys, carriage returns',
    '# c\r\n? a # b\r\n: [0644, yes, ~, 1_000]\r\n# d\r\n\r\n# e\r\n',
    [replace('/a/0', 'no'), add('/b', '{"\'"}')],
    '# c\r\na:\r\n  # b\r\n  ["no", yes, ~, 1_000]\r\nb: \'{"\'\'"}\'\r\n\r\n# d\r\n\r\n# e\r\n',
  ],
  [
    'explicit keys and a list',
    '? a\n: b\nl:\n- x # c\n',
    [add('/l/0', 'k'), add('/l/-', 'z'), add('/d', { e: 1 })],
    'a: b\nl:\n- k\n- x # c\n- z\nd:\n  e: 1\n',
  ],
  ['a collection after a dash alone', 'l:\r\n-\r\n', [replace('/l/0', { a: 'b' })], 'l:\r\n- a: b\r\n'],
])('prints a document anew if it has to: %s', (_, before, operations, after) => {
  expect(splice(before, operations)).toMatchObject({ text: after, insertions: [], reprinted: true });
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

test.each([
  ['of an alias', 'x: &b\n  labels: {a: b}\nmetadata:\n  labels: {c: d}\n  <<: *b\n'],
  ['in one line', 'x: 1\nmetadata: {labels: {c: d}, <<: {labels: {a: b}}}\n'],
])('a merge %s that wins over what is before it is written out', (_, text) => {
  const { text: after, reprinted } = splice(`# top\n\n${text}`, [add('/metadata/labels/e', 'f')]);
  expect(reprinted).toBe(true);
  expect(after).toMatch(/^# top\n\n/);
  expect(readManifests('x.yaml', after)[0]?.value).toMatchObject({ metadata: { labels: { a: 'b', e: 'f' } } });
});
