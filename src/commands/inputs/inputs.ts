import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { InputProblem } from '../../reports/reviewed.js';
import { describeError } from '../system-error.js';
import type { Terminal } from '../terminal.js';
import { decodeText } from './decode.js';
import { expand } from './found-files.js';
import { keepManifests } from './left-out.js';

/** A text to review, under the name by which messages call it. */
export type Source = {
  readonly file: string;
  readonly text: string;
  /** Where it is a part of a file: the line on which it starts, from 1. */
  readonly startLine?: number;
};

export type Inputs = {
  readonly sources: readonly Source[];
  readonly problems: readonly InputProblem[];
  /** What somebody could have expected to be read, and why it is not; nothing is wrong with it. */
  readonly leftOut: readonly InputProblem[];
  /** What was given and is no file by its name: standard input, folders and globs. */
  readonly gathered: readonly string[];
};

/** Reads files, folders with all manifests below them, globs, and `-` for standard input; tells how many it has read. */
export async function readInputs(
  paths: readonly string[],
  terminal: Terminal,
  progress: (files: number) => void = () => undefined,
): Promise<Inputs> {
  const sources: Source[] = [];
  const problems: InputProblem[] = [];
  const leftOut: InputProblem[] = [];
  const gathered: string[] = [];
  for (const path of new Set(paths)) {
    const before = sources.length;
    const read = path === '-' ? await readStdin(terminal) : await readPath(path, (files) => progress(before + files));
    sources.push(...read.sources);
    problems.push(...read.problems);
    leftOut.push(...read.leftOut);
    gathered.push(...read.gathered);
  }
  return await withoutRepeats({ sources, problems, leftOut, gathered });
}

/** Each file once, under the first of its names: several that are given may lead to it, also by links. */
async function withoutRepeats({ sources, problems, leftOut, gathered }: Inputs): Promise<Inputs> {
  const names = [...new Set([...sources, ...problems, ...leftOut].map(({ file }) => file))];
  const paths = new Map(await Promise.all(names.map(async (name) => [name, await realPathOf(name)] as const)));
  const seen = new Set<string | undefined>();
  const isNew = (key: string | undefined): boolean => seen.size < seen.add(key).size;
  const isNewlyTold = ({ file, message }: InputProblem): boolean => isNew(`${paths.get(file)}: ${message}`);
  return {
    sources: sources.filter(({ file }) => isNew(paths.get(file))),
    problems: problems.filter(isNewlyTold),
    // What was found and left out may have been named elsewhere, and so be read.
    leftOut: leftOut.filter((one) => !seen.has(paths.get(one.file)) && isNewlyTold(one)),
    gathered,
  };
}

/** Of what is no file, such as a pipe, its name. */
const realPathOf = (file: string): Promise<string> => realpath(file).catch(() => resolve(file));

async function readStdin(terminal: Terminal): Promise<Inputs> {
  const file = '<stdin>';
  const told = (message: string): Inputs => ({
    sources: [],
    problems: [{ file, message }],
    leftOut: [],
    gathered: [file],
  });
  try {
    const text = await terminal.stdin();
    // A pipe fails with its last command only, so this one has to tell that the one before it brought nothing.
    if (!/\S/.test(text)) return told('nothing to read: did the command before it fail?');
    return { sources: [{ file, text }], problems: [], leftOut: [], gathered: [file] };
  } catch (error) {
    return told(describeError(error));
  }
}

async function readPath(path: string, progress: (files: number) => void): Promise<Inputs> {
  const { files, isFound, ...expanded } = await expand(path);
  const sources: Source[] = [];
  const problems = [...expanded.problems];
  for (let from = 0; from < files.length; from += filesAtOnce) {
    for (const one of await Promise.all(files.slice(from, from + filesAtOnce).map(readText))) {
      if ('text' in one) sources.push(one);
      else problems.push(one);
    }
    progress(sources.length);
  }
  if (!isFound) return { sources, problems, leftOut: [], gathered: [] };
  const kept = keepManifests(sources);
  return {
    sources: kept.sources,
    problems: [...problems, ...kept.problems],
    leftOut: [...expanded.leftOut, ...kept.leftOut],
    gathered: [path],
  };
}

/** Enough for the disk to be busy, and far below what a process may have open. */
const filesAtOnce = 64;

async function readText(file: string): Promise<Source | InputProblem> {
  try {
    const decoded = decodeText(await readFile(file));
    return 'text' in decoded ? { file, text: decoded.text } : { file, ...decoded.problem };
  } catch (error) {
    return { file, message: describeError(error) };
  }
}
