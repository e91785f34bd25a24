import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { AnyRule } from '../src/engine/rule.js';
import { asRecord, valueAt } from '../src/model/json.js';
import { type ReasonCode, reasons } from '../src/model/reason.js';
import { defaultPolicy } from '../src/policy/default.js';
import { modes } from '../src/policy/policy.js';
import { registry } from '../src/rules/registry.js';
import { readSources } from './support/architecture.js';
import { readFixtures } from './support/fixtures.js';
import { policyOf } from './support/reviewing.js';

const root = new URL('../', import.meta.url);
const rules: readonly AnyRule[] = registry;
const fixtures = readFixtures();
const sources = readSources();

const reference = new URL('docs/reference/rules.md', root);
const documentation = existsSync(reference) ? readFileSync(reference, 'utf8') : '';

/** Off unless a policy lists them: whoever adds one here says so in its documentation. */
const notByDefault: readonly string[] = [
  'agent-egress',
  'proxy-tracing',
  'agent-log-filter',
  'scrape-annotations',
  'proxy-checks',
  'proxy-logs',
  'annotation-lint',
  'agent-version',
];

/** They check and edit nothing, and give this reason where nothing is wrong: whoever adds one here shows what it finds. */
const checksOnly: Readonly<Record<string, ReasonCode>> = {
  'annotation-lint': 'nothing-wrong',
  'agent-version': 'agent-new-enough',
};

test('an id is there once for each kind', () => {
  expect(new Set(rules.map(({ id, kind }) => `${id} ${kind}`)).size).toBe(rules.length);
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const outcomes = fixtures
    .filter((fixture) => fixture.rule === id)
    .flatMap(({ expected = '' }) => (asRecord(parse(expected))['steps'] ?? []) as readonly string[]);

  test('has a file of its name, that exports it', () => {
    const own = sources.find(({ path }) => path === `rules/${id}.ts`);
    expect(own?.source).toContain(`id: '${id}'`);
  });

  test('says in one sentence what it does', () => expect(rule.summary).toMatch(/^[a-z].*[^.]$/));

  test('has a fixture in which it edits or finds something wrong, and one in which it looks away', () => {
    const acts = id in checksOnly ? ': violated' : ': edited';
    expect(outcomes.some((outcome) => outcome.includes(acts))).toBe(true);
    expect(outcomes.some((outcome) => outcome.includes(': skipped'))).toBe(true);
  });

  test('has a fixture whose author already has what it wants', () => {
    const satisfied = checksOnly[id] ?? 'in place: ';
    expect(outcomes.some((outcome) => outcome.includes(satisfied))).toBe(true);
  });

  test('is on by default, or known not to be', () => {
    const listed = (valueAt(parse(defaultPolicy), ['spec', 'rules']) as readonly unknown[]).map(
      (entry) => asRecord(entry)['rule'],
    );
    expect(listed.includes(id)).toBe(!notByDefault.includes(id));
  });

  test('has its place in docs/reference/rules.md', () => {
    expect(documentation).toMatch(new RegExp(`^## ${id}$`, 'm'));
  });

  test.each(modes)('can be used in mode %s, with settings that are all defaults', (mode) => {
    expect(policyOf({ rules: [{ rule: id, mode, settings: {} }] }).spec.rules).toMatchObject([{ rule: id, mode }]);
  });
});

/** What no Pod and no Service in a fixture can show; where else it is shown. */
const shownElsewhere: Readonly<Partial<Record<ReasonCode, string>>> = {
  'namespace-labels-out-of-scope': 'policy/scope.test.ts',
  'duplicate-key': 'commands/dry-run/duplicates.test.ts',
  'rule-failed': 'engine/review.test.ts',
  'patch-failed': 'engine/review.test.ts',
};

describe.each(Object.keys(reasons) as readonly ReasonCode[])('the reason %s', (code) => {
  test('is given somewhere', () => {
    const users = sources.filter(({ path, source }) => path !== 'model/reason.ts' && source.includes(`'${code}'`));
    expect(users.map(({ path }) => path)).not.toEqual([]);
  });

  test('is shown by a fixture, or by the test that is named for it', () => {
    const elsewhere = shownElsewhere[code];
    const inFixtures = fixtures.some(({ expected }) => expected?.match(`[ "']${code} \\(`) != null);
    if (elsewhere === undefined) expect(inFixtures).toBe(true);
    else {
      expect(readFileSync(new URL(elsewhere, import.meta.url), 'utf8')).toContain(code);
      expect(inFixtures).toBe(false);
    }
  });
});

test('every fixture is for a rule that exists', () => {
  for (const { rule } of fixtures) expect(rules.map(({ id }) => id)).toContain(rule);
});
