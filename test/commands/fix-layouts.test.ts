import { expect, test } from '@jest/globals';
import { diffLines } from 'diff';
import fc from 'fast-check';
import { dryRun } from '../../src/commands/dry-run/dry-run.js';
import { filesOf, planFix } from '../../src/commands/fix-text.js';
import { planPolicy } from '../../src/engine/plan.js';
import { hasPlaceholder } from '../../src/engine/template.js';
import { linesOf } from '../../src/manifests/line-changes.js';
import { registry } from '../../src/rules/registry.js';
import { readFixtures } from '../support/fixtures.js';
import { layouts } from '../support/layouts.js';
import { policyOf, today } from '../support/reviewing.js';

const rules = [...new Set(registry.map(({ id }) => id))].map((rule) => ({ rule }));
const plan = planPolicy(policyOf({ rules }), registry);
const settings = { plan, today, ownNamespace: 'aloft-system', namespace: 'shop', needsText: true };
const read = (text: string) => dryRun([{ file: 'x.yaml', text }], settings);
const operationsIn = ({ manifests }: ReturnType<typeof read>) =>
  manifests.flatMap(({ objects }) => objects.flatMap(({ operations }) => operations));

/** Workloads whose labels stand in several places, and whose containers have the same variables. */
const shared = [{ app: 'cart' }, { 'agent.datadoghq.com/component': 'agent' }, {}].map((labels) => {
  const env = [{ name: 'A', value: 'b' }];
  const containers = ['one', 'two'].map((name) => ({ name, image: 'datadog/agent:7', env, args: [] }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
});

/** What rules change something about. */
const values = [
  ...readFixtures().map(({ input }) => input),
  ...Array.from({ length: 10 }, () => shared).flat(),
  { apiVersion: 'v1', kind: 'List', items: shared },
].filter((input) => {
  const run = read(JSON.stringify(input));
  const operations = operationsIn(run);
  return run.problems.length === 0 && operations.length > 0 && !hasPlaceholder(JSON.stringify(operations));
});

test('whatever the layout, lines are added and none is lost, and a second run finds nothing to do', () => {
  expect(values.length).toBeGreaterThan(100);
  const count = { fixed: 0, grown: 0, aliases: 0 };
  fc.assert(
    fc.property(layouts(values), ({ text, isPlain }) => {
      const run = read(text);
      fc.pre(run.problems.length === 0);
      const [file] = filesOf(run.manifests);
      const fix = file && planFix(file);
      if (fix === undefined) throw new Error('nothing to fix');
      if ('message' in fix) {
        count.aliases++;
        expect([fix.message, isPlain]).toEqual([expect.stringContaining('an alias'), false]);
        return;
      }
      count.fixed++;
      expect(operationsIn(read(fix.after))).toEqual([]);
      const isAdded = operationsIn(run).every(({ op }) => op === 'add');
      if (!isPlain || !isAdded || !text.endsWith('\n')) return;
      count.grown++;
      const parts = diffLines(text, fix.after);
      expect(parts.filter(({ removed }) => removed)).toEqual([]);
      expect(fix.changes.flatMap(({ removed }) => removed)).toEqual([]);
      const lines = [...linesOf(fix.after)];
      for (const { newLine, added } of fix.changes.toReversed()) {
        expect(lines.splice(newLine - 1, added.length)).toEqual(added);
      }
      expect(lines.join('')).toBe(text);
    }),
    { numRuns: 400 },
  );
  expect(count.grown).toBeGreaterThan(50);
  expect(count.aliases).toBeLessThan(count.fixed / 10);
}, 60_000);
