import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isKustomization, patchFiles } from './kustomizations.js';

/** Says which kustomization takes a file for a patch, and not for an object of its own. */
export type FindPatcher = (file: string) => Promise<string | undefined>;

/** Looks where people put kustomizations: beside their patches, or above a folder of them. */
export function createPatchFinder(): FindPatcher {
  const known = new Map<string, Promise<readonly Kustomization[]>>();
  const inFolder = (folder: string): Promise<readonly Kustomization[]> => {
    const found = known.get(folder) ?? readKustomizations(folder);
    known.set(folder, found);
    return found;
  };
  return async (file) => {
    let folder = dirname(file);
    for (let level = 0; level < levels; level++, folder = dirname(folder)) {
      const found = (await inFolder(folder)).find(({ patches }) => patches.includes(file));
      if (found !== undefined) return found.file;
    }
    return undefined;
  };
}

const levels = 3;

type Kustomization = { readonly file: string; readonly patches: readonly string[] };

async function readKustomizations(folder: string): Promise<readonly Kustomization[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.filter(isKustomization).map((name) => readKustomization(folder, join(folder, name))));
}

async function readKustomization(folder: string, file: string): Promise<Kustomization> {
  const named = patchFiles(file, await readFile(file, 'utf8').catch(() => ''));
  const patches = named.map((path) => resolve(folder, path));
  return { file, patches: await Promise.all(patches.map((path) => realpath(path).catch(() => path))) };
}
