import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from './policy-file.js';
import type { Terminal } from './terminal.js';

/** A text to review, under the name by which messages call it. */
export type Source = { readonly file: string; readonly text: string };

export type Inputs = { readonly sources: readonly Source[]; readonly problems: readonly string[] };

/** Reads files, folders (with everything in them that ends in .yaml, .yml or .json), globs, and `-` for standard input. */
export async function readInputs(paths: readonly string[], terminal: Terminal): Promise<Inputs> {
  const sources: Source[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      if (path === '-') sources.push({ file: '<stdin>', text: await terminal.stdin() });
      else for (const file of await expand(path)) sources.push({ file, text: await readFile(file, 'utf8') });
    } catch (error) {
      problems.push(`${path}: ${describeError(error)}`);
    }
  }
  return { sources, problems };
}

/** The files that a path stands for, in an order that does not depend on the file system. */
async function expand(path: string): Promise<readonly string[]> {
  if (/[*?[]/.test(path)) {
    const files: string[] = [];
    for await (const file of glob(path)) files.push(file);
    if (files.length === 0) throw new Error('no file matches');
    return files.sort();
  }
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new Error('no .yaml, .yml or .json file in this folder');
  return files;
}
