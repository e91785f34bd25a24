import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { fitsLiteral, inlineText, scalarText } from '../../src/manifests/scalar-text.js';

test.each([
  ['app', 'app'],
  ['a b', 'a b'],
  ['-javaagent:/x.jar', '-javaagent:/x.jar'],
  ['--flag=1', '--flag=1'],
  ['$(HOST_IP)', '$(HOST_IP)'],
  ['http://x:8126/y?z=1', 'http://x:8126/y?z=1'],
  ["it's", "it's"],
  ['', '""'],
  ...[
    'false',
    'No',
    'y',
    'OFF',
    'null',
    '~',
    '1',
    '1.20',
    '0x1',
    '-1',
    '+1',
    '.5',
    '.inf',
    '2020-01-01',
    '1:20',
    '=',
    '<<',
    '-',
  ].map((word) => [word, `"${word}"`] as [string, string]),
  [' a', '" a"'],
  ['a ', '"a "'],
  ['a: b', '"a: b"'],
  ['a:', '"a:"'],
  ['a #b', '"a #b"'],
  ['%a', '"%a"'],
  ['a\tb', '"a\\tb"'],
  ['\u0085\u2028', '"\\u0085\\u2028"'],
  ['{"a":1}', '\'{"a":1}\''],
  ['{"a":"it\'s"}', '\'{"a":"it\'\'s"}\''],
  ["'", '"\'"'],
])('%j is written as %s', (value, text) => {
  expect(scalarText(value)).toBe(text);
});

test('within a flow collection, what would end a scalar is quoted', () => {
  expect(['a,b', 'a]', 'a:b', 'http://x'].map((value) => scalarText(value, 'plain', true))).toEqual([
    '"a,b"',
    '"a]"',
    '"a:b"',
    'http://x',
  ]);
});

test('every string reads back, in YAML 1.1 and 1.2, in block and in flow', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'aA01 -.:#,[]{}"\'\\\n\t&*!|>%@`?=<~\r\u0085') }),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('plain', 'single', 'double'), (value, quotes) => {
      fc.pre(value.isWellFormed());
      for (const version of ['1.1', '1.2'] as const) {
        expect(parse(`a: ${inlineText(value, quotes)} # c`, { version })).toEqual({ a: value });
        expect(parse(`{a: ${inlineText(value, quotes, true)},b: ""}`, { version })).toEqual({ a: value, b: '' });
        if (!value.includes('\n')) expect(parse(`${scalarText(value)}: 1`, { version })).toEqual({ [value]: 1 });
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['a\nb', true],
  ['a\n\n  b\n', true],
  ['a', false],
  ['a\nb\n\n', false],
  [' a\nb', false],
  ['\na', false],
  ['a\n  \nb', false],
  ['a\r\nb', false],
])('a literal block can hold %j: %s', (value, expected) => {
  expect(fitsLiteral(value)).toBe(expected);
});
