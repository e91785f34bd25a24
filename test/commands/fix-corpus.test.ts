import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { diffLines } from 'diff';
import { registry } from '../../src/rules/registry.js';
import { aloft, createFolders, within } from '../support/commands.js';

import { policyText } from '../support/manifests.js';

/** Manifests that others wrote lie beside the repository where it is developed; a clone does without. */
const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const names = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.yaml')) : [];
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** Megabytes of YAML, read twice. */
jest.setTimeout(60_000);

const runFix = (...args: readonly string[]) => aloft(['fix', ...args]);

const folders = createFolders();
afterAll(folders.remove);

const all = [...new Set(registry.map(({ id }) => id))].map((id) => `    - rule: ${id}\n`);
const everyRule = policyText(`  rules:\n${all.join('')}`);

/** Without what says that a tool made them: nobody should fix those, but it is real text to try on. */
const asSource = (text: string): string =>
  text
    .replace(/^# Source:.*\r?\n/gm, '')
    .replace(/^# (?:GENERATED|WARNING).*\n/, '')
    .replace(/^# WARNING.*\n/m, '');

/** Fixes files one by one: together they are so many that threads would share them, which need a build. */
async function fixEach(dir: string, files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const runs = [];
  for (const file of Object.keys(files)) runs.push(within(dir, await runFix(join(dir, file), ...args)));
  return { out: runs.map(({ out }) => out).join(''), err: runs.map(({ err }) => err).join('') };
}

/** What is there before and after, line by line. */
function compare(before: string, after: string) {
  const parts = diffLines(before, after);
  const linesOf = (isMeant: (part: (typeof parts)[number]) => boolean): string =>
    parts
      .filter(isMeant)
      .map(({ value }) => value)
      .join('');
  const [added, removed] = [linesOf((part) => part.added), linesOf((part) => part.removed)];
  return { rest: linesOf((part) => !part.added), added, removed };
}

(names.length > 0 ? describe : describe.skip)("other people's manifests", () => {
  test('are fixed but for what a tool made', async () => {
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(corpus, name), 'utf8')]));
    const dir = await folders.create(files);
    const { out, err } = await fixEach(dir, files);
    expect(out.split('\n').map((line) => line.replace(/:.*/, ''))).toEqual([
      'bookinfo.yaml',
      'datadog-helm.yaml',
      'istio-1.28.0.yaml',
      'istio-1.5.0.yaml',
      '',
    ]);
    const refused = err
      .split('\n')
      .filter((line) => line.includes('not fixed:'))
      .map((line) => line.split(': not fixed: '));
    expect(refused).toEqual([
      [
        'aloft: datadog-operator.yaml:2:1',
        'Helm rendered it: change the template datadog-operator/templates/deployment.yaml',
      ],
      ['aloft: istio-0.2.12.yaml:1:1', 'its header says that it is generated: change what it is generated from'],
      ['aloft: online-boutique.yaml:16:1', 'its header says that it is generated: change what it is generated from'],
    ]);
  });

  test.each([
    ['the default policy', undefined],
    ['every rule on', everyRule],
  ])('get lines, and lose none, under %s', async (_, policy) => {
    const files = Object.fromEntries(names.map((name) => [name, asSource(readFileSync(join(corpus, name), 'utf8'))]));
    const dir = await folders.create(files);
    const args =
      policy === undefined ? [] : ['--policy', join(await folders.create({ 'policy.yaml': policy }), 'policy.yaml')];
    const { out, err } = await fixEach(dir, files, ...args);
    expect(err).not.toContain('not fixed');
    const fixed = out.trimEnd().split('\n');
    expect(fixed.length).toBeGreaterThan(5);
    for (const [name, text] of Object.entries(files)) {
      const now = readFileSync(join(dir, name), 'utf8');
      const { rest, added, removed } = compare(text, now);
      // The one way in which a line changes here: `{}` gives way to what is put into it.
      expect(removed.replaceAll('      annotations: {}\n', '')).toBe('');
      expect(rest).toBe(text);
      const told = new RegExp(`^${name}: (\\d+) lines? added(?: and (\\d+) changed)? for`, 'm').exec(out);
      const count = Number(told?.[1] ?? 0) + Number(told?.[2] ?? 0);
      expect(added.split('\n').length - 1).toBe(count);
    }
    expect(await fixEach(dir, files, ...args)).toMatchObject({ out: '' });
  });
});

test('our examples can be fixed, and are then', async () => {
  const files = Object.fromEntries(
    readdirSync(examples, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml') && !name.startsWith('guides/'))
      .map((name) => [name, readFileSync(join(examples, name), 'utf8')]),
  );
  const dir = await folders.create(files);
  const { out, err } = within(dir, await runFix('-f', dir));
  expect(err).not.toContain('not fixed:');
  expect(out.split('\n').length).toBeGreaterThan(5);
  for (const [name, text] of Object.entries(files)) {
    if (!/[{[]/.test(text)) expect(compare(text, readFileSync(join(dir, name), 'utf8')).rest).toBe(text);
  }
  expect((await runFix('-f', dir)).out).toBe('');
});
