import { mkdtemp, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readFolder, writeFolder } from '../../src/certificates/folder.js';
import { issuePair } from '../../src/certificates/issue.js';

const request = { names: ['localhost'], lifetimeDays: 1, now: new Date() };
const pair = await issuePair(request);
const other = await issuePair(request);
const emptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'aloft-folder-'));

test.each<[string, readonly string[], (dir: string) => unknown]>([
  ['empty', [], () => ({ absent: true })],
  ['all three', ['tls.crt', 'tls.key', 'ca.crt'], () => ({ pair })],
  ['without a CA', ['tls.crt', 'tls.key'], () => ({ pair: { ...pair, ca: '' } })],
  [
    'without the key',
    ['tls.crt', 'ca.crt'],
    (dir) => ({
      problems: [
        `${dir}/tls.key: missing beside tls.crt; put the private key there, or remove tls.crt to have both made anew`,
      ],
    }),
  ],
  [
    'without the certificate',
    ['tls.key'],
    (dir) => ({
      problems: [
        `${dir}/tls.crt: missing beside tls.key; put the certificate there, or remove tls.key to have both made anew`,
      ],
    }),
  ],
  [
    'with nothing but a CA',
    ['ca.crt'],
    (dir) => ({ problems: [`${dir}/ca.crt: stands alone; put tls.crt and tls.key beside it, or remove it`] }),
  ],
  ['with a folder for a file', ['tls.crt/x'], (dir) => ({ problems: [`${dir}/tls.crt: cannot be read (EISDIR)`] })],
])('a folder %s', async (_, files, expected) => {
  const dir = await emptyFolder();
  const texts: Record<string, string> = { 'tls.crt': pair.cert, 'tls.key': pair.key, 'ca.crt': pair.ca };
  for (const file of files) {
    if (file.includes('/')) await writeFolder(join(dir, 'tls.crt'), pair);
    else await writeFile(join(dir, file), texts[file] ?? '');
  }
  expect(await readFolder(dir, 1)).toEqual(expected(dir));
});

test('a folder that is not there is an absent pair', async () => {
  expect(await readFolder(join(await emptyFolder(), 'certs'))).toEqual({ absent: true });
});

test('what was written is read again, and only its owner can read the key', async () => {
  const dir = join(await emptyFolder(), 'a', 'certs');
  expect(await writeFolder(dir, pair)).toEqual([]);
  expect(await readFolder(dir)).toEqual({ pair });
  expect((await readdir(dir)).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dir, 'tls.key'))).mode & 0o777).toBe(0o600);
});

test('a key that others could read is replaced by one that they cannot', async () => {
  const dir = await emptyFolder();
  await writeFile(join(dir, 'tls.key'), other.key, { mode: 0o644 });
  await writeFolder(dir, pair);
  expect((await stat(join(dir, 'tls.key'))).mode & 0o777).toBe(0o600);
});

test('a folder that cannot be written is a problem, and nothing is left behind', async () => {
  const dir = await emptyFolder();
  const file = join(dir, 'file');
  await writeFile(file, '');
  expect(await writeFolder(join(file, 'certs'), pair)).toEqual([
    `${file}/certs: cannot be written (ENOTDIR); name a folder that can, or put tls.crt and tls.key there`,
  ]);

  const blocked = join(dir, 'blocked');
  await writeFolder(join(blocked, 'tls.crt'), pair);
  expect(await writeFolder(blocked, pair)).toEqual([expect.stringContaining('cannot be written (EISDIR)')]);
  expect((await readdir(blocked)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

/** At once, as a kubelet does it: a file that is only begun is one without a CA. */
async function putFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

test.each<[string, 'tls.key' | 'tls.crt' | 'ca.crt', keyof typeof pair]>([
  ['the key', 'tls.key', 'key'],
  ['the CA', 'ca.crt', 'ca'],
])('a reader that finds %s of another pair looks again', async (_, file, part) => {
  const dir = await emptyFolder();
  await writeFolder(dir, pair);
  await writeFile(join(dir, file), other[part]);
  const reading = readFolder(dir, 30);
  setTimeout(() => void putFile(join(dir, file), pair[part]), 40);
  expect(await reading).toEqual({ pair });
});

test('a reader that finds a part missing looks again', async () => {
  const dir = await emptyFolder();
  await writeFolder(dir, pair);
  await unlink(join(dir, 'tls.crt'));
  const reading = readFolder(dir, 30);
  setTimeout(() => void putFile(join(dir, 'tls.crt'), pair.cert), 40);
  expect(await reading).toEqual({ pair });
});

test('what still does not fit after some looks is handed over as it is', async () => {
  const dir = await emptyFolder();
  await writeFolder(dir, { ...pair, key: other.key });
  expect(await readFolder(dir, 1)).toEqual({ pair: { ...pair, key: other.key } });
});

test('no reader ever sees half a file, while a writer goes to and fro', async () => {
  const dir = await emptyFolder();
  await writeFolder(dir, pair);
  let writing = true;
  const writer = (async () => {
    for (let round = 0; round < 100; round++) await writeFolder(dir, round % 2 ? pair : other);
    writing = false;
  })();
  const seen = new Set<string>();
  while (writing) seen.add(await readFile(join(dir, 'tls.key'), 'utf8'));
  await writer;
  expect(seen).toEqual(new Set([pair.key, other.key]));
});
