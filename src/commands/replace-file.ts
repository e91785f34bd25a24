import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeText } from './inputs/decode.js';
import { describeError } from './system-error.js';

/** A file that may be replaced; `path` is where a symbolic link to it leads. */
export type Target = { readonly path: string; readonly text: string; readonly stats: Stats };
/** A new text on disk, beside the file that it is to replace. */
export type Staged = { readonly target: Target; readonly unfinished: string };
/** Why not. */
export type Refused = { readonly problem: string };

/** A file whose text was read before, if it still has that text and may be written. */
export async function findTarget(file: string, text: string): Promise<Target | Refused> {
  try {
    const path = await realpath(file);
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: 'it is no regular file' };
    // For root, everything is writable.
    if ((stats.mode & 0o222) === 0) return { problem: 'it is read-only' };
    await access(path, constants.W_OK);
    const problem = await difference(path, text);
    return problem === undefined ? { path, text, stats } : { problem };
  } catch (error) {
    return { problem: `it cannot be written: ${describeError(error)}` };
  }
}

/** Writes the new text to disk beside the old one, with its mode and owner; the file itself stays as it is. */
export async function stage(target: Target, text: string): Promise<Staged | Refused> {
  const { path, stats } = target;
  const unfinished = join(dirname(path), `.aloft-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      const own = await handle.stat();
      if (own.uid !== stats.uid || own.gid !== stats.gid) await handle.chown(stats.uid, stats.gid);
      await handle.chmod(stats.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { target, unfinished };
  } catch (error) {
    await discard({ target, unfinished });
    return { problem: `a new file with its mode and owner cannot be put beside it: ${describeError(error)}` };
  }
}

/** Puts the new text in the place of the old one in one step; why not, if somebody else was faster. */
export async function commit({ target, unfinished }: Staged): Promise<string | undefined> {
  try {
    const problem = await difference(target.path, target.text);
    if (problem !== undefined) {
      await discard({ target, unfinished });
      return problem;
    }
    await rename(unfinished, target.path);
    return undefined;
  } catch (error) {
    await discard({ target, unfinished });
    return `it cannot be replaced: ${describeError(error)}`;
  }
}

const discard = ({ unfinished }: Staged): Promise<void> => rm(unfinished, { force: true }).catch(() => undefined);

/** What tells a file from the text that was read of it. */
async function difference(path: string, text: string): Promise<string | undefined> {
  const bytes = await readFile(path);
  if (bytes.equals(Buffer.from(text))) return undefined;
  const now = decodeText(bytes);
  return 'text' in now && now.text === text
    ? 'it is not in UTF-8: save it as such'
    : 'somebody changed it meanwhile: run it again';
}
