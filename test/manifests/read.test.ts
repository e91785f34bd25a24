import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { positionOf } from '../../src/manifests/position.js';
import { readManifests } from '../../src/manifests/read.js';

const valuesOf = (text: string) => readManifests('x.yaml', text).map(({ value }) => value);
const problemsOf = (text: string) =>
  readManifests('x.yaml', text).flatMap(({ problems }) =>
    problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
  );

test.each<[string, string, unknown]>([
  ['booleans of YAML 1.1', 'a: [yes, No, on, OFF, y, n, true]', { a: [true, false, true, false, true, false, true] }],
  ['octals, old and new', 'a: [0644, 0o17, 017, 08]', { a: [420, 15, 15, 8] }],
  [
    'other numbers',
    'a: [0x1F, 0b11, 1_000, .5, 1., 1e3, -0, +7, -.inf]',
    { a: [31, 3, 1000, 0.5, 1, 1000, 0, 7, -Infinity] },
  ],
  ['what only looks like a number', 'a: [., -x, 1.2.3, 0x, _1, 09a]', { a: ['.', '-x', '1.2.3', '0x', '_1', '09a'] }],
  [
    'timestamps are strings',
    'a: [2020-01-01, 2001-12-14t21:59:43.10-05:00]',
    { a: ['2020-01-01', '2001-12-14t21:59:43.10-05:00'] },
  ],
  ['sexagesimal numbers are strings', 'a: [12:30:45, 1:20.5]', { a: ['12:30:45', '1:20.5'] }],
  ['nulls', 'a: [~, null, NULL, "null"]\nb:', { a: [null, null, null, 'null'], b: null }],
  ['keys are strings', 'on: 1\n1.50: 2\n0x10: 3\n~: 4', { true: 1, '1.5': 2, 16: 3, null: 4 }],
  ['explicit tags', 'a: [!!str 1, !!int "3", !!float 2, !foo x]', { a: ['1', 3, 2, 'x'] }],
  ['aliases are copies', 'a: &x {b: [1]}\nc: *x', { a: { b: [1] }, c: { b: [1] } }],
  ['the last anchor of a name counts', 'a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
  [
    'a merge overrides what is before it',
    'b: &b {x: 1, z: 2}\nc: {x: 0, <<: *b, z: 3}',
    { b: { x: 1, z: 2 }, c: { x: 1, z: 3 } },
  ],
  ['of two merged maps the first wins', 'c: {<<: [{x: 1}, {x: 2, z: 3}]}', { c: { x: 1, z: 3 } }],
  ['a key named __proto__', '__proto__: {a: 1}', JSON.parse('{"__proto__": {"a": 1}}')],
  ['tabs between tokens', 'a:\tb\t# c\n', { a: 'b' }],
  ['JSON indented by tabs', '{\n\t"a": [\n\t\t1\n\t]\n}\n', { a: [1] }],
  [
    'a list less indented than its bracket, as Istio 1.5 has it',
    'r:\n  - a: [\n    "x",\n    "y"]\n    b: c\n',
    { r: [{ a: ['x', 'y'], b: 'c' }] },
  ],
  ['carriage returns', 'a: |\r\n  x\r\n  y\r\nb: c\r\n', { a: 'x\ny\n', b: 'c' }],
  ['a byte order mark', '\uFEFFa: b\n', { a: 'b' }],
])('reads as kubectl does: %s', (_, text, expected) => {
  expect(problemsOf(text)).toEqual([]);
  expect(valuesOf(text)).toEqual([expected]);
});

test('an alias is a value of its own', () => {
  const [manifest] = readManifests('x.yaml', 'a: &x {b: 1}\nc: *x\n');
  const value = manifest?.value as { a: object; c: object };
  expect(value.a).not.toBe(value.c);
});

test.each<[string, string, string[], unknown[]]>([
  ['nothing', '', [], []],
  ['comments only', '# a\n\n# b\n', ['# a\n\n# b\n'], [undefined]],
  [
    'markers with comments',
    '--- # one\na: 1\n--- # two\nb: 2',
    ['--- # one\na: 1\n', '--- # two\nb: 2'],
    [{ a: 1 }, { b: 2 }],
  ],
  ['comments before the first marker', '# license\n---\na: 1\n', ['# license\n---\na: 1\n'], [{ a: 1 }]],
  [
    'empty documents',
    '---\n---\n# none\n---\na: 1\n---\n',
    ['---\n', '---\n# none\n', '---\na: 1\n', '---\n'],
    [undefined, undefined, { a: 1 }, undefined],
  ],
  [
    'directives',
    '%YAML 1.2\n---\na: yes\n...\n%YAML 1.1\n---\nb: no\n',
    ['%YAML 1.2\n---\na: yes\n...\n', '%YAML 1.1\n---\nb: no\n'],
    [{ a: true }, { b: false }],
  ],
  [
    'document ends',
    'a: 1\n... # end\nb: 2\n...\n# bye\n',
    ['a: 1\n... # end\n', 'b: 2\n...\n# bye\n'],
    [{ a: 1 }, { b: 2 }],
  ],
  [
    'what is no marker',
    '---a: 1\nb: "---"\nc: |\n  ---\n',
    ['---a: 1\nb: "---"\nc: |\n  ---\n'],
    [{ '---a': 1, b: '---', c: '---\n' }],
  ],
  ['carriage returns', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n'], [{ a: 1 }, { b: 2 }]],
  ['a mark before a marker', '\uFEFF---\na: 1\n', ['\uFEFF---\na: 1\n'], [{ a: 1 }]],
])('splits a stream: %s', (_, text, texts, values) => {
  const manifests = readManifests('x.yaml', text);
  expect(manifests.map((manifest) => manifest.text)).toEqual(texts);
  expect(manifests.map(({ value }) => value)).toEqual(values);
});

test('the texts of the manifests, joined, are the file, whatever it holds', () => {
  const line = fc.constantFrom(
    '---',
    '...',
    '--- # c',
    '# c',
    '%YAML 1.1',
    'a: b',
    '- x',
    '  y: |',
    '\t',
    '',
    '{{ x }}',
    '\uFEFF---',
    '"',
    '[',
  );
  const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 12 });
  fc.assert(
    fc.property(stream, (lines) => {
      const text = lines.flat().join('');
      const manifests = readManifests('x.yaml', text);
      expect(manifests.map((manifest) => manifest.text).join('')).toBe(text);
      for (const [index, { startLine }] of manifests.entries()) {
        const before = manifests.slice(0, index).map((manifest) => manifest.text);
        expect(startLine).toBe(before.join('').split('\n').length);
      }
    }),
    { numRuns: 500 },
  );
});

const template = 'looks like a template: render it first, e.g. with helm template';

test.each<[string, string, string[]]>([
  [
    'a syntax error, the first',
    '---\nok: 1\n---\na: b\n c: d\n e: f\n',
    ['4:4 nested mappings are not allowed in compact mappings'],
  ],
  ['tabs as indentation', 'a:\n\tb: c\n', ['2:1 tabs are not allowed as indentation: indent with spaces']],
  ['tabs behind spaces', 'a:\n  - b: 1\n  \tc: 2\n', ['3:3 tabs are not allowed as indentation: indent with spaces']],
  ['tabs that begin a block scalar', 'a: |\n\tx\n', ['2:1 tabs are not allowed as indentation: indent with spaces']],
  ['a tab where tabs are allowed', '{\n\t"a": @x\n}\n', ['2:7 expected a value of JSON, got "@"']],
  ['a tab on another line', 'a: "\tx"\n\t# y\nb: *x\n', ['3:4 no anchor "x" before its alias']],
  [
    'tabs in JSON, where a comma is missing',
    '{\n\t"a": 1\n\t"b": 2\n}\n',
    ['3:2 expected "," or "}" of JSON, got "\\""'],
  ],
  ['a byte order mark does not count', '\uFEFFa: b: c\n', ['1:4 nested mappings are not allowed in compact mappings']],
  ['an unknown alias', 'a: 1\nb: *x\n', ['2:4 no anchor "x" before its alias']],
  ['an anchor within itself', 'a: &a [*a]\n', ['1:8 the anchor "a" contains itself']],
  ['a merge of something else', 'a: {<<: [1]}\n', ['1:5 expected a map or a list of maps to merge']],
  ['a map as key', '? {a: b}\n: c\n', ['1:3 expected a string as key, got a map, list or alias']],
  ['a template that happens to be YAML', 'a: 1\nname: {{ .Values.name }}\n', [`2:7 ${template}`]],
  ['a template', 'a: 1\n---\n{{- if .x }}\nb: 2\n{{- end }}\n', [`3:1 ${template}`]],
  ['a template below a key', 'a:\n  {{- include "x" . | nindent 4 }}\n', [`2:3 ${template}`]],
  ['a template on the line before', 'a: 1\n{{ include "l" . }}\nb: 2\n', [`2:1 ${template}`]],
  ['a template of Jinja', '{% if x %}\na: 1\n{% endif %}\n', [`1:1 ${template}`]],
  ['a template of ERB', '<% if x %>\na: 1\n', [`1:1 ${template}`]],
  [
    'a fault far from what looks like a template',
    'a: |\n  {{ x }}\nb: 1\nc: *x\n',
    [
      '4:4 no anchor "x" before its alias (the document looks like a template: render it first, e.g. with helm template)',
    ],
  ],
  ['braces in quotes are no template', 'a: "{{ x }}"\nb: *x\n', ['2:4 no anchor "x" before its alias']],
  ['quotes on the line of a fault', 'a: "{{ x }}"\nb: 1\nc: *x\n', ['3:4 no anchor "x" before its alias']],
  ['a quote that is not closed', "a: 'x\n", ["2:1 missing closing quote '"]],
  [
    'a merge conflict',
    'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n',
    ['2:1 a merge conflict that nobody has resolved'],
  ],
  [
    'UTF-16 that does not say so',
    'a\0:\0 \0b\0',
    ['1:2 the control character U+0000, which YAML does not allow: save it as UTF-8 text'],
  ],
  [
    'colours of a terminal',
    'a: 1\nb: \u001b[31mx\n',
    ['2:4 the control character U+001B, which YAML does not allow: write it as an escape in double quotes'],
  ],
  ['a control character that JSON allows', '{"a": "\u007f"}', []],
  ['a document that is too deep', '['.repeat(20_000), ['1:1 the document is nested too deeply']],
])('says what is wrong, and where: %s', (_, text, problems) => {
  expect(problemsOf(text).map((problem) => problem.replace(/^1:\d+ (?=the document is nested)/, '1:1 '))).toEqual(
    problems,
  );
});

test('a broken document leaves the others alone', () => {
  expect(valuesOf('a: 1\n---\nb: [\n---\nc: 3\n')).toEqual([{ a: 1 }, undefined, { c: 3 }]);
});

test('a bomb of aliases is a problem, told once', () => {
  const level = (key: string, of: string) => `${key}: &${key} [${Array(10).fill(of).join(', ')}]`;
  const text = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key, index, keys) =>
    level(key, index === 0 ? 'x' : `*${keys[index - 1]}`),
  );
  expect(problemsOf(text.join('\n'))).toEqual([
    expect.stringMatching(/^5:36 aliases stand for more than 100000 values/),
  ]);
});

const placed = `# first
---
kind: List
items:
  - metadata:
      name: a # here
      "labels": {x: y, z: 1}
    spec:
    - 1
    -   b: c
on: true
<<: {merged: 1}
anchored: &base {a: {b: 1}}
aliased: *base
once:
  c: 1
  <<: *base
twice:
  <<: *base
  <<: {e: 1}
  own: {<<: [*base, {d: {f: 1}}]}
`;

test.each<[string, (string | number)[], string]>([
  ['the document', [], '3:1'],
  ['a key', ['items'], '4:1'],
  ['an element', ['items', 0], '5:5'],
  ['a nested key', ['items', 0, 'metadata', 'name'], '6:7'],
  ['a quoted key', ['items', 0, 'metadata', 'labels'], '7:7'],
  ['a key in a flow map', ['items', 0, 'metadata', 'labels', 'z'], '7:24'],
  ['an element after a wide dash', ['items', 0, 'spec', 1], '10:9'],
  ['a key that YAML reads as a boolean', ['true'], '11:1'],
  ['a missing key: the map that lacks it', ['items', 0, 'metadata', 'annotations', 'a'], '5:5'],
  ['an index as string', ['items', '0', 'spec', '0'], '9:7'],
  ['nothing of the path', ['status', 'x'], '3:1'],
  ['a merge, which is no member', ['<<'], '3:1'],
  ['what was merged: the merge', ['merged'], '12:1'],
  ['what is below what was merged', ['once', 'a', 'b'], '17:3'],
  ['a member beside a merge', ['once', 'c'], '16:3'],
  ['a member that neither the map nor its merge has: the map', ['once', 'x'], '15:1'],
  ['what comes by the first of two merges', ['twice', 'a'], '19:3'],
  ['what comes by the second of two merges', ['twice', 'e'], '20:3'],
  ['what comes by one of a list of maps', ['twice', 'own', 'd', 'f'], '21:9'],
  ['what an alias stands for: the alias', ['aliased', 'a', 'b'], '14:1'],
  ['what an anchor is for', ['anchored', 'a', 'b'], '13:22'],
])('finds the position of %s', (_, path, expected) => {
  const [, manifest] = readManifests('x.yaml', `a: 1\n${placed.replace('# first\n', '')}`);
  const [other] = readManifests('x.yaml', placed.replace('# first\n', '# first\n# second\n'));
  for (const [found, shift] of [
    [manifest, 0],
    [other, 1],
  ] as const) {
    if (!found) throw new Error('no manifest');
    const { line, column } = positionOf(found, path);
    expect(`${line - shift}:${column}`).toBe(expected);
  }
});

test('of a key that is there twice the last one counts, as for kubectl, and all are told', () => {
  const [manifest] = readManifests(
    'x.yaml',
    'a: 1\nb: [{"c": 1, "c": 2}]\na: 2\nd: {<<: {e: 1}, e: 2, <<: {f: 3}}\ng: &g {h: 1, h: 2, h: 3}\ni: *g\n',
  );
  expect(manifest?.value).toEqual({ a: 2, b: [{ c: 2 }], d: { e: 2, f: 3 }, g: { h: 3 }, i: { h: 3 } });
  expect(manifest?.problems).toEqual([]);
  expect(manifest?.duplicates).toEqual([
    { line: 2, column: 14, message: 'the key "c" is there twice', path: ['b', 0, 'c'] },
    { line: 3, column: 1, message: 'the key "a" is there twice', path: ['a'] },
    { line: 5, column: 20, message: 'the key "h" is there 3 times', path: ['g', 'h'] },
  ]);
});
