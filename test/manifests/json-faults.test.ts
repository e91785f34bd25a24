import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonFault } from '../../src/manifests/json-faults.js';
import { isJson } from '../../src/manifests/json-stream.js';

/** The text from where it stops being JSON, and what JSON has there. */
const faultIn = (text: string): readonly [string, string] | undefined => {
  const fault = jsonFault(text);
  return fault && [text.slice(fault.offset), fault.message];
};

test.each<[string, string, string, string]>([
  ['a value', '{"a": *b}', '*b}', 'expected a value of JSON, got "*"'],
  ['a value, before a bracket', '{"a": }', '}', 'expected a value of JSON, got "}"'],
  ['an element', '["a", ]', ']', 'expected a value of JSON, got "]"'],
  ['the first element', '[[}]', '}]', 'expected a value or "]" of JSON, got "}"'],
  ['a key', '{"a": 1, }', '}', 'expected a key in double quotes of JSON, got "}"'],
  ['the first key', '[{"a": {,}}]', ',}}]', 'expected a key in double quotes or "}" of JSON, got ","'],
  ['a colon', '{"a" "b"}', '"b"}', 'expected ":" of JSON, got "\\""'],
  ['a comma in a map', '{"a": "v1" "b": 2}', '"b": 2}', 'expected "," or "}" of JSON, got "\\""'],
  ['a comma in a list', '["a" "b"]', '"b"]', 'expected "," or "]" of JSON, got "\\""'],
  ['the end', '{"a": 1}, {"a": 2}', ', {"a": 2}', 'expected nothing more of JSON, got ","'],
  ['a bracket at the end', '{"a": {"b": 1}\n\n', '\n\n', 'expected "," or "}", got the end of the JSON'],
  ['another bracket', '["a"}', '}', 'expected "," or "]" of JSON, got "}"'],
  [
    'the quote behind a string',
    '{"a": "b}\n{"c": 1}\n',
    '"b}\n{"c": 1}\n',
    'expected a string that ends on its line, as JSON has them',
  ],
  ['an escape', '{"a": "\\d+"}', '\\d+"}', 'expected an escape of JSON, got "\\\\d"'],
  ['four digits of an escape', '{"a": "\\u12"}', '\\u12"}', 'expected an escape of JSON, got "\\\\u"'],
  ['what is left over from a value before', ', {"a": 1}', ', {"a": 1}', 'expected a value of JSON, got ","'],
  ['anything behind comments', '# a\n---\n# b\n{"a"}', '}', 'expected ":" of JSON, got "}"'],
])('tells where JSON wants %s', (_, text, rest, message) => {
  expect(faultIn(text)).toEqual([rest, message]);
});

test.each<[string, string]>([
  ['JSON', '{"a": [1, -2.5e+3, true, null, "\\u00e9\\n", {}, []]}\n'],
  ['JSON behind a byte order mark', '\uFEFF{"a": 1}'],
  ['a map of YAML in one line', '{a: b, c: [d}'],
  ['a list of YAML in one line', '[a, {b: c]'],
  ['a list of aliases', '[*a, *b'],
  ['lines of YAML', 'a: "b\n'],
  ['a map of YAML with a key in quotes', '{"a": v1, "b": [{"c": d}}'],
  ['a list of YAML that begins with quotes', '["a", b}'],
  ['a template', '{{ .Values.a }}'],
  ['nothing', ''],
])('tells nothing of %s', (_, text) => {
  expect(faultIn(text)).toBeUndefined();
});

test('finds no fault in JSON, and mostly one where there is none', () => {
  const count = { broken: 0, found: 0 };
  const text = JSON.stringify({
    kind: 'Pod',
    a: [1, -2.5e-7, true, null, 'x"y\\z/\u1234'],
    b: { c: {}, d: [] },
    e: '\n',
  });
  const change = fc.record({
    at: fc.nat({ max: text.length }),
    length: fc.nat({ max: 2 }),
    by: fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '1', 'x', ' ', '\n'),
  });
  fc.assert(
    fc.property(change, change, (one, other) => {
      const changed = [one, other].reduce(
        (old, { at, length, by }) => old.slice(0, at) + by + old.slice(at + length),
        text,
      );
      fc.pre(/^\{["}]/.test(changed));
      const isFound = jsonFault(changed) !== undefined;
      if (isJson(changed)) expect(isFound).toBe(false);
      else count.broken++;
      if (isFound) count.found++;
    }),
    { numRuns: 2000 },
  );
  // The others have a word without quotes where they go wrong.
  expect(count.found).toBeGreaterThan(count.broken / 3);
});

test('reads strings of any length', () => {
  const text = `{"a": "${'x\\n'.repeat(4_000_000)}${'y'.repeat(8_000_000)}" "b"}`;
  expect(jsonFault(text)?.offset).toBe(text.indexOf(' "b"') + 1);
});
