import { expect, test } from '@jest/globals';
import { widthFrom } from '../../src/commands/terminal.js';

test.each<[string, string | undefined, number | undefined, number | undefined]>([
  ['none in a pipe', undefined, undefined, undefined],
  ['those of the terminal', undefined, 120, 120],
  ['those of COLUMNS, in a pipe', '100', undefined, 100],
  ['those of COLUMNS, whatever the terminal has', '100', 120, 100],
  ['those of the terminal, where COLUMNS is empty', '', 120, 120],
  ['those of the terminal, where COLUMNS is no number of columns', '-1', 120, 120],
  ['none on a terminal that does not know its own', undefined, 0, undefined],
])('the columns to keep to: %s', (_, named, terminal, expected) => {
  expect(widthFrom(named, terminal)).toBe(expected);
});
