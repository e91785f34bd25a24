import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CertificatePair, fitsTogether } from './pair.js';

/** What a folder holds. Whether the pair is any good, `checkPair` knows. */
export type Folder =
  | { readonly pair: CertificatePair }
  | { readonly absent: true }
  | { readonly problems: readonly string[] };

/**
 * The pair in a folder laid out as a kubernetes.io/tls Secret: `tls.crt`, `tls.key`, and `ca.crt` if its owner gives
 * one. Whoever replaces the files does so one by one, so what does not fit together is read again before it is believed.
 */
export async function readFolder(dir: string, pauseMs = 100): Promise<Folder> {
  let folder = await readOnce(dir);
  for (let tries = 1; tries < 4 && !isSettled(folder); tries++) {
    await pause(pauseMs);
    folder = await readOnce(dir);
  }
  return folder;
}

/** Writes a pair, each file whole or not at all; says what stood in the way. */
export async function writeFolder(dir: string, pair: CertificatePair): Promise<readonly string[]> {
  const suffix = `.${randomBytes(4).toString('hex')}.tmp`;
  // The certificate comes last: while it is missing, nobody takes the folder for complete.
  const files = [
    { path: join(dir, 'ca.crt'), text: pair.ca, mode: 0o644 },
    { path: join(dir, 'tls.key'), text: pair.key, mode: 0o600 },
    { path: join(dir, 'tls.crt'), text: pair.cert, mode: 0o644 },
  ];
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    // All bytes reach the disk first, so that old and new stand side by side for no longer than three renames take.
    await Promise.all(
      files.map(({ path, text, mode }) => writeFile(path + suffix, text, { mode, flag: 'wx', flush: true })),
    );
    for (const { path } of files) await rename(path + suffix, path);
    return [];
  } catch (error) {
    await Promise.allSettled(files.map(({ path }) => rm(path + suffix, { force: true })));
    return [`${dir}: cannot be written (${codeOf(error)}); name a folder that can, or put tls.crt and tls.key there`];
  }
}

const isSettled = (folder: Folder): boolean => 'absent' in folder || ('pair' in folder && fitsTogether(folder.pair));

async function readOnce(dir: string): Promise<Folder> {
  const [cert, key, ca] = await Promise.all([
    readText(join(dir, 'tls.crt')),
    readText(join(dir, 'tls.key')),
    readText(join(dir, 'ca.crt')),
  ]);
  const problems = [cert, key, ca].flatMap((file) => ('problem' in file ? [file.problem] : []));
  if (problems.length > 0) return { problems };
  return assemble(dir, { cert: textOf(cert), key: textOf(key), ca: textOf(ca) });
}

type Texts = { readonly [part in keyof CertificatePair]: string | undefined };

function assemble(dir: string, { cert, key, ca }: Texts): Folder {
  const remedy = (beside: string): string => `or remove ${beside} to have both made anew`;
  if (cert !== undefined && key !== undefined) return { pair: { cert, key, ca: ca ?? '' } };
  if (cert !== undefined) {
    const path = join(dir, 'tls.key');
    return { problems: [`${path}: missing beside tls.crt; put the private key there, ${remedy('tls.crt')}`] };
  }
  if (key !== undefined) {
    const path = join(dir, 'tls.crt');
    return { problems: [`${path}: missing beside tls.key; put the certificate there, ${remedy('tls.key')}`] };
  }
  if (ca === undefined) return { absent: true };
  // A CA alone is somebody's trust: to make ours would overwrite it.
  return { problems: [`${join(dir, 'ca.crt')}: stands alone; put tls.crt and tls.key beside it, or remove it`] };
}

type File = { readonly text: string } | { readonly missing: true } | { readonly problem: string };

async function readText(path: string): Promise<File> {
  try {
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? { missing: true } : { problem: `${path}: cannot be read (${code})` };
  }
}

const textOf = (file: File): string | undefined => ('text' in file ? file.text : undefined);

/** The system's word for what went wrong with a file. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
