import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFolders } from '../support/commands.js';
import { agentPod } from '../support/manifests.js';
import { build } from '../support/program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = createFolders();
afterAll(folders.remove);

/** The package as `npm pack` makes it, unpacked, with nothing beside it but its dependencies. */
let unpacked: string;
/** A folder of a `PATH`, with what npm links there. */
let bin: string;

beforeAll(async () => {
  await build();
  const dir = await folders.create();
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: root, stdio: 'pipe' });
  const [tarball = ''] = await readdir(dir);
  execFileSync('tar', ['-xzf', tarball], { cwd: dir });
  unpacked = join(dir, 'package');
  bin = join(dir, 'bin');
  const manifest = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(unpacked, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await mkdir(bin);
  for (const [name, file] of Object.entries<string>(manifest.bin)) await symlink(join(unpacked, file), join(bin, name));
}, 120_000);

const filesOf = async (folder: string, extension: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !file.startsWith('node_modules/'))
    .sort();

describe('the package', () => {
  test('holds what was compiled, and nothing else', async () => {
    const files = await filesOf(unpacked, '');
    expect(files.filter((file) => !/^dist\/.+\.js$/.test(file))).toEqual(['LICENSE', 'README.md', 'package.json']);
    const sources = await filesOf(join(root, 'src'), '.ts');
    expect(files).toEqual(expect.arrayContaining(sources.map((file) => `dist/${file.replace(/ts$/, 'js')}`)));
  });

  test('needs nothing but what it depends on', async () => {
    // These two do something when they are loaded.
    const modules = (await filesOf(unpacked, '.js')).filter((file) => !/\/(main|thread)\.js$/.test(file));
    const script = modules.map((file) => `await import('./${file}');`).join('\n');
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: unpacked,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('what it installs', () => {
  const run = (program: string, ...args: readonly string[]) =>
    spawnSync(program, args, {
      encoding: 'utf8',
      input: agentPod,
      env: { PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter) },
    });

  test('are these two programs', async () => expect(await readdir(bin)).toEqual(['aloft', 'kubectl-aloft']));

  test.each([
    ['aloft', 'aloft'],
    ['kubectl-aloft', 'kubectl aloft'],
  ])('starts as %s', (program, name) => {
    expect(run(program, 'review', '--help').stdout).toContain(`Usage: ${name} review `);
    const { status, stdout, stderr } = run(program, 'review', '-', '--check');
    expect([status, stderr]).toEqual([1, '1 object reviewed, 1 to change, 0 violations, 0 other documents\n']);
    expect(stdout).toContain('+    istio.io/dataplane-mode: none');
  });
});
