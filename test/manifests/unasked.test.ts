import { expect, test } from '@jest/globals';
import type { Operation } from '../../src/engine/operation.js';
import { lineChanges } from '../../src/manifests/line-changes.js';
import { unaskedChange } from '../../src/manifests/unasked.js';
import { add, replace, splice } from './splicing.js';

/** The line of the old text where more changes than the operations ask for. */
function unaskedLine(text: string, operations: readonly Operation[]): number | undefined {
  const { edits, insertions, reprinted } = splice(text, operations);
  expect(reprinted).toBeUndefined();
  return unaskedChange(lineChanges(text, edits), insertions, operations)?.oldLine;
}

test.each<[string, string, Operation[]]>([
  ['a member', 'a: b\n', [add('/c', 'd')]],
  ['a member after a line without an end', 'a: b', [add('/c', 'd')]],
  ['an element', 'l:\n- a\n', [add('/l/0', { b: 'c', d: 'e' }), add('/l/-', 'f')]],
  ['a member in braces', 'm: {a: b} # c\n', [add('/m/c', 'd')]],
  ['a member of JSON', '{\n  "a": "b"\n}\n', [add('/c', 'd')]],
  ['members of an empty map of JSON', '{\n  "m": {},\n  "l": []\n}\n', [add('/m/c', 'd'), add('/l/-', { e: 'f' })]],
  ['members of an empty map', 'm: {} # c\n', [add('/m/c', 'd')]],
  [
    'members of nothing',
    'm:\nn: ~\no: null # c\n',
    [add('/m', { c: 'd' }), add('/n', { c: 'd' }), add('/o', { c: 'd' })],
  ],
  ['another value', 'a: "b"\nc: |\n  d\n\n  e\n', [replace('/a', 'x'), replace('/c', 'd\n')]],
  ['what an anchor and its alias get alike', 'a: &a\n- b\nc: *a\n', [add('/a/0', 'x'), add('/c/0', 'x')]],
  ['what stands in the place of an alias', 'a: &a b\nc: *a\n', [replace('/c', 'x')]],
])('an edit may ask for %s', (_, text, operations) => {
  expect(unaskedLine(text, operations)).toBeUndefined();
});

test.each<[string, string, Operation[], number]>([
  ['an alias that is written out', 'a: &a\n  b: c\nd: *a\n', [add('/a/x', 'y')], 3],
  ['an alias in which something is added', 'a: &a\n  b: c\nd: *a\n', [add('/d/x', 'y')], 3],
  ['an alias in braces', 'a: &a {b: c}\nd: {e: *a}\n', [add('/d/e/x', 'y')], 2],
  ['members that were merged', 'a: &a\n  l:\n    b: c\nd:\n  <<: *a\n', [add('/d/l/x', 'y')], 6],
])('no edit asks for %s', (_, text, operations, line) => {
  expect(unaskedLine(text, operations)).toBe(line);
});

test('nothing may be lost, not even a blank line', () => {
  const insertions = [{ line: 1, lines: 1, operation: 0, member: '' }];
  const change = (removed: string[], added: string[]) => ({ oldLine: 1, newLine: 1, removed, added });
  const lost = change(['a: b # why\n'], ['a: b\n']);
  expect(unaskedChange([lost], insertions, [add('/a', 'b')])).toBe(lost);
  const blank = change(['\n'], []);
  expect(unaskedChange([blank], insertions, [add('/a', 'b')])).toBe(blank);
  expect(unaskedChange([lost], insertions, [replace('/a', 'b')])).toBeUndefined();
});
