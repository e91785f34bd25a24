import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { addMembers, isSame, type Members, quoteYaml, readYaml } from '../../src/vendors/yaml-text.js';

const exactly = (key: string, name: string) => key === name;
const add = (text: string, members: Members, sameName = exactly) => {
  const parsed = readYaml(text);
  return parsed && addMembers(text, parsed, members, sameName);
};
const b = { a: { b: 'x' } };

describe('members are added to', () => {
  test.each<[string, string, string]>([
    ['nothing', '', 'a:\n  b: "x"\n'],
    ['a comment alone', '# later\n', '# later\na:\n  b: "x"\n'],
    ['a text without line end', 'c: 1', 'c: 1\na:\n  b: "x"'],
    ['the first document of several', 'c: 1\n---\nd: 1\n', 'c: 1\na:\n  b: "x"\n---\nd: 1\n'],
    ['the line ends of Windows', 'c: 1\r\nd: 2\r\n', 'c: 1\r\nd: 2\r\na:\r\n  b: "x"\r\n'],
    ['an object that is there', 'a:\n  c: 1\nd: 2\n', 'a:\n  c: 1\n  b: "x"\nd: 2\n'],
    ['an object indented by four', 'a:\n    c: 1 # why\n', 'a:\n    c: 1 # why\n    b: "x"\n'],
    [
      'an object with comments under it',
      'a:\n  c: 1\n  # of a\n# of d\nd: 2\n',
      'a:\n  c: 1\n  # of a\n  b: "x"\n# of d\nd: 2\n',
    ],
    [
      'an object that ends in a block of text',
      'a:\n  c: |\n    1\n    2\nd: 2\n',
      'a:\n  c: |\n    1\n    2\n  b: "x"\nd: 2\n',
    ],
    [
      'an object that ends in a list',
      'a:\n  c:\n  - 1\n  - d: 1\n    e: 2\n',
      'a:\n  c:\n  - 1\n  - d: 1\n    e: 2\n  b: "x"\n',
    ],
    ['an object that ends in nothing', 'a:\n  c:\n', 'a:\n  c:\n  b: "x"\n'],
    ['an object that is empty', 'a: {}\n', 'a: {"b": "x"}\n'],
    ['braces', 'a: { c: 1 } # why\n', 'a: { c: 1, "b": "x" } # why\n'],
    ['braces over several lines', 'a: {\n  c: 1, # why\n}\n', 'a: {\n  c: 1, "b": "x", # why\n}\n'],
    ['braces that end in a name', '{c}', '{c, "a": {"b": "x"}}'],
    ['braces that end in a colon', '{c:}', '{c: , "a": {"b": "x"}}'],
    ['JSON', '{"c":1}', '{"c":1, "a": {"b": "x"}}'],
    ['JSON in JSON', '{"a":{"c":[1]}}', '{"a":{"c":[1], "b": "x"}}'],
    ['the last of two that are equal', 'a: { c: 1 }\na: { d: 1 }\n', 'a: { c: 1 }\na: { d: 1, "b": "x" }\n'],
    ['a document with a head', '%YAML 1.1\n---\nc: 1\n', '%YAML 1.1\n---\nc: 1\na:\n  b: "x"\n'],
    ['an object that stands at an anchor', 'a: &a\n  c: 1\n', 'a: &a\n  c: 1\n  b: "x"\n'],
  ])('%s', (_, text, expected) => expect(add(text, b) ?? '').toBe(expected));
});

test('of two additions at one place, the inner one comes first', () => {
  expect(add('a:\n  c: 1\n', { a: { b: 'x' }, d: 2 })).toBe('a:\n  c: 1\n  b: "x"\nd: 2\n');
});

test('what is under another spelling of its name is found there', () => {
  const anyCase = (key: string, name: string) => key.toLowerCase() === name;
  expect(add('A: { c: 1 }', b, anyCase)).toBe('A: { c: 1, "b": "x" }');
});

describe('nothing is added where that would change more than it adds:', () => {
  test.each<[string, string]>([
    ['no YAML', 'a: {'],
    ['a block of text that the end of the text ends', 'c: |\n  1'],
    ['null, written out', 'null\n'],
    ['a list', '- a'],
    ['a text', 'abc'],
    ['a text in the place of the object', 'a: text'],
    ['an alias', 'c: &c { d: 1 }\na: *c\n'],
    ['an anchor that others refer to', 'a: &a { d: 1 }\nc: *a\n'],
    ['a merge key that holds the object', 'c: &c { a: { d: 1 } }\n<<: *c\n'],
    ['an object after a tag that Go does not know', 'a: !!set { c }\n'],
    ['an empty first document', '---\n---\nc: 1\n'],
    ['a member that is there', 'a: { b: y }'],
    ['tabs', 'a:\n\tc: 1\n'],
  ])('%s', (_, text) => expect(add(text, b)).toBeUndefined());
});

test.each<[string, unknown, unknown, boolean]>([
  ['order', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ['a list and an object', [], {}, false],
  ['a member less', { a: 1 }, { a: 1, b: 1 }, false],
  ['another member', { a: 1 }, { b: 1 }, false],
  ['not a number', Number.NaN, Number.NaN, true],
  ['nothing', null, {}, false],
  ['sets', new Set([1]), new Set([1]), false],
])('two values compared: %s', (_, one, other, same) => expect(isSame(one, other)).toBe(same));

test('a text between quotes is read as it was, by YAML and by JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = quoteYaml(text);
      expect(quoted).toMatch(/^\P{Cc}*$/u);
      expect([JSON.parse(quoted), parse(quoted)]).toEqual([text.toWellFormed(), text.toWellFormed()]);
    }),
  );
});

const nested = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ maxLength: 6 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'x y', '#', '1'), tie('value'), {
    maxKeys: 4,
  }),
})).object;

/** Pieces of YAML, put together with no regard for what comes of it. */
const pieces = [
  'a:',
  ' ',
  '  ',
  '\n',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '# c\n',
  '|',
  '>-',
  '"',
  "'",
  'b: 1\n',
  '&x ',
  '*x',
  '<<: ',
  '---\n',
  '? ',
  '!!set ',
  '\t',
  '\r\n',
  'c',
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  nested.map((value) => JSON.stringify(value)),
  nested.map((value) => JSON.stringify(value, undefined, 2)),
);

test('for every text: what it says stays, word for word, and what comes of it is YAML', () => {
  let added = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const result = add(text, { a: { b: 'x' }, e: { f: 1 } });
      if (result === undefined) return;
      added += 1;
      expect(isSubsequence(text, result)).toBe(true);
      const [before, after] = [readYaml(text)?.value, readYaml(result)?.value];
      expect(after).toMatchObject({ a: { b: 'x' }, e: { f: 1 } });
      for (const [key, value] of Object.entries(before ?? {})) {
        if (key !== 'a' && key !== 'e') expect(isSame(Reflect.get(after as object, key), value)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
  expect(added).toBeGreaterThan(300);
});

test('a text that nests too deeply for us is none to add to', () => {
  expect(add(`{c: ${'['.repeat(8000)}`, b)).toBeUndefined();
  expect(() => add(`{c: ${'['.repeat(4000)}${']'.repeat(4000)}}`, b)).not.toThrow();
});

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole) if (character === part[at]) at += 1;
  return at >= part.length;
}
