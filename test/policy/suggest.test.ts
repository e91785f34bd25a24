import { expect, test } from '@jest/globals';
import { closest } from '../../src/policy/suggest.js';

const modes = ['enforce', 'warn', 'audit', 'off'];

test.each<[string, readonly string[], string | undefined]>([
  ['enforced', modes, 'enforce'],
  ['ENFORCE', modes, 'enforce'],
  ['wran', modes, 'warn'],
  ['of', modes, 'off'],
  ['x', modes, undefined],
  ['', modes, undefined],
  ['something-else', modes, undefined],
  ['tracer-evn', ['agents-outside-mesh', 'tracer-env'], 'tracer-env'],
  ['env', ['name', 'environment'], undefined],
  ['namespcs', ['namespaceLabels', 'namespaces'], 'namespaces'],
  ['mode', [], undefined],
])('for "%s" of %j it suggests %s', (word, candidates, expected) => expect(closest(word, candidates)).toBe(expected));
