import { rename, rm, writeFile } from 'node:fs/promises';
import { describeError } from './system-error.js';

/** Writes a report to its file, all of it or nothing; what went wrong, if anything did. */
export async function writeReport(file: string, text: string): Promise<readonly string[]> {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, file);
    return [];
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    return [`${file}: cannot be written: ${describeError(error)}`];
  }
}
