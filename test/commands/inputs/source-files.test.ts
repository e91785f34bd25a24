import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { createReadSource } from '../../../src/commands/inputs/source-files.js';
import { createFolders } from '../../support/commands.js';

const folders = createFolders();
const home = process.cwd();
let root = '';
beforeEach(async () => {
  root = await folders.create();
});
afterEach(() => process.chdir(home));
afterAll(folders.remove);

/** A chart that is not called as its folder is written `folder=chart/Chart.yaml`; a patch `folder=patch/kustomization.yaml`. */
function special(path: string): readonly [file: string, text: string] {
  const [, folder, own, name = own, file] =
    /^(.*?([^/=]+))(?:=([^/]+))?\/(Chart\.yaml|kustomization\.yaml)$/.exec(path) ?? [];
  if (folder === undefined) return [path, path];
  return [`${folder}/${file}`, file === 'Chart.yaml' ? `name: ${name}\n` : `patches: [{path: ${name}}]\n`];
}

/** Writes files of which each holds its own path, goes to a folder, and reads. */
async function read(files: readonly string[], path: string, from = 'work', roots: readonly string[] = []) {
  await mkdir(join(root, from), { recursive: true });
  for (const path of files) {
    const [file, text] = special(path);
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  process.chdir(join(root, from));
  const groups = createReadSource(roots)(path)?.map((group) => group()) ?? [];
  const [first = []] = groups.filter((group) => group.length > 0);
  return first.map(({ file, text }) => [file, text]);
}

const template = 'shop/templates/a.yaml';
const kustomization = 'kustomization.yaml';

test.each<[string, { files: string[]; path: string; from?: string; roots?: string[]; expected: string[] }]>([
  ['the path as it is', { files: [`work/${template}`], path: template, expected: [template] }],
  ["without the chart's name", { files: ['work/templates/a.yaml'], path: template, expected: ['templates/a.yaml'] }],
  [
    'in the folder of the chart',
    {
      files: ['work/other=shop/Chart.yaml', 'work/other/templates/a.yaml'],
      path: template,
      from: 'work/other',
      expected: ['templates/a.yaml'],
    },
  ],
  [
    'not in the folder of another chart',
    {
      files: ['work/web/Chart.yaml', 'work/web/templates/a.yaml'],
      path: template,
      from: 'work/web',
      expected: [],
    },
  ],
  [
    'not in a folder that only has the name of the chart',
    {
      files: ['work/shop=web/Chart.yaml', 'work/shop/templates/a.yaml'],
      path: template,
      expected: [],
    },
  ],
  [
    'in a folder that is given',
    { files: [`work/deep/${template}`], path: template, roots: ['deep'], expected: [`deep/${template}`] },
  ],
  [
    'in one beside the working folder',
    { files: [`other/${template}`], path: template, roots: ['../other'], expected: [`../other/${template}`] },
  ],
  [
    'there first',
    {
      files: [`work/${template}`, `work/deep/${template}`],
      path: template,
      roots: ['deep'],
      expected: [`deep/${template}`],
    },
  ],
  [
    'in a chart below',
    {
      files: ['work/a/b/other=shop/Chart.yaml', 'work/a/b/other/templates/a.yaml'],
      path: template,
      expected: ['a/b/other/templates/a.yaml'],
    },
  ],
  [
    'in two charts of a name',
    {
      files: ['a', 'b'].flatMap((dir) => [`work/${dir}/shop/Chart.yaml`, `work/${dir}/${template}`]),
      path: template,
      expected: [`a/${template}`, `b/${template}`],
    },
  ],
  [
    'in the one of two charts that has it',
    {
      files: ['work/a/shop/Chart.yaml', 'work/b/shop/Chart.yaml', `work/b/${template}`],
      path: template,
      expected: [`b/${template}`],
    },
  ],
  [
    'in a chart within a chart',
    {
      files: ['work/up/Chart.yaml', 'work/up/charts/shop/Chart.yaml', `work/up/charts/${template}`],
      path: `up/charts/${template}`,
      expected: [`up/charts/${template}`],
    },
  ],
  [
    'in a chart that another one packs',
    {
      files: ['work/up/Chart.yaml', 'work/shop/Chart.yaml', `work/shop/templates/b.yaml`],
      path: 'up/charts/shop/templates/b.yaml',
      expected: ['shop/templates/b.yaml'],
    },
  ],
  [
    'not in a chart of node_modules',
    {
      files: ['work/node_modules/shop/Chart.yaml', `work/node_modules/${template}`],
      path: template,
      expected: [],
    },
  ],
  [
    'from a kustomization below',
    {
      files: [`work/apps/prod/${kustomization}`, 'work/apps/base/a.yaml'],
      path: '../base/a.yaml',
      expected: ['apps/base/a.yaml'],
    },
  ],
  [
    'from two that mean the same file',
    {
      files: [`work/apps/prod/${kustomization}`, `work/apps/dev/${kustomization}`, 'work/apps/base/a.yaml'],
      path: '../base/a.yaml',
      expected: ['apps/base/a.yaml'],
    },
  ],
  [
    'from two that do not',
    {
      files: [`work/prod/${kustomization}`, `work/dev/${kustomization}`, 'work/prod/a.yaml', 'work/dev/a.yaml'],
      path: 'a.yaml',
      expected: ['dev/a.yaml', 'prod/a.yaml'],
    },
  ],
  [
    'from the one to which it is no patch',
    {
      files: [`work/prod=a.yaml/${kustomization}`, `work/dev/${kustomization}`, 'work/prod/a.yaml', 'work/dev/a.yaml'],
      path: 'a.yaml',
      expected: ['dev/a.yaml'],
    },
  ],
  [
    'from the one that is given',
    {
      files: [`work/prod/${kustomization}`, `work/dev/${kustomization}`, 'work/prod/a.yaml', 'work/dev/a.yaml'],
      path: 'a.yaml',
      roots: ['dev'],
      expected: ['dev/a.yaml'],
    },
  ],
  [
    'above a folder that is given, within the working folder',
    {
      files: ['work/apps/prod/x', 'work/apps/a.yaml'],
      path: '../a.yaml',
      roots: ['apps/prod'],
      expected: ['apps/a.yaml'],
    },
  ],
  ['not outside', { files: ['a.yaml'], path: '../a.yaml', expected: [] }],
  ['not outside by a way round', { files: ['a.yaml', 'work/x/y'], path: 'x/../../a.yaml', expected: [] }],
  ['not a folder', { files: ['work/a/b'], path: 'a', expected: [] }],
  ['nothing', { files: [], path: template, expected: [] }],
  ['not a path of Windows', { files: ['work/a\\b'], path: 'a\\b', expected: [] }],
])('reads the source of a rendered manifest: %s', async (_, { files, path, from, roots, expected }) => {
  const found = await read(files, path, from, roots);
  expect(found.map(([file]) => file)).toEqual(expected);
  for (const [, text] of found) expect(files).toContain(text);
});

test('reads no absolute path, and follows no link out of the folders', async () => {
  await writeFile(join(root, 'secret.yaml'), 'secret');
  await mkdir(join(root, 'work'));
  await symlink('../secret.yaml', join(root, 'work/link.yaml'));
  expect(await read(['work/a.yaml'], join(root, 'work/a.yaml'))).toEqual([]);
  expect(await read([], 'link.yaml')).toEqual([]);
  expect(await read([], 'link.yaml', 'work', ['..'])).toEqual([['link.yaml', 'secret']]);
});

test('puts what is surer first', async () => {
  const files = [`work/deep/${template}`, 'work/deep/templates/a.yaml', `work/${template}`, 'work/x=shop/Chart.yaml'];
  await read([...files, 'work/x/templates/a.yaml'], template);
  expect((createReadSource(['deep'])(template) ?? []).map((group) => group().map(({ file }) => file))).toEqual([
    [`deep/${template}`],
    ['deep/templates/a.yaml'],
    [template],
    [],
    ['x/templates/a.yaml'],
  ]);
});

test('gives up where there are too many', async () => {
  const folder = (index: number) => [`work/${index}/${kustomization}`, `work/${index}/a.yaml`];
  const files = Array.from({ length: 101 }, (_, index) => folder(index)).flat();
  expect(await read(files.slice(2), 'a.yaml')).toHaveLength(100);
  expect(await read(files, 'a.yaml')).toEqual([]);
});

test('reads each once: what was found stays the same', async () => {
  await writeFile(join(root, 'a.yaml'), 'before');
  process.chdir(root);
  const readSource = createReadSource([]);
  const [[source] = []] = (readSource('a.yaml') ?? []).map((group) => group());
  await writeFile(join(root, 'a.yaml'), 'after');
  expect(source).toEqual({ file: 'a.yaml', text: 'before' });
  for (const path of ['a.yaml', 'x/a.yaml']) {
    const [[again] = []] = (readSource(path) ?? []).map((group) => group());
    expect(again).toBe(source);
  }
});
