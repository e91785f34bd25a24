import type { Dirent } from 'node:fs';
import { glob, lstat, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InputProblem } from '../../reports/reviewed.js';
import { describeError } from '../system-error.js';
import { isKustomization } from './kustomizations.js';

/** The files that a path stands for, in an order that does not depend on the file system. */
export type Expanded = {
  readonly files: readonly string[];
  /** Whether they were found in a folder or by a glob, and not named one by one. */
  readonly isFound: boolean;
  readonly problems: readonly InputProblem[];
  readonly leftOut: readonly InputProblem[];
};

/** Finds the files that a path stands for: itself, what is below it, or what a glob matches. */
export async function expand(path: string): Promise<Expanded> {
  const kind = await kindOf(path);
  if (kind === 'file' || kind === 'stream') return { files: [path], isFound: false, problems: [], leftOut: [] };
  const found: Found = { files: [], links: [], problems: [], leftOut: [] };
  const isNothing = () => found.files.length + found.links.length + found.problems.length === 0;
  if (kind === 'folder') {
    await walk(path, found);
    if (isNothing()) fail(found, path, `no ${endings} file in this folder`);
  } else if (isGlob(path)) {
    await match(path, found);
    if (isNothing()) fail(found, path, 'no file matches');
  } else fail(found, path, kind);
  const { links, ...others } = found;
  // Of a file and links to it, the file is the one to be named: it is what a change is a change of.
  const files = [...found.files.toSorted(), ...links.toSorted()];
  return { ...others, files: [...new Set(files)], isFound: true };
}

type Found = {
  readonly files: string[];
  /** To files, which may be found as well. */
  readonly links: string[];
  readonly problems: InputProblem[];
  readonly leftOut: InputProblem[];
};

const endings = '.yaml, .yml or .json';
const isManifest = (name: string): boolean => /\.(ya?ml|json|jsonl|ndjson)$/i.test(name) || isKustomization(name);
const isGlob = (path: string): boolean => /[*?[{]/.test(path);

const fail = (found: Found, file: string, message: string): void => void found.problems.push({ file, message });

/** What stands at a path, links followed: a `stream` is a pipe, a socket or a device; or what is said of it. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'stream' | (string & {})> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'stream';
  } catch (error) {
    return describeError(error);
  }
}

/** Folders that hold no manifests of the one who names a folder above them. */
export const foreignFolders = new Set(['.git', 'node_modules']);

/** As kubectl -R does, hidden folders are looked into, and links to folders are not followed; so none leads in circles. */
async function walk(folder: string, found: Found): Promise<void> {
  let entries: readonly Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    fail(found, folder, describeError(error));
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!foreignFolders.has(entry.name)) await walk(path, found);
    } else if (entry.isSymbolicLink()) await follow(path, found);
    else if (isManifest(entry.name)) take(path, entry.isFile(), found);
  }
}

/** A pipe that nobody writes into never ends: whoever wants to read one has to name it. */
function take(path: string, isFile: boolean, found: Found): void {
  if (isFile) found.files.push(path);
  else found.leftOut.push({ file: path, message: 'a pipe, socket or device, which is read only if it is named' });
}

async function follow(link: string, found: Found): Promise<void> {
  const kind = await kindOf(link);
  if (kind === 'folder') found.leftOut.push({ file: link, message: 'a link to a folder, which is not followed' });
  else if (!isManifest(basename(link))) return;
  else if (kind === 'file') found.links.push(link);
  else if (kind === 'stream') take(link, false, found);
  else fail(found, link, `${kind}, where the link leads`);
}

/** What a shell would make of a glob: folders that match are looked through. */
async function match(pattern: string, found: Found): Promise<void> {
  const exclude = (path: string): boolean => foreignFolders.has(basename(path)) && !pattern.includes(basename(path));
  // A pattern that ends in a wildcard says nothing of what the file is.
  const isOpen = /[*}\]]$/.test(pattern);
  for await (const path of glob(pattern, { exclude })) {
    const kind = await kindOf(path);
    if (kind === 'folder') {
      if (!pattern.includes('**')) await walk(path, found);
    } else if (isOpen && !isManifest(basename(path))) continue;
    else if (kind === 'file' && (await lstat(path)).isSymbolicLink()) found.links.push(path);
    else take(path, kind !== 'stream', found);
  }
}
