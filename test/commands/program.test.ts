import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { nodeProblem, oldestNode } from '../../src/commands/node-version.js';
import { createProgram, run } from '../../src/commands/program.js';
import { version } from '../../src/version.js';
import { aloft, createFolders } from '../support/commands.js';
import { agentPod, policyText } from '../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

const subcommands = [
  'review',
  'explain',
  'serve',
  'policy',
  'policy validate',
  'policy default',
  'policy schema',
  'certs',
  'certs status',
  'certs rotate',
  'fix',
  'test',
  'function',
  'completion',
];

describe('--help', () => {
  test.each(['', ...subcommands])('of `aloft %s` fits 80 columns, and is no error', async (command) => {
    const { code, out, err } = await aloft([...command.split(' ').filter(Boolean), '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toContain(`Usage: aloft ${command}`.trimEnd());
    // What means nothing to a reader.
    expect(out).not.toMatch(/default: (\[\]|false|undefined)/);
  });

  test.each(['', 'review', 'explain', 'serve', 'certs status', 'certs rotate'])(
    'of `aloft %s` begins with examples',
    async (command) => {
      const { out } = await aloft([...command.split(' ').filter(Boolean), '--help']);
      expect(out).toMatch(/^Examples:\n {2}# .+\n {2}\S.+\n/);
    },
  );

  test('has examples that are right: every one of them parses', async () => {
    const lines = (
      await Promise.all(
        ['', 'review', 'explain', 'serve', 'certs status', 'certs rotate'].map((name) =>
          aloft([...name.split(' ').filter(Boolean), '--help']),
        ),
      )
    )
      .flatMap(({ out }) => out.split('\n\n')[0]?.split('\n') ?? [])
      .filter((line) => line.includes('aloft '));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const args = /aloft ([^|]+)/.exec(line)?.[1]?.trim().split(' ') ?? [];
      const terminal = { out: () => undefined, err: () => undefined, stdin: async () => '', colour: false };
      const program = createProgram(terminal, () => undefined);
      for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.action(() => undefined);
      await expect(program.parseAsync(args, { from: 'user' })).resolves.toBeDefined();
    }
  });

  test.each(['review', 'explain'])('of `aloft %s` says what it exits with', async (command) => {
    expect((await aloft([command, '--help'])).out).toContain('Exit codes: 0 ');
  });

  test('is what a command line without a command gets, as an error', async () => {
    const { code, out, err } = await aloft([]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: aloft');
  });
});

test('--version is that of the package', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(version).toBe(manifest.version);
  expect(await aloft(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

describe('a wrong command line exits with 2 and says what is wrong:', () => {
  test.each<[string, readonly string[], string]>([
    ['a command mistyped', ['revew'], "error: unknown command 'revew'\n(Did you mean review?)\n"],
    ['a command unknown', ['xyz'], "error: unknown command 'xyz'\n"],
    ['a subcommand mistyped', ['policy', 'validat'], "error: unknown command 'validat'\n(Did you mean validate?)\n"],
    [
      'an option mistyped',
      ['review', '-', '--polcy', 'x'],
      "error: unknown option '--polcy'\n(Did you mean --policy?)\n",
    ],
    ['an option unknown', ['explain', '-', '--zzz'], "error: unknown option '--zzz'\n"],
    [
      'an option without its value',
      ['review', '-', '-o'],
      "error: option '-o, --output <format[=file]>' argument missing\n",
    ],
    [
      'an unknown format',
      ['review', '-', '-o', 'yml'],
      "error: option '-o, --output <format[=file]>' argument 'yml' is invalid. Allowed choices are diff, table, yaml, json, admission, patch, markdown, html, sarif, junit, github, gitlab.\n",
    ],
    ['nothing to review', ['review'], 'error: nothing to read: name files or folders, or - for standard input\n'],
    [
      'two levels to fail on',
      ['review', '-', '--check', '--fail-on', 'never'],
      "error: option '--check' cannot be used with option '--fail-on <level>'\n",
    ],
    ...['review', 'fix', 'explain', 'test'].map((command): [string, readonly string[], string] => [
      `less and more to be said by ${command}`,
      [command, '-', '-v', '--quiet'],
      "error: option '-q, --quiet' cannot be used with option '-v, --verbose'\n",
    ]),
    ['no policy to validate', ['policy', 'validate'], "error: missing required argument 'files'\n"],
    [
      'a port that is none',
      ['serve', '--port', 'https'],
      "error: option '--port <number>' argument 'https' is invalid. expected a number from 0 to 65535\n",
    ],
    [
      'a port out of range',
      ['serve', '--port', '65536'],
      "error: option '--port <number>' argument '65536' is invalid. expected a number from 0 to 65535\n",
    ],
    [
      'a log level unknown',
      ['serve', '--log-level', 'loud'],
      "error: option '--log-level <level>' argument 'loud' is invalid. Allowed choices are debug, info, warn, error, silent.\n",
    ],
    [
      'too much',
      ['policy', 'default', 'x'],
      "error: too many arguments for 'default'. Expected 0 arguments but got 1: x.\n",
    ],
  ])('%s', async (_, args, message) => {
    expect(await aloft(args, { stdin: agentPod })).toEqual({ code: 2, out: '', err: message });
  });
});

describe('the environment', () => {
  const saved = process.env['ALOFT_POLICY'];
  afterAll(() => {
    if (saved === undefined) delete process.env['ALOFT_POLICY'];
    else process.env['ALOFT_POLICY'] = saved;
  });

  test('sets what no flag sets', async () => {
    const dir = await folders.create({
      'off.yaml': policyText('  rules: []\n'),
      'on.yaml': policyText('  rules: [{rule: agents-outside-mesh}]\n'),
    });
    process.env['ALOFT_POLICY'] = `${dir}/off.yaml`;
    expect(await aloft(['review', '-', '--check'], { stdin: agentPod })).toMatchObject({ code: 0 });
    expect(await aloft(['review', '-', '--check', '--policy', `${dir}/on.yaml`], { stdin: agentPod })).toMatchObject({
      code: 1,
    });
    delete process.env['ALOFT_POLICY'];
    expect(await aloft(['review', '-', '--check'], { stdin: agentPod })).toMatchObject({ code: 1 });
  });

  test('has a name for every setting of the server', async () => {
    const { out } = await aloft(['serve', '--help']);
    const names = ['HTTPS_PORT', 'METRICS_PORT', 'HOST', 'CERT_DIR', 'POLICY', 'SERVICE', 'NAMESPACE', 'LOG_LEVEL'];
    for (const name of names) expect(out.replaceAll(/\s+/g, ' ')).toContain(`env: ALOFT_${name})`);
  });
});

test('a plugin of kubectl names itself as it is called', async () => {
  let out = '';
  const terminal = { out: (text: string) => (out += text), err: () => undefined, stdin: async () => '', colour: false };
  expect(await run(['review', '--help'], terminal, 'kubectl aloft')).toBe(0);
  expect(out).toContain('\n  kubectl aloft review deploy/ --fail-on change\n');
  expect(out).toContain('Usage: kubectl aloft review [options]');
  expect(out).not.toMatch(/(?<!kubectl )aloft review/);
});

test.each<[string, string | undefined]>([
  ['20.20.2', 'needs Node.js 22.19 or later, this is 20.20.2'],
  ['22.18.9', 'needs Node.js 22.19 or later, this is 22.18.9'],
  ['22.19.0', undefined],
  ['24.0.0', undefined],
])('Node.js %s', (node, problem) => {
  expect(nodeProblem(node)).toBe(problem);
});

test('the oldest Node.js is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(manifest.engines.node).toBe(`>=${oldestNode}`);
});
