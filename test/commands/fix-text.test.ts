import { expect, test } from '@jest/globals';
import { filesOf, planFix } from '../../src/commands/fix-text.js';
import type { Operation } from '../../src/engine/operation.js';
import type { ReviewedManifest } from '../../src/reports/reviewed.js';
import { add, replace, splice } from '../manifests/splicing.js';

/** A document as a dry run leaves it, as far as that matters here. */
function reviewed(text: string, startLine: number, operations: readonly Operation[] = [], file = 'a.yaml') {
  const changed = operations.length > 0 ? { spliced: splice(text, operations) } : {};
  return {
    file,
    text,
    startLine,
    hasValue: true,
    objects: [{ operations, review: { after: {} } }],
    ...changed,
  } as unknown as ReviewedManifest;
}

test('the documents of a file belong together, also where they share a line, or the file is read twice', () => {
  const file = [reviewed('a: 1\n---\n', 1), reviewed('b: 2\n', 3)];
  const line = ['{"a":1}', ' {"b":2}', '{"c":3}\n'].map((text) => reviewed(text, 1, [], 'b.json'));
  const groups = filesOf([...file, ...file, ...line, reviewed('d: 4', 1, [], 'c.yaml'), reviewed('d: 4', 1)]);
  expect(groups.map((group) => `${group.file} ${group.manifests.length}`)).toEqual([
    'a.yaml 2',
    'a.yaml 2',
    'b.json 3',
    'c.yaml 1',
    'a.yaml 1',
  ]);
});

test('what is done to the documents of a file is told in lines of the file', () => {
  const first = reviewed('a: b\n', 1, [add('/c', { d: 'e' })]);
  const second = reviewed('---\na: b # c\nd: e\n', 2, [replace('/a', 'x'), add('/f', 'g')]);
  const third = reviewed('---\nl:\n- m\n', 5, [add('/l/0', 'k')]);
  expect(planFix({ file: 'a.yaml', manifests: [first, reviewed('---\n# none\n', 2), second, third] })).toMatchObject({
    after: 'a: b\nc:\n  d: e\n---\n# none\n---\na: x # c\nd: e\nf: g\n---\nl:\n- k\n- m\n',
    objects: 3,
    changes: [
      { oldLine: 2, newLine: 2, removed: [], added: ['c:\n', '  d: e\n'] },
      { oldLine: 5, newLine: 7, removed: ['a: b # c\n'], added: ['a: x # c\n'] },
      { oldLine: 7, newLine: 9, removed: [], added: ['f: g\n'] },
      { oldLine: 9, newLine: 12, removed: [], added: ['- k\n'] },
    ],
  });
});

test('a file stays as it is where nothing is asked for', () => {
  expect(planFix({ file: 'a.yaml', manifests: [reviewed('a: b\n', 1)] })).toBeUndefined();
});
