import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { describeError } from './system-error.js';

/** Writes a report to its file, all of it or nothing; what went wrong, if anything did. */
export async function writeReport(file: string, text: string): Promise<readonly string[]> {
  try {
    const path = await realpath(file).catch(() => file);
    const isFile = await stat(path).then(
      (stats) => stats.isFile(),
      () => true,
    );
    // A device or a pipe is written to, and must never be replaced: for root, /dev/null would be gone.
    await (isFile ? replace(path, text) : writeFile(path, text));
    return [];
  } catch (error) {
    return [`${file}: cannot be written: ${describeError(error)}`];
  }
}

async function replace(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}
