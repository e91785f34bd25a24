import { expect, test } from '@jest/globals';
import { keysOf, mismatchOf, showSelector } from '../../src/cluster/selector.js';

const expression = (key: string, operator: string, ...values: readonly string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});

test.each<[string, unknown, Record<string, string>, string | undefined]>([
  ['no selector', undefined, {}, undefined],
  ['an empty one', {}, {}, undefined],
  ['a label that is there', { matchLabels: { a: 'b' } }, { a: 'b' }, undefined],
  ['another value', { matchLabels: { a: 'b' } }, { a: 'c' }, 'label a is "c", and the selector says a=b'],
  ['no such label', { matchLabels: { a: 'b' } }, {}, 'label a is missing, and the selector says a=b'],
  ['one of several values', expression('a', 'In', 'b', 'c'), { a: 'c' }, undefined],
  ['none of several', expression('a', 'In', 'b', 'c'), { a: 'd' }, 'label a is "d", and the selector says a in (b,c)'],
  [
    'a value that is left out',
    expression('a', 'NotIn', 'b'),
    { a: 'b' },
    'label a is "b", and the selector says a notin (b)',
  ],
  ['NotIn without the label', expression('a', 'NotIn', 'b'), {}, undefined],
  ['Exists', expression('a', 'Exists'), { a: '' }, undefined],
  ['Exists without the label', expression('a', 'Exists'), {}, 'label a is missing, and the selector says a'],
  ['DoesNotExist', expression('a', 'DoesNotExist'), {}, undefined],
  [
    'DoesNotExist with the label',
    expression('a', 'DoesNotExist'),
    { a: 'b' },
    'label a is "b", and the selector says !a',
  ],
  [
    'a label that every object inherits',
    { matchLabels: { constructor: 'a' } },
    {},
    'label constructor is missing, and the selector says constructor=a',
  ],
  [
    'labels that hold and expressions that do not',
    { matchLabels: { a: 'b' }, ...expression('c', 'Exists') },
    { a: 'b' },
    'label c is missing, and the selector says c',
  ],
])('%s', (_, selector, labels, mismatch) => {
  expect(mismatchOf(selector, labels)).toBe(mismatch);
});

test('a selector as the API takes it in a query, and its keys', () => {
  const selector = { matchLabels: { app: 'cart' }, ...expression('tier', 'In', 'web', 'api') };
  expect(showSelector(selector)).toBe('app=cart,tier in (web,api)');
  expect(keysOf(selector)).toEqual(['app', 'tier']);
  expect(showSelector(undefined)).toBe('');
});
