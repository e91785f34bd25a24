import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readManifests } from '../../src/manifests/read.js';
import { writeGolden, writeValues } from '../../src/suites/golden.js';
import { asYaml, sideBySide } from '../../src/suites/shown.js';

const documentOf = (text: string) => {
  const [manifest] = readManifests('golden.yaml', text);
  if (manifest === undefined) throw new Error('no document');
  return manifest;
};

const meaningOf = (text: string): unknown => documentOf(text).value;

describe('a value is written into a text of which the rest stays:', () => {
  test.each<[string, string, unknown, string]>([
    ['another word', 'a: b # why\nc: d\n', { a: 'x', c: 'd' }, 'a: x # why\nc: d\n'],
    ['a new member', 'a: # why\n  b: 1\nc: d\n', { a: { b: 1, e: 'f' }, c: 'd' }, 'a: # why\n  b: 1\n  e: f\nc: d\n'],
    ['one member less', 'a: # why\n  b: 1\n  e: f\nc: d\n', { a: { b: 1 }, c: 'd' }, 'a: # why\n  b: 1\nc: d\n'],
    ['a new element in front', 'a:\n  - b # why\n', { a: ['x', 'b'] }, 'a:\n  - x\n  - b # why\n'],
    ['a new element behind', 'a:\n  - b # why\n', { a: ['b', 'x'] }, 'a:\n  - b # why\n  - x\n'],
    [
      'new elements between',
      'a:\n  - b # why\n  - c\n',
      { a: ['b', 'x', 'z', 'c'] },
      'a:\n  - b # why\n  - x\n  - z\n  - c\n',
    ],
    ['another element', 'a:\n  - b # why\n  - c\n', { a: ['b', 'x'] }, 'a:\n  - b # why\n  - x\n'],
    ['nothing before', '# why\na:\nc: d\n', { a: { b: [1] }, c: 'd' }, '# why\na:\n  b:\n  - 1\nc: d\n'],
    ['a list that was empty', 'a: []\nc: d\n', { a: [{ b: 1 }], c: 'd' }, 'a:\n- b: 1\nc: d\n'],
    ['a list that becomes empty', 'a:\n  - b\nc: d\n', { a: [], c: 'd' }, 'a: []\nc: d\n'],
    [
      'what is one value twice',
      'a: &x { b: 1 }\nc: *x\n',
      { a: { b: 1 }, c: { b: 2 } },
      'a: &x { b: 1 }\nc:\n  b: 2\n',
    ],
    ['nothing new', 'a:   "b"   # why\n', { a: 'b' }, 'a:   "b"   # why\n'],
  ])('%s', (_, text, value, expected) => {
    const written = writeValues(documentOf(text), [{ path: [], value }]);
    expect(meaningOf(written)).toEqual(value);
    expect(written).toBe(expected);
  });
});

const words = fc.constantFrom('a', 'on', '1.10', '0x1f', '~', '2026-11-21', ' b', 'multi\nline\n', '1_000', '\t', '');
// As text has it, where there is no -0.
const json = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const values = fc.dictionary(fc.constantFrom('a', 'b', 'y', '3'), fc.oneof(words, json, fc.array(words)), {
  minKeys: 1,
});

test('whatever was there before, what is written reads as what was meant', () => {
  fc.assert(
    fc.property(values, values, (before, after) => {
      const text = asYaml(before);
      fc.pre(JSON.stringify(meaningOf(text)) === JSON.stringify(before));
      expect(meaningOf(writeGolden('golden.yaml', documentOf(text), after))).toEqual(after);
      expect(meaningOf(writeGolden('golden.yaml', undefined, after))).toEqual(after);
      expect(JSON.parse(writeGolden('golden.json', undefined, after))).toEqual(after);
    }),
    { numRuns: 300 },
  );
});

test('only what differs is different side by side', () => {
  const { expected, got } = sideBySide({ b: 1, a: [{ d: 1, c: 2 }] }, { a: [{ c: 2, d: 1 }, 5], b: 1, z: 0 });
  expect(got).toBe(`${expected.trimEnd()}\n  - 5\nz: 0\n`);
});
