import { add, type Row, replace, testSplicing } from './splicing.js';

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
    'in a list within a list',
    'l:\n    - - a # b\n',
    [add('/l/0/0', 'c'), add('/l/0/-', { d: 'e' })],
    'l:\n    - - c\n      - a # b\n      - d: e\n',
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

testSplicing('adds elements', elements);
testSplicing('fills', filled);
