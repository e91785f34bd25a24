import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Option } from 'commander';
import { bashCompletion } from '../../../src/commands/completion/bash.js';
import { allCommands, completedCommand } from '../../../src/commands/completion/words.js';
import { createProgram } from '../../../src/commands/program.js';
import { formatNames } from '../../../src/reports/formats.js';
import { vendorIds } from '../../../src/vendors/catalog.js';
import { aloft, createFolders } from '../../support/commands.js';

const folders = createFolders();
afterAll(folders.remove);

const real = createProgram(
  { out: () => undefined, err: () => undefined, stdin: async () => '', colour: false },
  () => undefined,
);
const program = completedCommand(real);
const bash = bashCompletion(program);
const commands = program.commands.map(({ path }) => path.join(' '));

let dir = '';
beforeAll(async () => {
  dir = await folders.create({ 'a.yaml': '', 'b.yaml': '', 'with space.yaml': '', 'folder/c.yaml': '' });
});

type Asking = { readonly breaks?: string; readonly call?: string };

/** What bash offers for the last of these words, which it gets as readline would split them. */
function offered(
  words: readonly string[],
  { breaks = ' \t\n"\'><=;|&(:', call = 'ask' }: Asking = {},
): readonly string[] {
  const ask = `ask() {
    COMP_WORDS=(aloft "$@"); COMP_CWORD=$#; COMP_WORDBREAKS=${JSON.stringify(breaks)}
    _aloft
    ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"
  }`;
  const script = `set -u\n${bash}\n${ask}\n${call} "$@"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: dir,
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((line) => line !== '');
}

const files = ['a.yaml', 'b.yaml', 'folder', 'with space.yaml'];

describe('bash', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['commands', [''], commands],
    ['commands that begin so', ['rev'], ['review']],
    ['commands below a command', ['certs', ''], ['status', 'rotate', 'help']],
    ['commands that help is about', ['help', 'vend'], ['vendors']],
    ['no command below one that has none', ['review', 'vend'], []],
    ['the values of an option', ['review', '--fail-on', ''], ['violation', 'warning', 'change', 'never']],
    ['the values of an option, from an "=" on', ['review', '--fail-on', '=', 'w'], ['warning']],
    ['the values of an option that another one follows', ['review', '-f', 'x', '--fail-on', 'n'], ['never']],
    ['the options of a command', ['review', '--fail'], ['--fail-on']],
    ['the options of a command below a command', ['certs', 'rotate', '--comp'], ['--compromised']],
    ['no command after an argument', ['vendors', 'datadog', 'recognise', '--na'], []],
    ['no options after --', ['review', '--', '--fail'], []],
    ['nothing where anything may stand', ['review', '-n', ''], []],
    ['nothing for an option that nobody knows', ['review', '--nothing='], []],
    ['formats', ['review', '-o', ''], formatNames],
    ['the formats of another command', ['test', '-o', ''], ['text', 'json', 'junit']],
    ['rules', ['explain', '--rule', 'tracer'], ['tracer-env']],
    ['the file of a format', ['review', '-o', 'sarif', '=', 'a'], ['a.yaml']],
    ['the file of a format, behind the long option', ['review', '--output', '=', 'sarif', '=', 'a'], ['a.yaml']],
    ['vendors, and the command beside them', ['vendors', ''], [...vendorIds, 'recognise']],
    ['vendors alone after a vendor', ['vendors', 'datadog', ''], vendorIds],
    ['shells', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['folders where a folder is meant', ['serve', '--cert-dir', ''], ['folder']],
    ['files, also with spaces', ['review', 'w'], ['with space.yaml']],
    ['files in folders', ['review', '-f', 'folder/'], ['folder/c.yaml']],
  ])('offers %s', (_, words, expected) => {
    expect([...offered(words)].sort()).toEqual([...expected].sort());
  });

  test('offers files for every argument that is one', () => {
    for (const words of [
      ['review', ''],
      ['review', 'a.yaml', ''],
      ['review', '--policy', ''],
      ['fix', '-f', ''],
    ]) {
      expect([...offered(words)].filter((word) => files.includes(word)).sort()).toEqual(files);
    }
  });

  test.each<[readonly string[], readonly string[]]>([
    [['review', '--fail-on=w'], ['--fail-on=warning']],
    [['review', '-o', 'sarif=a'], ['sarif=a.yaml']],
    [['review', '--output=sarif=a'], ['--output=sarif=a.yaml']],
  ])('offers whole words where "=" does not part them: %j', (words, expected) => {
    expect(offered(words, { breaks: ' ' })).toEqual(expected);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['words, and that files are none', ['review', '--fail-on', 'w'], ['warning', ':4']],
    ['whole words behind an "="', ['review', '--fail-on=w'], ['--fail-on=warning', ':4']],
    ['that files may stand there', ['review', ''], [':0']],
    ['commands', ['certs', 'r'], ['rotate', ':4']],
  ])('tells kubectl %s', (_, words, expected) => {
    expect(offered(words, { call: '_aloft_for_kubectl' })).toEqual(expected);
  });
});

test('every command and every option can be completed', () => {
  for (const { path, commands: below, options } of allCommands(program)) {
    const flags = options.flatMap((option) => option.flags);
    expect([...offered([...path, '-'])].sort()).toEqual([...flags].sort());
    for (const one of below) expect(offered(one.path)).toContain(one.path.at(-1));
  }
}, 60_000);

test('every option that takes a value has it left out when commands are looked for', () => {
  for (const { path, options } of allCommands(program)) {
    for (const { flags, values } of options.filter((option) => option.values !== undefined)) {
      expect([flags[0], values?.kind]).toEqual([flags[0], expect.any(String)]);
      const next = offered([...path, flags.at(-1) ?? '', 'rotate', '--hel']);
      expect([path, flags.at(-1), next]).toEqual([path, flags.at(-1), ['--help']]);
    }
  }
}, 60_000);

test('every word that is offered for an option is one that it takes', () => {
  const refused = allCommands(program).flatMap(({ path, options }) => {
    const command = path.reduce((above, name) => above.commands.find((one) => one.name() === name) ?? above, real);
    return options.flatMap(({ flags, values }) => {
      const option = command.options.find(({ long }) => long === flags.at(-1));
      return (values?.words ?? []).filter(({ text }) => isRefused(option, text)).map(({ text }) => [...path, text]);
    });
  });
  expect(refused).toEqual([]);
});

function isRefused(option: Option | undefined, text: string): boolean {
  try {
    option?.parseArg?.(text, undefined);
    return option === undefined;
  } catch {
    return true;
  }
}

describe('the script', () => {
  test.each(['bash', 'zsh', 'fish'])('for %s is printed, and nothing else', async (shell) => {
    const { code, out, err } = await aloft(['completion', shell]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^(#compdef aloft\\n)?# ${shell} completion for aloft`));
  });

  test('for another shell is refused, with those there are', async () => {
    const { code, out, err } = await aloft(['completion', 'tcsh']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('bash, zsh, fish');
  });

  // Only bash is everywhere; where one of the others is not, its tests are shown as skipped.
  for (const [shell, args] of [
    ['bash', ['--norc', '-n']],
    ['zsh', ['-f', '-n']],
    ['fish', ['--no-config', '--no-execute']],
  ] as const) {
    (isThere(shell) ? test : test.skip)(`is one that ${shell} can read`, async () => {
      const file = join(await folders.create({ script: (await aloft(['completion', shell])).out }), 'script');
      const { status, stderr } = spawnSync(shell, [...args, file], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  const everyWord = allCommands(program).flatMap(({ values, options }) =>
    [values, ...options.flatMap((option) => option.values ?? [])].flatMap(({ words }) => words.map(({ text }) => text)),
  );

  test('for zsh knows every command, option and word', async () => {
    const { out } = await aloft(['completion', 'zsh']);
    const functions = allCommands(program).map(({ path }) => `${['_aloft', ...path].join('_')}()`);
    const flags = allCommands(program).flatMap(({ options }) => options.flatMap((option) => option.flags));
    expect([...functions, ...flags, ...everyWord].filter((text) => !out.includes(text))).toEqual([]);
  });

  test('for fish knows every command, option and word', async () => {
    const { out } = await aloft(['completion', 'fish']);
    const lines = allCommands(program).flatMap(({ path, options }) =>
      options.flatMap(({ flags }) => [
        `'${['__aloft_at', ...path].join(' ')}'${flags.map((flag) => ` -${flag.startsWith('--') ? 'l' : 's'} ${flag.replace(/^-+/, '')}`).join('')}`,
      ]),
    );
    expect([...lines, ...everyWord].filter((text) => !out.includes(text))).toEqual([]);
  });

  (isThere('fish') ? test : test.skip).each<[string, readonly string[]]>([
    ['aloft rev', ['review']],
    ['aloft review --fail-on ch', ['change']],
    ['aloft review -f x --fail-on ch', ['change']],
    ['aloft review -o sar', ['sarif']],
    ['aloft review -o sarif=a', ['sarif=a.yaml']],
    ['aloft review --output=sarif=a', ['--output=sarif=a.yaml']],
    ['aloft vendors recog', ['recognise']],
    ['aloft vendors --policy x recognise --names', ['--namespace']],
    ['aloft review wi', ['with space.yaml']],
    ['aloft certs rotate --comp', ['--compromised']],
  ])('for fish completes: %s', async (line, expected) => {
    const script = `${(await aloft(['completion', 'fish'])).out}\ncomplete -C '${line}'`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { cwd: dir, encoding: 'utf8' });
    const offers = stdout.split('\n').flatMap((text) => text.split('\t')[0] || []);
    expect({ offers, stderr }).toEqual({ offers: expected, stderr: '' });
  });
});

function isThere(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).error === undefined;
}
