import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { positionOf } from '../../src/manifests/position.js';
import { eachManifest, readManifests } from '../../src/manifests/read.js';

const pod = (name: string, indent?: number) => JSON.stringify({ kind: 'Pod', metadata: { name } }, undefined, indent);

/** The texts that a stream is split into. */
const texts = (text: string) => readManifests('x.json', text).map((manifest) => manifest.text);

test.each<[string, string[]]>([
  ['one value a line', [`${pod('a')}\n`, `${pod('b')}\n`]],
  ['no new line at the end', [`${pod('a')}\n`, pod('b')]],
  ['Windows line ends', [`${pod('a')}\r\n`, `${pod('b')}\r\n`]],
  ['blank lines', [`${pod('a')}\n`, `\n\n${pod('b')}\n`, `\n${pod('c')}\n\n`]],
  ['values of several lines', [`${pod('a', 2)}\n`, `${pod('b', 2)}\n`]],
  ['values without anything between', [pod('a'), pod('b'), `${pod('c')}\n`]],
  ['values on one line', [pod('a'), ` ${pod('b')}\n`, `${pod('c')}\n`]],
  ['a byte order mark', [`\uFEFF${pod('a')}\n`, `${pod('b')}\n`]],
  ['a marker and a comment', [`# a\n---\n${pod('a')}\n`, `# b\n${pod('b')}\n`]],
  ['brackets and quotes in strings', ['{"a": "}{[\\""}\n', '{"b": "]\\\\"}\n']],
  ['lists', ['[1]\n', '[{"a": 1}]\n']],
])('splits a stream of JSON: %s', (_, parts) => {
  expect(texts(parts.join(''))).toEqual(parts);
  for (const { problems } of readManifests('x.json', parts.join(''))) expect(problems).toEqual([]);
});

test.each<[string, string]>([
  ['one value', `${pod('a', 2)}\n`],
  ['flow-style YAML', '{a: b,\nc: {d: e}}\n'],
  ['YAML with JSON at the start of a line', '{ a: b, c:\n{"x": 1}\n}\n'],
  ['brackets in a plain scalar of YAML', "{a: 'x} {', b: c}\n"],
  ['a map as a key', '{"a": 1}: {"b": 2}\n'],
  ['a value and a comment', `${pod('a')} # {"b": 1}\n`],
  ['a value and its end', `${pod('a')}\n...\n`],
  ['JSON as a block scalar', 'a: |\n  {"a": 1}\n  {"b": 2}\n'],
])('leaves together: %s', (_, text) => {
  expect(texts(text)).toEqual([text]);
});

test('splits what follows a marker, too', () => {
  expect(texts(`a: 1\n---\n{"b": 1}\n{"c": 2}\n---\nd: 1\n`)).toEqual([
    'a: 1\n',
    '---\n{"b": 1}\n',
    '{"c": 2}\n',
    '---\nd: 1\n',
  ]);
});

const broken = (text: string) =>
  readManifests('x.json', text).map(({ value, problems }) =>
    problems.length > 0 ? problems.map(({ line, column }) => `${line}:${column}`).join() : value,
  );

test.each<[string, string, unknown[]]>([
  ['the first', '{"a": [1}\n{"b": 1}\n{"c": 1}\n', ['1:9', { b: 1 }, { c: 1 }]],
  ['one in the middle', '{"a": 1}\n{"b": [}\n{"c": 1}\n', [{ a: 1 }, '2:8', { c: 1 }]],
  ['a quote that is missing', '{"a": 1}\n{"b": "x}\n{"c": 1}\n', [{ a: 1 }, '2:7', { c: 1 }]],
  ['a bracket that is missing', '{"a": 1}\n{"b": {"x": 2}\n{"c": 1}\n', [{ a: 1 }, '2:15', { c: 1 }]],
  ['a comma behind it', '{"a": 1}\n{"b": 1},\n{"c": 1}\n', [{ a: 1 }, { b: 1 }, '2:9', { c: 1 }]],
  ['the last, which does not end', '{"a": 1}\n{"b": 1', [{ a: 1 }, '2:8']],
  ['something else between', '{"a": 1}\nx: *y\n{"c": 1}\n', ['2:1', { c: 1 }]],
  ['several lines', '{\n  "a": 1\n}\n{\n  "b": [1\n}\n{\n  "c": 1\n}\n', [{ a: 1 }, '6:1', { c: 1 }]],
  ['all', '{"a": *x}\n{"b": *y}\n', ['1:7']],
])('a value that is broken leaves the others alone: %s', (_, text, expected) => {
  expect(broken(text)).toEqual(expected);
});

test('lines and columns are those of the file', () => {
  const text = `{"a": 1} {"b":\n {"c": 2}} {"d": 3}\n\n{"e": 4}{"f": 5}`;
  const places = [...eachManifest('x.json', text, 10)].map((manifest) => {
    const [key = ''] = Object.keys(manifest.value as object);
    const { line, column } = positionOf(manifest, [key, 'c']);
    return `${line}:${column}`;
  });
  expect(places).toEqual(['10:2', '11:3', '11:13', '13:2', '13:10']);
});

test('the parts of a stream, joined, are the stream, whatever it holds', () => {
  const piece = fc.constantFrom(
    '{"a": 1}',
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    '\n',
    ' ',
    'a: b',
    '---',
    '# c',
    '\uFEFF',
    ',',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      const manifests = readManifests('x.json', text);
      expect(manifests.map((manifest) => manifest.text).join('')).toBe(text);
      let before = '';
      for (const { text: own, startLine, startColumn = 1 } of manifests) {
        const lines = before.split('\n');
        expect([startLine, startColumn]).toEqual([lines.length, (lines.at(-1)?.length ?? 0) + 1]);
        before += own;
      }
    }),
    { numRuns: 1000 },
  );
});

test('reads a stream as far as it is asked for', () => {
  const manifests = eachManifest('x.yaml', 'a: 1\n---\nb: 2\n---\nc: [\n');
  expect(manifests.next().value).toMatchObject({ value: { a: 1 } });
  expect(manifests.next().value).toMatchObject({ value: { b: 2 } });
});
