import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readFolder, writeFolder } from '../../src/certificates/folder.js';
import { issuePair } from '../../src/certificates/issue.js';
import { openLocal } from '../../src/certificates/local.js';
import { checkPair } from '../../src/certificates/pair.js';

const now = new Date('2026-11-21T05:00:00Z');
const demand = { names: ['localhost'], ips: ['127.0.0.1'], now };
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
const emptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'aloft-local-'));
const remedy = 'put a good pair there, or remove ca.crt, tls.crt and tls.key to have them made anew';

test('an empty folder gets a pair for 90 days, which the next start finds', async () => {
  const dir = await emptyFolder();
  await writeFile(join(dir, 'README.md'), '');
  const first = await openLocal(dir, demand);
  if (!('pair' in first)) throw new Error(first.problems.join());
  expect(first.made).toBe(true);
  expect(checkPair(first.pair, { names: ['localhost', '127.0.0.1'], now: days(89) })).toEqual([]);
  expect(new X509Certificate(first.pair.ca).subject).toMatch(/^CN=aloft local CA /);
  expect(await openLocal(dir, demand)).toEqual({ pair: first.pair, made: false, warnings: [] });
});

test.each<[string, typeof demand, boolean]>([
  ['59 days later', { ...demand, now: days(59) }, false],
  ['60 days later', { ...demand, now: days(60) }, true],
  ['long after it expired', { ...demand, now: days(1000) }, true],
  ['asked for another name', { ...demand, names: ['localhost', 'aloft'] }, true],
  ['asked for another address', { ...demand, ips: ['127.0.0.1', '::1'] }, true],
  ['asked for less', { ...demand, ips: [] }, false],
])('our own pair, %s', async (_, later, made) => {
  const dir = await emptyFolder();
  await openLocal(dir, demand);
  const local = await openLocal(dir, later);
  if (!('pair' in local)) throw new Error(local.problems.join());
  expect(local.made).toBe(made);
  expect(checkPair(local.pair, { names: [...later.names, ...later.ips], now: later.now })).toEqual([]);
  expect(await readFolder(dir)).toEqual({ pair: local.pair });
});

test('our own pair beside a CA of another, as after a crash between two files, is made anew', async () => {
  const dir = await emptyFolder();
  await openLocal(dir, demand);
  await writeFile(join(dir, 'ca.crt'), (await issuePair({ ...demand, lifetimeDays: 90, subject: 'aloft local' })).ca);
  expect(await openLocal(dir, demand)).toMatchObject({ made: true });
});

type Outcome = { readonly warnings: readonly string[] } | { readonly problems: readonly string[] };

test.each<[string, Partial<typeof demand & { lifetimeDays: number }>, (dir: string) => Outcome]>([
  ['is used, even in its last third', { lifetimeDays: 0.01 }, () => ({ warnings: [] })],
  [
    'of other names is used, with a warning',
    { names: ['other'] },
    (dir) => ({ warnings: [`${dir}: certificate lacks the name "localhost" (has: other)`] }),
  ],
  [
    'that expired is refused',
    { lifetimeDays: -0.001 },
    (dir) => ({ problems: [`${dir}: certificate expired on 2026-11-21T04:58:33.000Z; ${remedy}`] }),
  ],
])('a foreign pair %s', async (_, change, outcome) => {
  const dir = await emptyFolder();
  const pair = await issuePair({ names: demand.names, lifetimeDays: 90, now, subject: 'somebody', ...change });
  await writeFolder(dir, pair);
  const expected = outcome(dir);
  expect(await openLocal(dir, demand)).toEqual('problems' in expected ? expected : { pair, made: false, ...expected });
  expect(await readFolder(dir)).toEqual({ pair });
});

test('somebody’s key is never overwritten, even beside our certificate', async () => {
  const dir = await emptyFolder();
  await openLocal(dir, demand);
  const { key } = await issuePair({ ...demand, lifetimeDays: 90 });
  await writeFile(join(dir, 'tls.key'), key);
  expect(await openLocal(dir, demand)).toEqual({ problems: [`${dir}: key does not belong to certificate; ${remedy}`] });
  expect(await readFile(join(dir, 'tls.key'), 'utf8')).toBe(key);

  await unlink(join(dir, 'tls.crt'));
  expect(await openLocal(dir, demand)).toEqual({
    problems: [expect.stringContaining('tls.crt: missing beside tls.key')],
  });
  expect((await readdir(dir)).sort()).toEqual(['ca.crt', 'tls.key']);
});

test('a folder that cannot be made is a problem', async () => {
  const file = join(await emptyFolder(), 'file');
  await writeFile(file, '');
  expect(await openLocal(join(file, 'certs'), demand)).toEqual({
    problems: expect.arrayContaining([expect.stringContaining('ENOTDIR')]),
  });
});
