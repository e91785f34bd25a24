import { describe, expect, test } from '@jest/globals';
import { blockContains, parseAddress } from '../../src/egress/address.js';
import { overlaps, parseExportTo, reaches, visibilityOf } from '../../src/egress/visibility.js';

describe('exportTo', () => {
  test.each<[readonly string[], readonly string[] | string]>([
    [['*'], ['*']],
    [['*', '*'], ['*']],
    [['.'], ['.']],
    [['mesh'], ['.']],
    [
      ['b', 'mesh', '.', 'a', 'b'],
      ['.', 'a', 'b'],
    ],
    [['*', 'a'], '"*" is everywhere: expected it alone'],
    [['~'], 'expected ".", "*" or a namespace: "~" would show it to nobody'],
    [['A_b'], 'expected ".", "*" or a namespace, got "A_b"'],
    [[''], 'expected ".", "*" or a namespace, got ""'],
    [['a'.repeat(64)], `expected ".", "*" or a namespace, got "${'a'.repeat(64)}"`],
  ])('%j in mesh', (wanted, expected) => {
    const parsed = parseExportTo(wanted, 'mesh');
    expect('problem' in parsed ? parsed.problem : parsed.exportTo).toEqual(expected);
  });
});

describe('who sees what', () => {
  type Place = readonly [namespace: string, exportTo: readonly string[]];
  test.each<[Place, Place, overlap: boolean, reach: boolean]>([
    [['a', []], ['b', []], true, true],
    [['a', []], ['b', ['.']], true, true],
    [['a', ['*']], ['b', ['~']], false, true],
    [['a', ['.']], ['b', []], true, false],
    [['a', ['.']], ['a', ['.']], true, true],
    [['a', ['.']], ['b', ['.']], false, false],
    [['a', ['.', 'c']], ['b', ['c']], true, true],
    [['a', ['.', 'c']], ['b', ['c', 'd']], true, false],
    [['a', ['~']], ['b', []], false, false],
  ])('%j and %j', ([one, oneTo], [other, otherTo], overlap, reach) => {
    const [first, second] = [visibilityOf(one, oneTo), visibilityOf(other, otherTo)];
    expect([overlaps(first, second), overlaps(second, first), reaches(first, second)]).toEqual([
      overlap,
      overlap,
      reach,
    ]);
  });
});

describe('a block contains an address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7/32', '192.0.2.7', true],
    ['192.0.2.0/24', '192.0.2.7', true],
    ['192.0.2.8/29', '192.0.2.7', false],
    ['0.0.0.0/0', '192.0.2.7', true],
    ['192.0.2.0/33', '192.0.2.7', false],
    ['192.0.2.0/-1', '192.0.2.7', false],
    ['192.0.2.0/x', '192.0.2.7', false],
    ['nonsense', '192.0.2.7', false],
    ['::/0', '192.0.2.7', false],
    ['2001:db8::/32', '2001:db8:1::7', true],
    ['2001:DB8:0:0::1/128', '2001:db8::1', true],
    ['2001:db8::/127', '2001:db8::2', false],
    ['::/0', '2001:db8::2', true],
    ['0.0.0.0/0', '2001:db8::2', false],
    ['2001:db8::1:2:3/64', '2001:db8::9', true],
  ])('%s: %s is %s', (block, text, expected) => {
    const address = parseAddress(text);
    expect(address && blockContains(block, address)).toBe(expected);
  });
});
