import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createProgress } from '../../src/commands/dry-run/progress.js';
import { parseOutput } from '../../src/commands/outputs.js';
import { writeReport } from '../../src/commands/write-report.js';
import { aloft, createFolders, within } from '../support/commands.js';
import { agentPod, brokenYaml, policyText, service } from '../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

const parse = (...texts: readonly string[]) =>
  texts.reduce<ReturnType<ReturnType<typeof parseOutput<'diff' | 'json'>>>>(
    (others, text) => parseOutput(['diff', 'json'])(text, others),
    [],
  );

describe('--output', () => {
  test.each<[string, readonly string[], unknown]>([
    ['a format is for standard output', ['json'], [{ format: 'json' }]],
    ['a format may have a file', ['json=out/a.json'], [{ format: 'json', file: 'out/a.json' }]],
    ['a file may have any name', ['json=a=b c.json'], [{ format: 'json', file: 'a=b c.json' }]],
    ['there may be several', ['diff', 'json=a'], [{ format: 'diff' }, { format: 'json', file: 'a' }]],
    [
      'one format may have two files',
      ['json=a', 'json=b'],
      [
        { format: 'json', file: 'a' },
        { format: 'json', file: 'b' },
      ],
    ],
  ])('%s', (_, texts, expected) => {
    expect(parse(...texts)).toEqual(expected);
  });

  test.each<[string, readonly string[], string]>([
    ['an unknown format', ['yml'], 'Allowed choices are diff, json.'],
    ['an unknown format with a file', ['yml=a'], 'Allowed choices are diff, json.'],
    ['a format without its file', ['json='], 'expected a file after "json="'],
    ['two for standard output', ['diff', 'json'], 'standard output can hold one report only'],
    ['two for one file', ['diff=a', 'json=a'], 'a can hold one report only'],
  ])('%s is refused', (_, texts, message) => {
    expect(() => parse(...texts)).toThrow(message);
  });
});

describe('a report', () => {
  test('is in its file, and standard output has the other', async () => {
    const dir = await folders.create({ 'pod.yaml': agentPod });
    const out = join(dir, 'report.json');
    const alone = await aloft(['review', join(dir, 'pod.yaml'), '-o', 'json']);
    const { code, out: shown } = await aloft(['review', join(dir, 'pod.yaml'), '-o', 'diff', '-o', `json=${out}`]);
    expect(code).toBe(0);
    expect(shown).toBe((await aloft(['review', join(dir, 'pod.yaml')])).out);
    expect(await readFile(out, 'utf8')).toBe(alone.out);
    expect(await readdir(dir)).toEqual(['pod.yaml', 'report.json']);
  });

  test('in a file has no colours, and leaves standard output empty', async () => {
    const dir = await folders.create({ 'pod.yaml': agentPod });
    const file = join(dir, 'a.diff');
    const { out } = await aloft(['review', join(dir, 'pod.yaml'), '-o', `diff=${file}`], { colour: true });
    expect(out).toBe('');
    expect(await readFile(file, 'utf8')).not.toContain('\u001b');
  });

  const pod = agentPod.replace('datadog\n', 'datadog-agent-of-the-second-data-centre\n');
  const whole = `RESULT   KIND  NAMESPACE  NAME                                     WHERE    RULES
changed  Pod   default    datadog-agent-of-the-second-data-centre  stdin:1  agents-outside-mesh: +3
`;
  const narrow = `RESULT   KIND  NAMESPACE  NAME                   WHERE    RULES
changed  Pod   default    datadog-agent-of-the-  stdin:1  agents-outside-mesh:
                          second-data-centre              +3
`;
  test.each<[string, { readonly width?: number }, string]>([
    ['has a line for each object in a pipe', {}, whole],
    ['keeps to the columns of a terminal', { width: 80 }, narrow],
  ])('%s, and not to any in a file', async (_, terminal, expected) => {
    const file = join(await folders.create(), 'a.txt');
    const args = ['review', '-', '-o', 'table', '-o', `table=${file}`];
    expect((await aloft(args, { stdin: pod, ...terminal })).out).toBe(expected);
    expect(await readFile(file, 'utf8')).toBe(whole);
  });

  test('replaces what was there, whole', async () => {
    const dir = await folders.create({ 'a.txt': 'much longer than what comes' });
    expect(await writeReport(join(dir, 'a.txt'), 'short')).toEqual([]);
    expect(await readFile(join(dir, 'a.txt'), 'utf8')).toBe('short');
  });

  test('that cannot be written is a problem, and the others are there', async () => {
    const dir = await folders.create({ 'pod.yaml': agentPod });
    const ran = within(
      dir,
      await aloft(['review', join(dir, 'pod.yaml'), '-o', `json=${dir}/none/a.json`, '-o', 'diff']),
    );
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('aloft: none/a.json: cannot be written: no such file or folder\n');
    expect(ran.out).toContain('Pod datadog');
  });

  test('goes where a link leads, and the link stays', async () => {
    const dir = await folders.create({ 'there/a.txt': 'old' });
    await symlink(join(dir, 'there/a.txt'), join(dir, 'link'));
    expect(await writeReport(join(dir, 'link'), 'new')).toEqual([]);
    expect((await lstat(join(dir, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(dir, 'there/a.txt'), 'utf8')).toBe('new');
  });

  test('goes into a pipe, which is still one', async () => {
    const dir = await folders.create({});
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read, problems] = await Promise.all([readFile(pipe, 'utf8'), writeReport(pipe, 'text')]);
    expect([read, problems]).toEqual(['text', []]);
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  test('whose place is a folder leaves nothing behind', async () => {
    const dir = await folders.create({});
    await mkdir(join(dir, 'a'));
    await chmod(join(dir, 'a'), 0o755);
    expect(await writeReport(join(dir, 'a'), 'text')).toHaveLength(1);
    expect(await readdir(dir)).toEqual(['a']);
  });
});

describe('what is in the input', () => {
  test('is no command to the CI system that reads the messages', async () => {
    const stdin = agentPod
      .replace('name: datadog', 'name: "evil\\n::error::pwned\\e[2J"')
      .replace('spec:', "  annotations: {sidecar.istio.io/status: '{}'}\nspec:");
    const { err, out } = await aloft(['review', '-'], { stdin });
    expect(err).toContain('evil ::error::pwned\u241b[2J');
    expect(err + out).not.toMatch(/^::/m);
    expect(err + out).not.toContain('\u001b');
  });

  test('is never replaced by a report', async () => {
    const dir = await folders.create({ 'pod.yaml': agentPod });
    const { code, err } = await aloft(['review', join(dir, 'pod.yaml'), '-o', `json=${dir}/./pod.yaml`]);
    expect([code, err]).toEqual([2, expect.stringContaining('was read as input: give the report another file')]);
    expect(await readFile(join(dir, 'pod.yaml'), 'utf8')).toBe(agentPod);
  });

  test('may be JSON in several files, which kubectl takes as one stream', async () => {
    const pod = (name: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [] } });
    const dir = await folders.create({ 'a.json': pod('a'), 'b.json': pod('b') });
    const { out } = await aloft(['review', dir, '-o', 'yaml', '--policy', await off()]);
    expect(out).toBe(`---\n${pod('a')}\n---\n${pod('b')}`);
  });

  const off = async (): Promise<string> =>
    join(await folders.create({ 'policy.yaml': policyText('  rules: []\n') }), 'policy.yaml');
});

describe('thresholds', () => {
  const policy = (mode: string): string =>
    `apiVersion: aloft.dev/v1alpha1\nkind: Policy\nmetadata: {name: t}\nspec:\n  rules:\n    - {rule: annotation-lint, mode: ${mode}}\n    - rule: agents-outside-mesh\n`;
  const wrong = `${service.replace('name: cart,', 'name: cart, annotations: {ad.datadoghq.com/endpoints.checks: "{"},')}`;

  test.each<[string, string, string, readonly string[], number]>([
    ['a violation fails', 'enforce', wrong, [], 1],
    ['a violation fails whatever warnings do', 'enforce', wrong, ['--warn-exit-code', '7'], 1],
    ['a violation does not fail if nothing does', 'enforce', wrong, ['--fail-on', 'never'], 0],
    [
      'a violation that does not fail is no warning',
      'enforce',
      wrong,
      ['--fail-on', 'never', '--warn-exit-code', '7'],
      0,
    ],
    ['a warning does not fail by itself', 'warn', wrong, [], 0],
    ['a warning has an exit code of its own', 'warn', wrong, ['--warn-exit-code', '7'], 7],
    ['a warning fails if asked for', 'warn', wrong, ['--fail-on', 'warning', '--warn-exit-code', '7'], 1],
    ['a warning fails where a change does', 'warn', wrong, ['--fail-on', 'change'], 1],
    ['a change does not fail by itself', 'warn', agentPod, ['--fail-on', 'warning'], 0],
    ['a change is no warning', 'warn', agentPod, ['--warn-exit-code', '7'], 0],
    ['a change fails if asked for', 'warn', agentPod, ['--fail-on', 'change'], 1],
    ['--check is that', 'warn', agentPod, ['--check'], 1],
    ['nothing is nothing', 'warn', service, ['--fail-on', 'change', '--warn-exit-code', '7'], 0],
    ['input that cannot be read comes first', 'enforce', `${wrong}---\n${brokenYaml}`, ['--fail-on', 'never'], 2],
  ])('%s', async (_, mode, text, args, code) => {
    const dir = await folders.create({ 'policy.yaml': policy(mode) });
    for (const format of ['diff', 'json']) {
      const ran = await aloft(['review', '-', '--policy', join(dir, 'policy.yaml'), '-o', format, ...args], {
        stdin: text,
      });
      expect([format, ran.code]).toEqual([format, code]);
    }
  });

  test.each(['256', '-1', '1.5', 'x', ''])('an exit code of "%s" is refused', async (code) => {
    const { code: ended, err } = await aloft(['review', '-', `--warn-exit-code=${code}`], { stdin: service });
    expect([ended, err]).toEqual([2, expect.stringContaining('expected a number from 0 to 255')]);
  });

  test('an unknown level is refused', async () => {
    const { code, err } = await aloft(['review', '-', '--fail-on', 'error'], { stdin: service });
    expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are violation, warning, change, never.')]);
  });
});

describe('what is said beside the report', () => {
  test('--quiet leaves what is wrong', async () => {
    expect(await aloft(['review', '-', '-q'], { stdin: agentPod })).toMatchObject({ err: '' });
    const { err } = await aloft(['review', '-', '--quiet'], { stdin: `${agentPod}---\n${brokenYaml}` });
    expect(err).toMatch(/^aloft: <stdin>:\d+:\d+: .+\n$/);
  });

  test.each<[string, readonly string[], string]>([
    [
      'review',
      [],
      '1 object reviewed, 1 to change, 0 violations, 0 other documents, 1 left out (--verbose says what)\n',
    ],
    ['fix', ['--check'], '1 file to fix, 0 with nothing to fix, 1 left out (--verbose says what)\n'],
    ['explain', [], ''],
  ])('%s says less with --quiet, more with --verbose, and does the same', async (command, args, summary) => {
    const dir = await folders.create({ 'pod.yaml': agentPod, 'values.yaml': 'a: b\n' });
    const tell = async (...more: readonly string[]) => within(dir, await aloft([command, dir, ...args, ...more]));
    const plain = await tell();
    expect(plain.err).toBe(summary);
    expect(await tell('-q')).toEqual({ ...plain, err: '' });
    const added = `policy: the embedded one
pod.yaml: 1 document, 1 object reviewed, 1 to change
left out: values.yaml: no manifest: there is no \`kind\` in it
`;
    expect(await tell('-v')).toEqual({ ...plain, err: added + summary });
  });

  test('fix --quiet leaves what is wrong', async () => {
    const dir = await folders.create({ 'pod.yaml': agentPod, 'broken.yaml': brokenYaml });
    const { err } = within(dir, await aloft(['fix', dir, '--check', '-q']));
    expect(err).toMatch(/^aloft: broken\.yaml:\d+:\d+: .+\n$/);
  });

  test.each(['review', 'explain'])('%s shows progress where somebody looks on, but for --quiet', async (command) => {
    const stdin = `${service}---\n`.repeat(3000);
    const shown: string[] = [];
    const progress = (line: string) => shown.push(line);
    await aloft([command, '-', '-q'], { stdin, progress });
    expect(shown).toEqual([]);
    await aloft([command, '-'], { stdin, progress });
    expect(shown[0]).toMatch(/^1 file read, \d+ objects? reviewed$/);
    expect(shown.at(-1)).toBe('');
  });

  test('progress tells of files that are read, too: now and then, and what is shown goes away', async () => {
    const shown: string[] = [];
    const progress = createProgress({ progress: (line) => shown.push(line) });
    progress.read(1);
    await setTimeout(110);
    progress.read(64);
    progress.read(128);
    await setTimeout(110);
    progress.reviewed(3);
    progress.done();
    expect(shown).toEqual(['64 files read', '128 files read, 3 objects reviewed', '']);
  });

  test('progress begins before all is read', async () => {
    const dir = await folders.create({ 'a.yaml': service });
    const slow = join(dir, 'slow.yaml');
    // Windows has no such pipes.
    if (spawnSync('mkfifo', [slow]).status !== 0) return;
    const writing = setTimeout(150).then(() => writeFile(slow, service));
    const shown: string[] = [];
    await aloft(['review', slow, join(dir, 'a.yaml')], { progress: (line) => shown.push(line) });
    await writing;
    expect([shown[0], shown.at(-1)]).toEqual(['1 file read', '']);
  });

  test('--verbose adds the policy and the files', async () => {
    const dir = await folders.create({ 'a.yaml': `${agentPod}---\n${service}`, 'b.yaml': 'kind: ConfigMap\n' });
    expect(within(dir, await aloft(['review', dir, '-v'])).err).toBe(
      [
        'policy: the embedded one',
        'a.yaml: 2 documents, 2 objects reviewed, 1 to change',
        'b.yaml: 1 document, 0 objects reviewed, 0 to change',
        '2 objects reviewed, 1 to change, 0 violations, 1 other document',
        '',
      ].join('\n'),
    );
  });
});
