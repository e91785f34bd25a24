import { readdirSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type PlannedFix, writeFixes } from '../../src/commands/fix-files.js';
import { commit, findTarget, stage, type Target } from '../../src/commands/replace-file.js';
import { createFolders } from '../support/commands.js';

const folders = createFolders();
afterAll(folders.remove);

/** A file with a text, in a folder of its own. */
async function fileWith(text: string): Promise<string> {
  return join(await folders.create({ 'a.yaml': text }), 'a.yaml');
}

async function targetOf(file: string, text: string): Promise<Target> {
  const target = await findTarget(file, text);
  if ('problem' in target) throw new Error(target.problem);
  return target;
}

const fixOf = (file: string, target: Target): PlannedFix => ({
  file,
  before: 'a\n',
  after: 'b\n',
  changes: [],
  objects: 1,
  target,
});

test('the new text is on disk before it takes the place of the old one', async () => {
  const file = await fileWith('a\n');
  const staged = await stage(await targetOf(file, 'a\n'), 'b\n');
  if ('problem' in staged) throw new Error(staged.problem);
  expect(await readFile(file, 'utf8')).toBe('a\n');
  expect(await readFile(staged.unfinished, 'utf8')).toBe('b\n');
  // kubectl apply -f on the folder must not take it for a manifest.
  expect(readdirSync(join(file, '..'))).toEqual([expect.stringMatching(/^\.aloft-[0-9a-f]+\.tmp$/), 'a.yaml']);
  expect(await commit(staged)).toBeUndefined();
  expect(await readFile(file, 'utf8')).toBe('b\n');
  expect(readdirSync(join(file, '..'))).toEqual(['a.yaml']);
});

test('what somebody changes meanwhile stays, and nothing is left beside it', async () => {
  const file = await fileWith('a\n');
  const staged = await stage(await targetOf(file, 'a\n'), 'b\n');
  if ('problem' in staged) throw new Error(staged.problem);
  await writeFile(file, 'c\n');
  expect(await commit(staged)).toBe('somebody changed it meanwhile: run it again');
  expect(await readFile(file, 'utf8')).toBe('c\n');
  expect(readdirSync(join(file, '..'))).toEqual(['a.yaml']);
});

test('a file that cannot be replaced keeps none of the others from it', async () => {
  const [gone, kept] = [await fileWith('a\n'), await fileWith('a\n')];
  const fixes = [fixOf('gone', await targetOf(gone, 'a\n')), fixOf('kept', await targetOf(kept, 'a\n'))];
  await rm(join(gone, '..'), { recursive: true });
  const { fixed, refused } = await writeFixes(fixes);
  expect(fixed.map(({ file }) => file)).toEqual(['kept']);
  expect(refused).toEqual([
    { file: 'gone', message: expect.stringMatching(/^not fixed: a new file .*: no such file/) },
  ]);
  expect(await readFile(kept, 'utf8')).toBe('b\n');
});

test('no file is replaced before all of the new ones are on disk', async () => {
  const [one, other] = [await fileWith('a\n'), await fileWith('a\n')];
  const target = await targetOf(other, 'a\n');
  let seen = '';
  const watched: Target = {
    ...target,
    // Asked for when the second file is staged.
    get path() {
      seen ||= readdirSync(join(one, '..')).join(' ');
      return target.path;
    },
  };
  await writeFixes([fixOf('one', await targetOf(one, 'a\n')), fixOf('other', watched)]);
  expect(seen).toMatch(/^\.aloft-[0-9a-f]+\.tmp a\.yaml$/);
  expect(await readFile(other, 'utf8')).toBe('b\n');
});

test('mode and owner stay', async () => {
  const file = await fileWith('a\n');
  await chmod(file, 0o6751);
  // Only root may give a file away.
  if (process.getuid?.() === 0) await chown(file, 1234, 4321);
  const before = statSync(file);
  await writeFixes([fixOf('a', await targetOf(file, 'a\n'))]);
  const after = statSync(file);
  expect([after.mode & 0o777, after.uid, after.gid]).toEqual([0o751, before.uid, before.gid]);
  expect(after.ino).not.toBe(before.ino);
});

test.each<[string, string, (file: string) => Promise<unknown>]>([
  ['no such file or folder', 'it cannot be written', (file) => rm(file)],
  ['a folder', 'it is no regular file', (file) => rm(file).then(() => mkdir(file))],
  ['a link to nothing', 'it cannot be written: no such file', (file) => rm(file).then(() => symlink('b', file))],
  ['another text', 'somebody changed it meanwhile', (file) => writeFile(file, 'b\n')],
  ['another encoding', 'it is not in UTF-8', (file) => writeFile(file, '\uFEFFa\n', 'utf16le')],
  ['no right to write', 'it is read-only', (file) => chmod(file, 0o555)],
])('%s: %s', async (_, says, change) => {
  const file = await fileWith('a\n');
  await change(file);
  expect(await findTarget(file, 'a\n')).toEqual({ problem: expect.stringContaining(says) });
});
