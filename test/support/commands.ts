import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/commands/program.js';
import type { Terminal } from '../../src/commands/terminal.js';

/** What a command line came to. */
export type Ran = { readonly code: number; readonly out: string; readonly err: string };

type Surroundings = { readonly stdin?: string } & Partial<Pick<Terminal, 'colour' | 'width' | 'progress'>>;

/** Runs a command line with a terminal of strings; where a file's name begins with `inside`, that part is left out. */
export async function aloft(
  args: readonly string[],
  { stdin = '', colour = false, ...others }: Surroundings = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: async () => stdin,
    colour,
    ...others,
  };
  const code = await run(args, terminal);
  return { code, out, err };
}

/** Folders that go away with the tests. */
export function createFolders() {
  const made: string[] = [];
  return {
    /** A new folder with these files in it, by their paths. */
    create: async (files: Readonly<Record<string, string>> = {}): Promise<string> => {
      const dir = await mkdtemp(join(tmpdir(), 'aloft-'));
      made.push(dir);
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(dir, name)), { recursive: true });
        await writeFile(join(dir, name), text);
      }
      return dir;
    },
    remove: () => Promise.all(made.map((dir) => rm(dir, { recursive: true, force: true }))),
  };
}

/** The names of files without the folder that a test made. */
export const within = (dir: string, { code, out, err }: Ran): Ran => ({
  code,
  out: out.replaceAll(`${dir}/`, ''),
  err: err.replaceAll(`${dir}/`, ''),
});
