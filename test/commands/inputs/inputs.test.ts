import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { readInputs } from '../../../src/commands/inputs/inputs.js';
import type { Terminal } from '../../../src/commands/terminal.js';
import { showProblem } from '../../../src/reports/reviewed.js';
import { createFolders } from '../../support/commands.js';

const folders = createFolders();
afterAll(folders.remove);

let dir = '';
beforeEach(async () => {
  dir = await folders.create();
});

type Files = Readonly<Record<string, string | Uint8Array>>;

const terminal = (stdin: string): Terminal => ({
  out: () => undefined,
  err: () => undefined,
  stdin: async () => stdin,
  colour: false,
});

/** What is read, what is wrong and what is left out, without the folder that the files are in. */
async function read(files: Files, ...paths: readonly string[]) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const inputs = await readInputs(
    paths.map((path) => (path === '-' ? path : `${dir}/${path}`)),
    terminal(String(files['stdin'] ?? '')),
  );
  const within = (text: string) => text.replaceAll(`${dir}/`, '').replaceAll(dir, '.');
  return {
    files: inputs.sources.map(({ file }) => within(file)),
    texts: inputs.sources.map(({ text }) => text),
    problems: inputs.problems.map((problem) => within(showProblem(problem))),
    leftOut: inputs.leftOut.map((one) => within(showProblem(one))),
  };
}

const pod = 'kind: Pod\n';
const all = (...names: readonly string[]): Files => Object.fromEntries(names.map((name) => [name, pod]));

test.each<[string, Files, string[], string[]]>([
  ['a file, whatever its name', all('a.txt'), ['a.txt'], ['a.txt']],
  [
    'a folder, in the order of the names',
    all('b.yaml', 'a.yml', 'c/d.json', 'c/a.yaml', 'aa/e.yaml'),
    ['.'],
    ['a.yml', 'aa/e.yaml', 'b.yaml', 'c/a.yaml', 'c/d.json'],
  ],
  [
    'upper case, and lines of JSON',
    all('a.YAML', 'b.Yml', 'c.JSON', 'd.jsonl', 'e.ndjson'),
    ['.'],
    ['a.YAML', 'b.Yml', 'c.JSON', 'd.jsonl', 'e.ndjson'],
  ],
  [
    'nothing else',
    { ...all('a.yaml'), 'notes.txt': pod, 'a.yaml.bak': pod, 'b.tpl': pod, yaml: pod },
    ['.'],
    ['a.yaml'],
  ],
  [
    'hidden folders and files',
    all('.k8s/a.yaml', '.github/b.yml', '.c.yaml'),
    ['.'],
    ['.c.yaml', '.github/b.yml', '.k8s/a.yaml'],
  ],
  ['neither .git nor node_modules', all('a.yaml', '.git/b.yaml', 'x/node_modules/y/c.yaml'), ['.'], ['a.yaml']],
  [
    'those where they are named',
    all('.git/b.yaml', 'node_modules/y/c.yaml'),
    ['.git', 'node_modules'],
    ['.git/b.yaml', 'node_modules/y/c.yaml'],
  ],
  ['what is named twice, once', all('a.yaml', 'b.yaml'), ['b.yaml', '.', 'b.yaml'], ['b.yaml', 'a.yaml']],
  ['what has two names, by the first', all('a.yaml', 'b/c.yaml'), ['b/../a.yaml', 'a.yaml'], ['b/../a.yaml']],
  ['folders within each other, once', all('a/b.yaml', 'a/c/d.yaml'), ['a/c', 'a/**'], ['a/c/d.yaml', 'a/b.yaml']],
  ['a glob', all('a.yaml', 'b.yml', 'c/d.yaml'), ['*.yaml'], ['a.yaml']],
  ['a glob through folders', all('a.yaml', 'c/d.yaml', 'node_modules/e.yaml'), ['**/*.yaml'], ['a.yaml', 'c/d.yaml']],
  ['a glob with braces', all('a.yaml', 'b.yaml', 'c.yaml'), ['{a,c}.yaml'], ['a.yaml', 'c.yaml']],
  [
    'folders that a glob matches',
    all('a/x.yaml', 'a/b/y.yaml', 'c/z.yaml'),
    ['[ac]'],
    ['a/b/y.yaml', 'a/x.yaml', 'c/z.yaml'],
  ],
  ['no more of an open glob than manifests', { ...all('a/x.yaml'), 'a/README.md': pod }, ['a/*'], ['a/x.yaml']],
  [
    'each file of an open glob once',
    all('a/x.yaml', 'a/b/y.yaml', 'a/.c/z.yaml'),
    ['a/**'],
    ['a/b/y.yaml', 'a/x.yaml'],
  ],
  ['a name with the signs of a glob', all('a[1].yaml', 'a1.yaml'), ['a[1].yaml'], ['a[1].yaml']],
  ['a glob into node_modules', all('node_modules/e.yaml'), ['node_modules/*.yaml'], ['node_modules/e.yaml']],
])('reads %s', async (_, files, paths, expected) => {
  expect(await read(files, ...paths)).toMatchObject({ files: expected, problems: [], leftOut: [] });
});

test.each<[string, Files, string[], string[], string[]]>([
  ['a file that is missing', all('a.yaml'), ['b.yaml', 'a.yaml'], ['b.yaml: no such file or folder'], ['a.yaml']],
  ['a folder without manifests', { 'x/notes.txt': '' }, ['x'], ['x: no .yaml, .yml or .json file in this folder'], []],
  ['a glob that matches nothing', all('a.yaml'), ['x*.yaml', 'a.yaml'], ['x*.yaml: no file matches'], ['a.yaml']],
  ['an empty pipe', { stdin: ' \n' }, ['-'], ['<stdin>: nothing to read: did the command before it fail?'], []],
  [
    'bytes that are no text',
    { 'a.yaml': Uint8Array.of(0x61, 0x3a, 0x0a, 0x62, 0x3a, 0x20, 0xe9, 0x0a), 'b.yaml': pod },
    ['.'],
    ['a.yaml:2:4: expected text in UTF-8, got other bytes: save the file as UTF-8'],
    ['b.yaml'],
  ],
])('tells of %s, and reads the others', async (_, files, paths, problems, expected) => {
  expect(await read(files, ...paths)).toMatchObject({ files: expected, problems });
});

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

test.each<[string, Uint8Array, string]>([
  ['UTF-8', Buffer.from('kind: Pöd 🚀\n'), 'kind: Pöd 🚀\n'],
  ['UTF-8 with a byte order mark, which stays', Buffer.from('\uFEFFkind: Pod\n'), '\uFEFFkind: Pod\n'],
  ['UTF-16, as PowerShell writes it', utf16('kind: Pöd 🚀\r\n'), 'kind: Pöd 🚀\r\n'],
  ['UTF-16, the other way round', utf16('kind: Pöd\n').swap16(), 'kind: Pöd\n'],
])('decodes %s', async (_, bytes, text) => {
  expect((await read({ 'a.yaml': bytes }, 'a.yaml')).texts).toEqual([text]);
});

test('reads standard input among files, and once', async () => {
  expect(await read({ ...all('a.yaml', 'b.yaml'), stdin: pod }, 'b.yaml', '-', 'a.yaml', '-')).toMatchObject({
    files: ['b.yaml', '<stdin>', 'a.yaml'],
    problems: [],
  });
});

test('takes links to files, and leaves out links to folders, so that none leads in circles', async () => {
  await mkdir(join(dir, 'in/sub'), { recursive: true });
  await symlink('../../out.yaml', join(dir, 'in/sub/link.yaml'));
  await symlink('..', join(dir, 'in/sub/loop'));
  await symlink('nowhere', join(dir, 'in/dead.yaml'));
  await symlink('nowhere', join(dir, 'in/dead.txt'));
  const found = await read(all('out.yaml', 'in/a.yaml'), 'in');
  expect(found).toMatchObject({
    files: ['in/a.yaml', 'in/sub/link.yaml'],
    problems: ['in/dead.yaml: no such file or folder, where the link leads'],
    leftOut: ['in/sub/loop: a link to a folder, which is not followed'],
  });
  await symlink('in', join(dir, 'named'));
  await rm(join(dir, 'in/dead.yaml'));
  expect((await read({}, 'named')).files).toEqual(['named/a.yaml', 'named/sub/link.yaml']);
  expect((await read({}, 'in/**/*.yaml')).files).toEqual(['in/a.yaml', 'in/sub/link.yaml']);
});

test('reads what links lead to once, whatever it is called', async () => {
  const files = all('a.yaml', 'b/c.yaml', 'd.yaml');
  await read(files, '.');
  await symlink('../a.yaml', join(dir, 'b/a.yaml'));
  await symlink('b', join(dir, 'e'));
  await symlink('d.yaml', join(dir, 'f.txt'));
  expect((await read({}, 'b', 'e', '.')).files).toEqual(['b/c.yaml', 'b/a.yaml', 'd.yaml']);
  // Of what is found, a file comes before links to it.
  for (const found of ['.', '**/*.yaml']) {
    expect((await read({}, found)).files).toEqual(['a.yaml', 'b/c.yaml', 'd.yaml']);
  }
  expect((await read({}, 'f.txt', 'd.yaml')).files).toEqual(['f.txt']);
});

test('tells what is wrong, or left out, once; and nothing is left out that is named', async () => {
  const files = { ...chart, 'chart/templates/a.yaml': template, 'b/values.yaml': 'a: 1\n', 'b/c.yaml': 'kind: \xe9' };
  const bytes = { 'b/d.yaml': Uint8Array.of(0xff) };
  const left = ['chart/Chart.yaml', 'chart/values.yaml'].map(
    (file) => `${file}: no manifest: there is no \`kind\` in it`,
  );
  expect(await read({ ...files, ...bytes }, 'b', '.', './b', 'b/values.yaml')).toMatchObject({
    files: ['b/c.yaml', 'b/values.yaml'],
    problems: ['b/d.yaml:1:1: expected text in UTF-8, got other bytes: save the file as UTF-8', render('chart')],
    leftOut: left,
  });
});

test('still knows the patches of a kustomization that is named as well', async () => {
  const files = { 'k/kustomization.yaml': 'kind: Kustomization\npatches: [{path: a.yaml}]\n', ...all('k/a.yaml') };
  expect((await read(files, 'k/kustomization.yaml', 'k')).files).toEqual(['k/kustomization.yaml']);
});

test('reads a pipe where it is named, and does not wait for one that it finds', async () => {
  const pipe = join(dir, 'in/pipe.yaml');
  await read(all('in/a.yaml', 'links/b.yaml'), '.');
  // Windows has none.
  if (spawnSync('mkfifo', [pipe]).status !== 0) return;
  await symlink('../in/pipe.yaml', join(dir, 'links/pipe.yaml'));
  for (const [path, file, left] of [
    ['in', 'in/a.yaml', 'in/pipe.yaml'],
    ['in/*.yaml', 'in/a.yaml', 'in/pipe.yaml'],
    ['links', 'links/b.yaml', 'links/pipe.yaml'],
    ['links/*', 'links/b.yaml', 'links/pipe.yaml'],
  ] as const) {
    expect(await read({}, path)).toMatchObject({
      files: [file],
      problems: [],
      leftOut: [`${left}: a pipe, socket or device, which is read only if it is named`],
    });
  }
  const writing = writeFile(pipe, pod);
  expect(await read({}, 'links/pipe.yaml')).toMatchObject({ files: ['links/pipe.yaml'], texts: [pod] });
  await writing;
});

test('tells of folders and files that may not be read, and reads the others', async () => {
  const files = all('a.yaml', 'b.yaml', 'c/d.yaml');
  await read(files, '.');
  await chmod(join(dir, 'a.yaml'), 0);
  await chmod(join(dir, 'c'), 0);
  const program = spawnSync('id', ['-u'], { encoding: 'utf8' }).stdout.trim();
  const found = await read({}, '.');
  await chmod(join(dir, 'c'), 0o755);
  // Nothing is forbidden to root.
  if (program === '0') expect(found.files).toHaveLength(3);
  else
    expect(found).toMatchObject({ files: ['b.yaml'], problems: ['c: permission denied', 'a.yaml: permission denied'] });
});

const chart = { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\n', 'chart/values.yaml': 'a: 1\n' };
const template = 'kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n';
const render = (path: string) => `${path}: a Helm chart: render it first: helm template ${path} | aloft review -`;

test.each<[string, Files, string, string[], string[]]>([
  [
    'a chart: its templates are told once, all else is read',
    {
      ...chart,
      'chart/templates/a.yaml': template,
      'chart/templates/x/b.yaml': template,
      'chart/templates/c.yaml': pod,
      'chart/crds/d.yaml': pod,
    },
    '.',
    ['chart/crds/d.yaml', 'chart/templates/c.yaml'],
    [render('chart')],
  ],
  ['a chart, named', { ...chart, 'chart/templates/a.yaml': template }, 'chart', [], [render('chart')]],
  [
    'the templates of a chart',
    { ...chart, 'chart/templates/a.yaml': template },
    'chart/templates',
    [],
    [render('chart')],
  ],
  [
    'the templates of a chart, by a glob',
    { ...chart, 'chart/templates/a.yaml': template },
    '**/*.yaml',
    [],
    [render('chart')],
  ],
  [
    'a chart within a chart: the outer one',
    { ...chart, 'chart/charts/sub/Chart.yaml': 'name: sub\n', 'chart/charts/sub/templates/a.yaml': template },
    '.',
    [],
    [render('chart')],
  ],
  [
    'two charts',
    { ...chart, 'chart/templates/a.yaml': template, 'b c/Chart.yaml': 'name: b\n', 'b c/templates/a.yaml': template },
    '.',
    [],
    ["b c: a Helm chart: render it first: helm template 'b c' | aloft review -", render('chart')],
  ],
  [
    'a template that is named: its text tells',
    { ...chart, 'chart/templates/a.yaml': template },
    'chart/templates/a.yaml',
    ['chart/templates/a.yaml'],
    [],
  ],
  ['templates of something else', { 'templates/a.yaml': template }, '.', ['templates/a.yaml'], []],
])('finds %s', async (_, files, path, expected, problems) => {
  expect(await read(files, path)).toMatchObject({ files: expected, problems });
});

test('leaves out what is no manifest, and says so', async () => {
  const files = {
    'prod/kustomization.yaml': `kind: Kustomization
resources: [own.yaml]
patches:
- path: patch.yaml
- {target: {kind: Pod}, path: ../shared.yaml}
- patch: |
    kind: Pod
patchesStrategicMerge: [old.yaml, "kind: Pod\\n"]
patchesJson6902: [{path: json.json}]
`,
    ...all('prod/own.yaml', 'prod/patch.yaml', 'prod/old.yaml', 'prod/json.json', 'shared.yaml', 'a b/own.yaml'),
    'a b/kustomization.yml': 'kind: Kustomization\nresources: [own.yaml]\n',
    'values.yaml': 'a: [\n',
    'broken.yaml': 'kind: [\n',
  };
  expect(await read(files, '.')).toMatchObject({
    files: ['a b/own.yaml', 'broken.yaml', 'prod/own.yaml'],
    problems: [],
    leftOut: [
      'prod: its patches are left out: to review what they make: kustomize build prod | aloft review -',
      'values.yaml: no manifest: there is no `kind` in it',
    ],
  });
  expect((await read({}, 'prod/patch.yaml', 'values.yaml')).files).toEqual(['prod/patch.yaml', 'values.yaml']);
});

test('reads many files, and tells how far it is', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `${String(index).padStart(3, '0')}.yaml`);
  expect((await read(all(...names, 'x/a.yaml'), '.')).files).toEqual([...names, 'x/a.yaml']);
  const told: number[] = [];
  await readInputs([join(dir, 'x'), dir], terminal(''), (files) => told.push(files));
  expect(told).toEqual([1, 65, 129, 152]);
});
