import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { version } from '../../src/version.js';
import { files, pages, readText } from './files.ts';

const manifest = JSON.parse(readText('package.json'));
const makefile = readText('Makefile');

test('the version is that of package.json', () => expect(version).toBe(manifest.version));

test('the image has the Node.js that the tests run on', () => {
  const images = [...readText('Dockerfile').matchAll(/^FROM node:(\S+?)-/gm)].map(([, tag]) => tag);
  expect(images).toEqual([manifest.devDependencies.node]);
});

test('every make target that is named exists, and has its line in `make help`', () => {
  const named = pages.flatMap((page) => [...readText(page).matchAll(/(?:^|`)make (\w+)/gm)].map(([, name]) => name));
  expect(named).toEqual(expect.arrayContaining(['run', 'test']));
  for (const name of named) {
    expect(makefile).toMatch(new RegExp(`^${name}:`, 'm'));
    expect(makefile).toContain(`@echo 'make ${name} `);
  }
});

test('every npm script that is named exists', () => {
  const places = [...pages, 'Makefile', '.ci/run', 'Dockerfile'];
  const named = places.flatMap((path) =>
    [...readText(path).matchAll(/(?:npm|\(NPM\)) run (?:-s |--silent )?(\w+)/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => manifest.scripts[name ?? ''] === undefined)).toEqual([]);
});

test('the sample request carries the sample Pod', () => {
  const { request } = JSON.parse(readText('examples/admission-review.json'));
  const pod = parse(readText('examples/pod.yaml'));
  expect(request.object).toEqual(pod);
  expect(request).toMatchObject({ name: pod.metadata.name, namespace: pod.metadata.namespace });
});

test('the README shows the sample policy as it is', () => {
  const policy = readText('examples/policy.yaml').replace(/^#.*\n/, '');
  expect(readText('README.md')).toContain(`\`\`\`yaml\n${policy}\`\`\``);
});

test('no file names a folder of the machine it was written on', () => {
  // Put together, so that this file does not.
  const folders = ['work', 'root', 'home'].map((name) => `/${name}/`);
  const texts = files.filter((path) => !/\.(png|ico|woff2?)$/.test(path));
  expect(texts.filter((path) => folders.some((folder) => readText(path).includes(folder)))).toEqual([]);
});
