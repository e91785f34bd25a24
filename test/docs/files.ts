import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

const notOurs = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/** Every file that is committed or will be, as paths from the root; without git, which a copy may lack. */
export const files: readonly string[] = filesIn('').sort();

export const readText = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Every page of the documentation. */
export const pages: readonly string[] = files.filter((path) => path.endsWith('.md') && !path.startsWith('test/'));

function filesIn(folder: string): string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (notOurs.has(entry.name) || (folder === 'certs/' && entry.name !== 'README.md')) return [];
    return entry.isDirectory() ? filesIn(`${path}/`) : [path];
  });
}
