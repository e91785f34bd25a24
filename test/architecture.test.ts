import { describe, expect, test } from '@jest/globals';
import { folderOf, importsOf, mayImport, readSources, violationsOf } from './support/architecture.js';

const sources = readSources();

test.each(sources.map((file) => [file.path, file] as const))('%s keeps to the architecture', (_, file) => {
  expect(violationsOf(file)).toEqual([]);
});

test('every folder has its row, and every row a folder', () => {
  const folders = new Set(sources.map(({ path }) => folderOf(path)).filter(Boolean));
  expect([...folders].filter((folder) => !(folder in mayImport))).toEqual([]);
  expect(Object.keys(mayImport).filter((folder) => !folders.has(folder))).toEqual([]);
});

test('the table has no circles: what a folder may import may not import it', () => {
  for (const [folder, others] of Object.entries(mayImport)) {
    for (const other of others) expect(mayImport[other]).not.toContain(folder);
  }
});

describe('an offence is noticed:', () => {
  test.each<[string, string, string]>([
    ['model/a.ts', "import { a } from '../engine/b.js';", 'imports engine/b.js, but model may not import engine'],
    [
      'model/a.ts',
      "import type { a } from '../vendors/b.js';",
      'imports vendors/b.js, but model may not import vendors',
    ],
    [
      'policy/a.ts',
      "import {\n  a,\n  b,\n} from '../rules/b.js';",
      'imports rules/b.js, but policy may not import rules',
    ],
    ['engine/a.ts', "const a = await import('../rules/b.js');", 'imports rules/b.js, but engine may not import rules'],
    ['engine/a.ts', "import '../rules/b.js';", 'imports rules/b.js, but engine may not import rules'],
    ['engine/a.ts', "export { a } from '../reports/b.js';", 'imports reports/b.js, but engine may not import reports'],
    ['engine/a.ts', "export * from '../main.js';", 'imports main.js, but engine may not import main.js'],
    [
      'telemetry/a.ts',
      "import { a } from '../policy/b.js';",
      'imports policy/b.js, but telemetry may not import policy',
    ],
    [
      'admission/a.ts',
      "import { a } from '../commands/b.js';",
      'imports commands/b.js, but admission may not import commands',
    ],
    [
      'admission/a.ts',
      "import { a } from '../rules/registry.js';",
      'imports rules/registry.js, but admission may not import rules',
    ],
    ['version.ts', "import { a } from './model/b.js';", 'imports model/b.js, but version.ts may not import model'],
    ['unknown/a.ts', "import { a } from '../model/b.js';", 'imports model/b.js, but unknown may not import model'],
    ['model/a.ts', "import { a } from '../../test/b.js';", 'imports ../../test/b.js, which is outside src'],
    ['model/a.ts', "import { a } from './b';", 'imports ./b without .js'],
    ['rules/a.ts', "import { b } from './b.js';", 'imports its sibling rules/b.js'],
    ['model/a.ts', "import { b } from 'node:fs';", 'imports node:fs: it is pure'],
    ['rules/a.ts', "import { b } from 'node:crypto';", 'imports node:crypto: it is pure'],
    [
      'commands/a.ts',
      "import type { Pod } from '@kubernetes/client-node';",
      'imports @kubernetes/client-node, which belongs to cluster/',
    ],
    [
      'certificates/pair.ts',
      "import forge from 'node-forge';",
      'imports node-forge, which belongs to certificates/issue.ts',
    ],
    ['commands/a.ts', "import express from 'express';", 'imports express, which belongs to admission/'],
    ['engine/a.ts', "import { a } from 'lodash/fp';", 'imports lodash, which no row of the table allows'],
    ['engine/a.ts', "const a = require('left-pad');", 'imports left-pad, which no row of the table allows'],
    ['engine/a.ts', "const a = process.env['A'];", 'is in a pure folder and uses the environment (process)'],
    ['vendors/a.ts', 'const a = Date.now();', 'is in a pure folder and uses the clock (Date)'],
    ['policy/a.ts', 'const a = new Date();', 'is in a pure folder and uses the clock (Date)'],
    ['rules/a.ts', 'const a = Math.random();', 'is in a pure folder and uses randomness (Math.random)'],
    ['model/a.ts', "console.log('a');", 'is in a pure folder and uses the console'],
    ['engine/a.ts', "await fetch('https://example.com');", 'is in a pure folder and uses the network (fetch)'],
    ['engine/a.ts', 'setTimeout(run, 1);', 'is in a pure folder and uses a timer'],
    ['commands/a.ts', 'export default {};', 'has a default export'],
    ['commands/a.ts', 'a();\n'.repeat(201), 'has more than 200 lines'],
    ['commands/a/utils.ts', '', 'has a part of its name that says nothing: utils'],
    ['helpers/a.ts', '', 'has a part of its name that says nothing: helpers'],
    ['model/fooBar.ts', '', 'has a part of its name that is not kebab-case: fooBar'],
    ['model/foo_bar.ts', '', 'has a part of its name that is not kebab-case: foo_bar'],
  ])('in %s (row %#)', (path, source, expected) => expect(violationsOf({ path, source })).toEqual([expected]));
});

describe('what is allowed is not:', () => {
  test.each<[string, string]>([
    ['rules/registry.ts', "import { a } from './tracer-env.js';"],
    ['rules/a.ts', "import { z } from 'zod';\nimport type { Rule } from '../engine/rule.js';"],
    ['commands/a.ts', "import { version } from '../version.js';\nimport { a } from './b.js';"],
    ['telemetry/a.ts', "import { version } from '../version.js';"],
    ['main.ts', "import { run } from './commands/program.js';\nimport { text } from 'node:stream/consumers';"],
    [
      'model/a.ts',
      "// process.env and Date.now() are for others\n/* import { a } from 'node:fs' */ const a = 'https://b//c';",
    ],
    ['engine/a.ts', 'const day = new Date(given); const processed = 1;'],
    ['commands/a.ts', 'a();\n'.repeat(200)],
  ])('in %s (row %#)', (path, source) => expect(violationsOf({ path, source })).toEqual([]));
});

test('imports are found wherever they stand', () => {
  const code =
    "import a from 'a';\nimport * as b from \"b\";\nexport type { C } from 'c';\nvoid import('d');\nimport 'e';";
  expect([...importsOf(code)].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
