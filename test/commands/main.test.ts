import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { version } from '../../src/version.js';
import { createFolders } from '../support/commands.js';
import { agentPod, brokenYaml, service } from '../support/manifests.js';
import { build, mainFile, start } from '../support/program.js';

beforeAll(build, 60_000);

const folders = createFolders();
afterAll(folders.remove);

type Given = { readonly stdin?: string; readonly env?: Record<string, string>; readonly node?: readonly string[] };

/** A whole run of the program, as a shell sees it. */
async function run(args: readonly string[], { stdin = '', ...options }: Given = {}) {
  const { child, out, err, ended } = start(args, options);
  child.stdin?.on('error', () => undefined).end(stdin);
  const { code } = await ended;
  return { code, out: out(), err: err() };
}

test('--version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

describe('what the shell gets', () => {
  test.each<[string, readonly string[], string, number]>([
    ['0 where all is well', ['review', '-'], agentPod, 0],
    ['0 where --check finds nothing', ['review', '-', '--check'], service, 0],
    ['1 where --check finds a change', ['review', '-', '--check'], agentPod, 1],
    ['2 for input that cannot be read', ['review', '-'], brokenYaml, 2],
    ['2 for a wrong command line', ['revew'], '', 2],
  ])('is %s', async (_, args, stdin, code) => {
    expect(await run(args, { stdin })).toMatchObject({ code });
  });

  test('is 3 for a fault of aloft, with what to report', async () => {
    const broken =
      'data:text/javascript,Array.prototype.toSorted = Array.prototype.flatMap = () => { throw new TypeError("made to fail") }';
    const { code, out, err } = await run(['review', '-'], { stdin: agentPod, node: ['--import', broken] });
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^aloft: a fault of aloft itself, please report it:\nTypeError: made to fail\n {4}at /);
  });

  const full = existsSync('/dev/full') ? test : test.skip;
  full('is not 1, which would be findings, where the output cannot be written', async () => {
    const sink = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [mainFile, 'policy', 'default'], { stdio: ['ignore', sink.fd, 'pipe'] });
    let err = '';
    child.stderr?.on('data', (data) => {
      err += data;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    await sink.close();
    expect([code, err]).toEqual([2, expect.stringMatching(/^aloft: cannot write the output: ENOSPC/)]);
  });
});

test('a reader that has seen enough is no fault', async () => {
  const many = `${agentPod}---\n`.repeat(2000);
  const { child, err, ended } = start(['review', '-', '-o', 'yaml']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  child.stdin?.on('error', () => undefined).end(many);
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(err()).toBe('2000 objects reviewed, 2000 to change, 0 violations, 0 other documents\n');
});

test('all of a long output arrives', async () => {
  const many = `${agentPod}---\n`.repeat(2000);
  const { out } = await run(['review', '-', '-o', 'yaml'], { stdin: many });
  expect(out.match(/^kind: Pod$/gm)).toHaveLength(2000);
  expect(out.endsWith('---\n')).toBe(true);
}, 30_000);

describe('colours', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['are off in a pipe', {}, false],
    ['are on if forced', { FORCE_COLOR: '1' }, true],
    ['are off if forced off', { FORCE_COLOR: '0' }, false],
    ['are off without NO_COLOR in a pipe all the same', { NO_COLOR: '1' }, false],
  ])('%s', async (_, env, expected) => {
    const { out } = await run(['review', '-'], { stdin: agentPod, env });
    expect(out.includes('\u001b[')).toBe(expected);
  });
});

describe('a table', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['is not broken in a pipe', {}, false],
    ['keeps to COLUMNS', { COLUMNS: '64' }, true],
    ['does not heed a number that is none', { COLUMNS: '64em' }, false],
    ['does not heed no columns', { COLUMNS: '0' }, false],
  ])('%s', async (_, env, expected) => {
    const { out } = await run(['review', '-', '-o', 'table'], { stdin: agentPod, env });
    expect(out.trimEnd().split('\n').length > 2).toBe(expected);
  });
});
