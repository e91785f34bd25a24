import { expect, test } from '@jest/globals';
import { createDraft } from '../../src/engine/draft.js';

test('what is opened is a copy, made once; the source never notices', () => {
  const source = { list: [{ a: 1 }], other: {} };
  const { root, open } = createDraft(source);
  const list = open(root, 'list');
  expect(open(root, 'list')).toBe(list);
  if (list !== undefined) list[0] = { a: 2 };
  expect(root).toEqual({ list: [{ a: 2 }], other: {} });
  expect(root['other']).toBe(source.other);
  expect(source).toEqual({ list: [{ a: 1 }], other: {} });
});

test.each(['__proto__', 'constructor', 'missing', 'text', 'nothing'])('%s cannot be opened', (key) => {
  const { root, open } = createDraft({ text: 'a', nothing: null });
  expect(open(root, key)).toBeUndefined();
});
