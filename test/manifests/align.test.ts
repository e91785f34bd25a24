import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { align } from '../../src/manifests/align.js';
import { outlineOf } from '../../src/manifests/outline.js';
import { templateDocuments } from '../../src/manifests/template.js';

/** For each line of what was rendered: the line of the template, from 0. */
const lines = (rendered: string, template: string) =>
  Object.fromEntries(
    [...align(outlineOf(rendered), templateDocuments(template))].map(([line, { template: made }]) => [
      line,
      made.index,
    ]),
  );

test.each<[string, string, Record<string, string>]>([
  ['keys', 'a:\n  b: 1\n  c:\n    d: 2\ne: 3\n', { 'a:': '', 'b: 1': '/a', 'c:': '/a', 'd: 2': '/a/c', 'e: 3': '' }],
  [
    'lists below their key',
    'a:\n  - b: 1\n    c: 2\n  - d\ne: 3\n',
    {
      'a:': '',
      'b: 1': '/a/-',
      'c: 2': '/a/-',
      d: '/a/-',
      'e: 3': '',
    },
  ],
  [
    'lists as deep as their key',
    'a:\n- b: 1\n  c: 2\n- d\ne: 3\n',
    {
      'a:': '',
      'b: 1': '/a/-',
      'c: 2': '/a/-',
      d: '/a/-',
      'e: 3': '',
    },
  ],
  ['lists of lists', 'a:\n- - b\n  - c: 1\n', { 'a:': '', b: '/a/-/-', 'c: 1': '/a/-/-' }],
  [
    'quoted keys, and colons that end none',
    '"a:b": 1\nc:d: 2\n\'e\':\n  f\n',
    {
      '"a:b": 1': '',
      'c:d: 2': '',
      "'e':": '',
      f: "/'e'",
    },
  ],
  ['markers and blank lines are left out', '---\n\na: 1\n...\n', { 'a: 1': '' }],
])('knows what a line is below: %s', (_, text, expected) => {
  expect(Object.fromEntries(outlineOf(text).map((line) => [line.text, line.path]))).toEqual(expected);
});

test.each<[string, string, string, Record<number, number>]>([
  ['a text that was there before', 'a: 1\nb: 2\n', 'b: 2\n', { 1: 0 }],
  [
    'the same text below other keys',
    'x:\n  n: 1\ny:\n  n: 1\n',
    'y:\n  n: 1\nx:\n  n: 1\n',
    { 0: 2, 1: 3, 2: 0, 3: 1 },
  ],
  [
    'lines that stand several times, in order',
    '- a: 1\n  b: 1\n- a: 1\n  b: 2\n',
    '- a: 1\n  b: 1\n- a: 1\n  b: 2\n',
    { 0: 0, 1: 1, 2: 2, 3: 3 },
  ],
  [
    'what is twice in the template, by what is beside it',
    '- n: app\n  p: 1\n',
    '- n: {{ .x }}\n  p: 1\n- n: app\n  p: 1\n',
    { 0: 2, 1: 3 },
  ],
  ['a line that was moved', '- k\n- d\n- m\n- d\n- l\n', '- k\n- d\n- d\n- l\n- m\n', { 0: 0, 1: 1, 2: 4, 3: 2, 4: 3 }],
  ['an action between two texts', 'a: x-b-y\n', 'a: x-{{ .b }}-y\n', { 0: 0 }],
  ['an action that does not fit', 'a: x-b\n', 'a: x-{{ .b }}-y\n', {}],
  ['the text before the action', 'a: 1\n', 'a: {{ .x }}\na: 1\n', { 0: 1 }],
  ['a string that holds the end of an action', 'a: b\n', 'a: {{ "}}" | quote }}\n', { 0: 0 }],
  ['a raw string of several lines', 'a: b\nc: 1\n', 'a: {{ `\n}}\n` }}\nc: 1\n', { 0: 0, 1: 3 }],
  ['a decision within a line', 'a: 1\n', 'a: {{ if .x }}1{{ else }}2{{ end }}\n', { 0: 0 }],
  ['a line with nothing but an action', 'a: 1\nb: 2\n', '{{ include "a" . }}\nb: 2\n', { 1: 1 }],
  ['an assignment', 'a: 1\n', '{{- $x := 1 }}\n{{ $y = 2 }}\na: 1\n', { 0: 2 }],
  ['signs of regular expressions', 'a: [1-9]*(x|y)?z\n', 'a: [1-9]*(x|y)?{{ .z }}\n', { 0: 0 }],
])('aligns %s', (_, rendered, template, expected) => {
  expect(lines(rendered, template)).toEqual(expected);
});

const line = fc.tuple(fc.nat({ max: 3 }), fc.constantFrom('a:', 'b: 1', '- c: 2', '- d', 'e:', '# f', 'g: |'));
const text = fc.array(line, { maxLength: 30 }).map((all) => all.map(([depth, own]) => '  '.repeat(depth) + own));

test('a text without actions is aligned to itself', () => {
  fc.assert(
    fc.property(text, (all) => {
      for (const [from, to] of Object.entries(lines(all.join('\n'), all.join('\n')))) expect(Number(from)).toBe(to);
      expect(Object.keys(lines(all.join('\n'), all.join('\n')))).toHaveLength(outlineOf(all.join('\n')).length);
    }),
  );
});

test('what a template leaves out or adds does not bring other lines together', () => {
  fc.assert(
    fc.property(text, text, (rendered, template) => {
      for (const [from, to] of Object.entries(lines(rendered.join('\n'), template.join('\n')))) {
        expect(rendered[Number(from)]?.trim().replace(/^- /, '')).toBe(template[to]?.trim().replace(/^- /, ''));
      }
    }),
  );
});
