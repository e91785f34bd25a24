import { expect, test } from '@jest/globals';
import { dryRun } from '../../../src/commands/dry-run/dry-run.js';
import { exit, internalError, type Terminal } from '../../../src/commands/terminal.js';
import { brokenPlan as plan } from '../../support/reviewing.js';

test('a rule that stops in a dry run is a fault of aloft, told with its place and its stack', () => {
  const text = 'kind: ConfigMap\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\n';
  const { faults, problems } = dryRun([{ file: 'a.yaml', text }], { plan, today: '2026-01-01', namespace: 'default' });
  expect(problems).toEqual([]);
  expect(faults).toEqual([expect.stringMatching(/^a\.yaml:3:1: broken stopped: Error: a rule stopped\n\s+at /)]);
});

test('a fault of aloft ends a command with 3', () => {
  const said: string[] = [];
  const terminal = { err: (text: string) => said.push(text) } as unknown as Terminal;
  expect(internalError(terminal, ['x.yaml:1:1: stopped'])).toBe(exit.internal);
  expect(said).toEqual(['aloft: a fault of aloft itself, please report it:\nx.yaml:1:1: stopped\n']);
});
