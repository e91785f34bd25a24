import { add, type Row, replace, testSplicing } from './splicing.js';

const flow: Row[] = [
  ['a member', 'l: {a: b, c: d}\n', [add('/l/x', 'z'), add('/l/q', 'a,b')], 'l: {a: b, c: d, x: z, q: "a,b"}\n'],
  ['with padding and a last comma', 'l: { a: b, } # k\n', [add('/l/x', { z: 1 })], 'l: { a: b, x: { z: 1 }, } # k\n'],
  ['elements', 'l: [a, b]\n', [add('/l/0', 'c'), add('/l/1', 'd'), add('/l/-', 'no')], 'l: [c, d, a, b, "no"]\n'],
  ['quoted as its neighbours', 'l: ["a"]\n', [add('/l/-', 'b')], 'l: ["a", "b"]\n'],
  [
    'elements before one that changes',
    'l: [[a], b]\n',
    [replace('/l/0/0', 'c'), add('/l/0/0', 'd'), add('/l/0', 'e')],
    'l: [e, [d, c], b]\n',
  ],
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

testSplicing('keeps flow collections', flow);
testSplicing('keeps JSON', json);
