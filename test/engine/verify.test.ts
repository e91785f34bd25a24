import { describe, expect, test } from '@jest/globals';
import type { Operation } from '../../src/engine/operation.js';
import { escapeToken, pointerTokens } from '../../src/engine/operation.js';
import { verifyPatch } from '../../src/engine/verify.js';

const before = { metadata: { labels: { a: '1' } }, spec: { list: ['x', 'y'] } };
const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });

describe('a patch is let through where it leads to what was meant', () => {
  test.each<[string, Operation[], object]>([
    ['nothing', [], before],
    ['a member', [add('/metadata/labels/b', '2')], { ...before, metadata: { labels: { a: '1', b: '2' } } }],
    ['a member that is there', [add('/metadata/labels/a', '2')], { ...before, metadata: { labels: { a: '2' } } }],
    ['a value', [replace('/metadata/labels/a', '2')], { ...before, metadata: { labels: { a: '2' } } }],
    ['the head of a list', [add('/spec/list/0', 'w')], { ...before, spec: { list: ['w', 'x', 'y'] } }],
    ['the end of a list', [add('/spec/list/-', 'z')], { ...before, spec: { list: ['x', 'y', 'z'] } }],
    ['behind the end, by number', [add('/spec/list/2', 'z')], { ...before, spec: { list: ['x', 'y', 'z'] } }],
    ['an element', [replace('/spec/list/1', 'z')], { ...before, spec: { list: ['x', 'z'] } }],
    [
      'keys of any kind',
      [add('/metadata/labels/a~1b~0', '2')],
      { ...before, metadata: { labels: { a: '1', 'a/b~': '2' } } },
    ],
    [
      '__proto__',
      [add('/metadata/labels/__proto__', '2')],
      JSON.parse('{"metadata":{"labels":{"a":"1","__proto__":"2"}},"spec":{"list":["x","y"]}}'),
    ],
  ])('%s', (_, operations, after) => {
    const copy = structuredClone(before);
    expect(() => verifyPatch(before, operations, after)).not.toThrow();
    expect(before).toEqual(copy);
  });
});

describe('a patch is held back', () => {
  test.each<[string, Operation[]]>([
    ['where a parent is missing', [add('/metadata/annotations/a', '1')]],
    ['where a parent is no object', [add('/metadata/labels/a/b', '1')]],
    ['where a parent is only inherited', [add('/__proto__/polluted', '1')]],
    ['where a member to replace is missing', [replace('/metadata/labels/b', '1')]],
    ['where a member to replace is only inherited', [replace('/metadata/labels/toString', '1')]],
    ['beyond the end of a list', [add('/spec/list/3', 'z')]],
    ['where an element to replace is missing', [replace('/spec/list/2', 'z')]],
    ['where the end of a list is to be replaced', [replace('/spec/list/-', 'z')]],
    ['at no index of a list', [add('/spec/list/x', 'z')]],
    ['at an index that Go refuses', [add('/spec/list/01', 'z')]],
    ['at a negative index', [add('/spec/list/-1', 'z')]],
    ['at the whole document', [replace('', {})]],
  ])('%s', (_, operations) => expect(() => verifyPatch(before, operations, before)).toThrow());

  test.each<[string, object]>([
    ['a member is missing', { metadata: { labels: {} }, spec: before.spec }],
    ['a member is too many', { ...before, kind: 'Pod' }],
    ['a member has another name', { metadata: { labels: { b: '1' } }, spec: before.spec }],
    ['a value is another', { ...before, metadata: { labels: { a: '2' } } }],
    ['a list is shorter', { ...before, spec: { list: ['x'] } }],
    ['a list is an object', { ...before, spec: { list: { 0: 'x', 1: 'y' } } }],
    ['a value is null', { ...before, spec: null }],
  ])('where it leads elsewhere: %s', (_, after) => {
    expect(() => verifyPatch(before, [], after)).toThrow('the patch does not lead to the object that was meant');
  });
});

test('tokens of a pointer are escaped and read back', () => {
  for (const key of ['', 'a', '/', '~', '~1', '~0', 'a/b~c', '~~//', '__proto__']) {
    expect(pointerTokens(`/x/${escapeToken(key)}`)).toEqual(['x', key]);
  }
  expect(pointerTokens('')).toEqual([]);
});
