import { describe, expect, test } from '@jest/globals';
import type { Replacement } from '../../src/manifests/edits.js';
import { lineChanges } from '../../src/manifests/line-changes.js';
import { fixedReport } from '../../src/reports/fixed.js';
import { lineDiff } from '../../src/reports/line-diff.js';
import { createPaint } from '../../src/reports/paint.js';

const ten = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n';
const put = (from: number, text: string, to = from): Replacement => ({ from, to, text });

/** The hunks of a diff, without the two lines that name the file. */
function hunks(text: string, edits: readonly Replacement[], colour = false): string {
  const diff = lineDiff('x y.yaml', text, lineChanges(text, edits), createPaint(colour));
  if (!colour) expect(diff).toMatch(/^--- x y\.yaml\t\n\+\+\+ x y\.yaml\t\(after aloft\)\n/);
  return diff.replace(/^.*\n.*\n/, '');
}

describe('a diff shows', () => {
  test.each<[string, string, Replacement[], string]>([
    ['three lines around a change', ten, [put(10, 'x\n')], '@@ -3,6 +3,7 @@\n c\n d\n e\n+x\n f\n g\n h\n'],
    ['fewer at the start', ten, [put(0, 'x\n')], '@@ -1,3 +1,4 @@\n+x\n a\n b\n c\n'],
    ['fewer at the end', ten, [put(20, 'x\n')], '@@ -8,3 +8,4 @@\n h\n i\n j\n+x\n'],
    [
      'near changes together',
      ten,
      [put(4, 'x\n'), put(16, 'Z', 17)],
      '@@ -1,10 +1,11 @@\n a\n b\n+x\n c\n d\n e\n f\n g\n h\n-i\n+Z\n j\n',
    ],
    [
      'others apart',
      `${ten}k\n`,
      [put(4, 'x\n'), put(18, 'Z', 19)],
      '@@ -1,5 +1,6 @@\n a\n b\n+x\n c\n d\n e\n@@ -7,5 +8,5 @@\n g\n h\n i\n-j\n+Z\n k\n',
    ],
    [
      'a last line without an end',
      'a\nb',
      [put(3, '\nx')],
      '@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+x\n\\ No newline at end of file\n',
    ],
    ['carriage returns', 'a\r\nb\r\n', [put(3, 'x\r\n')], '@@ -1,2 +1,3 @@\n a\r\n+x\r\n b\r\n'],
  ])('%s', (_, text, edits, diff) => {
    expect(hunks(text, edits)).toBe(diff);
  });

  test('colours at a terminal, not around the end of a line', () => {
    const added = hunks('a\r\n', [put(3, 'x\r\n')], true)
      .split('\n')
      .find((line) => line.includes('+x'));
    expect(added).toBe(`${createPaint(true).green('+x')}\r`);
  });
});

test.each<[string, string, Replacement[], string]>([
  ['a line', ten, [put(0, 'x\n')], '1 line added for 1 object'],
  ['lines', ten, [put(0, 'x\ny\n')], '2 lines added for 1 object'],
  ['a change within a line', ten, [put(1, 'x')], '1 line changed for 1 object'],
  [
    'both',
    'm: {}\nn: {a}\n',
    [put(2, '', 5), put(6, '  x: y\n'), put(11, ', b')],
    '1 line added and 2 changed for 1 object',
  ],
  ['lines after one without an end', 'a\nb', [put(3, '\nx')], '1 line added for 1 object'],
])('a report counts %s', (_, before, edits, says) => {
  const fixed = { file: 'a.yaml', before, changes: lineChanges(before, edits), objects: 1 };
  expect(fixedReport([fixed], true)).toBe(`a.yaml: ${says}\n`);
  expect(fixedReport([fixed], false)).toBe(
    `a.yaml: ${says.replace('added', 'to add').replace('changed', 'to change')}\n`,
  );
});
