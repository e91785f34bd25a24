import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Replacement } from '../../src/manifests/edits.js';
import { lineChanges, linesOf } from '../../src/manifests/line-changes.js';

/** Each change as `old line/new line: -removed +added`. */
const shown = (text: string, edits: readonly Replacement[]): readonly string[] =>
  lineChanges(text, edits).map(
    ({ oldLine, newLine, removed, added }) =>
      `${oldLine}/${newLine}: ${[...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('')}`,
  );

const at = (from: number, text: string, to = from): Replacement => ({ from, to, text });

test.each<[string, string, Replacement[], string[]]>([
  ['nothing', 'a\nb\n', [], []],
  ['a line between two others', 'a\nb\n', [at(2, 'x\n')], ['2/2: +x\n']],
  ['a line before all others', 'a\n', [at(0, 'x\n')], ['1/1: +x\n']],
  ['a line after all others', 'a\n', [at(2, 'x\n')], ['2/2: +x\n']],
  ['after a line without an end', 'a', [at(1, '\nx')], ['1/1: -a+a\n+x']],
  ['within a line', 'a\n{b}\nc\n', [at(4, ', x')], ['2/2: -{b}\n+{b, x}\n']],
  ['twice within a line', '{a}{b}\n', [at(2, 'x'), at(5, 'y')], ['1/1: -{a}{b}\n+{ax}{by}\n']],
  ['in two places', 'a\nb\nc\n', [at(2, 'x\ny\n'), at(4, 'z\n')], ['2/2: +x\n+y\n', '3/5: +z\n']],
  ['a line and the one below', 'l: {}\nb\n', [at(2, '', 5), at(6, '  x\n')], ['1/1: -l: {}\n+l:\n+  x\n']],
  ['lines in the place of others', 'a\nb\nc\n', [at(2, '', 4), at(4, 'b\nx\n')], ['3/3: +x\n']],
  ['with carriage returns', 'a\r\nb\r\n', [at(3, 'x\r\n')], ['2/2: +x\r\n']],
  ['two lines and the end of the next', 'aaaaa\n\na', [at(3, '', 6), at(6, '', 7)], ['1/1: -aaaaa\n-\n-a+aaaa']],
  ['what changes nothing', 'a\nb\n', [at(0, 'a', 1)], []],
])('finds %s', (_, text, edits, changes) => {
  expect(shown(text, edits)).toEqual(changes);
});

const text = fc.array(fc.constantFrom('a', 'b', '\n', '\n', '\r\n'), { maxLength: 20 }).map((parts) => parts.join(''));

test('changes put the new text together from the old one', () => {
  const edited = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 4 }), text), { maxLength: 4 });
  fc.assert(
    fc.property(text, edited, (before, wanted) => {
      const edits: Replacement[] = [];
      let end = 0;
      for (const [offset, length, own] of wanted.toSorted(([one], [other]) => one - other)) {
        const from = Math.min(Math.max(offset, end), before.length);
        end = Math.min(from + length, before.length);
        edits.push(at(from, own, end));
      }
      const after = edits.reduceRight(
        (now, { from, to, text: own }) => now.slice(0, from) + own + now.slice(to),
        before,
      );
      const lines = [...linesOf(before)];
      for (const { oldLine, removed, added } of lineChanges(before, edits).toReversed()) {
        expect(lines.splice(oldLine - 1, removed.length, ...added)).toEqual(removed);
      }
      expect(lines.join('')).toBe(after);
      const now = linesOf(after);
      for (const { newLine, added } of lineChanges(before, edits)) {
        expect(now.slice(newLine - 1, newLine - 1 + added.length)).toEqual(added);
      }
    }),
    { numRuns: 2000 },
  );
});
