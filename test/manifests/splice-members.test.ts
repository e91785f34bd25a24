import { add, type Row, testSplicing } from './splicing.js';

const label = add('/labels/mesh', 'off');

const members: Row[] = [
  [
    'where several maps end, the outermost asked for first',
    'm:\n  l:\n  - a\n',
    [add('/z', 1), add('/m/x', 2), add('/m/l/-', 'b')],
    'm:\n  l:\n  - a\n  - b\n  x: 2\nz: 1\n',
  ],
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
  [
    'lists as the one they are in',
    's:\n  p:\n    - a\n  cs:\n  - name: a\n',
    [add('/s/cs/0/env', ['b'])],
    's:\n  p:\n    - a\n  cs:\n  - name: a\n    env:\n    - b\n',
  ],
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

testSplicing('adds members', members);
testSplicing('writes what is nested', nested);
