import { positionOf } from '../../manifests/position.js';
import { type Manifest, type Problem, readManifests } from '../../manifests/read.js';
import { asRecord, asText, isRecord } from '../../model/json.js';
import { showPath } from '../../model/problem.js';
import { closest } from '../../policy/suggest.js';
import { type InputProblem, showProblem } from '../../reports/reviewed.js';
import { parseSuite } from '../../suites/parse.js';
import type { Suite } from '../../suites/schema.js';
import { type Expanded, expand } from '../inputs/found-files.js';
import type { Terminal } from '../terminal.js';
import { readSource } from './library.js';

/** A suite and the document that it came from. */
export type LoadedSuite = {
  readonly file: string;
  readonly suite: Suite;
  readonly manifest: Manifest;
  /** All documents of the file, of which it is one. */
  readonly manifests: readonly Manifest[];
};

export type FoundSuites = {
  readonly suites: readonly LoadedSuite[];
  readonly problems: readonly string[];
  /** Files of folders that hold no suite. */
  readonly passedOver: readonly string[];
};

/** The suites in files and folders; a file that is named has to be one, among those that are found there may be others. */
export async function findSuites(paths: readonly string[], terminal: Terminal): Promise<FoundSuites> {
  const suites: LoadedSuite[] = [];
  const problems: string[] = [];
  const passedOver: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const { files, isFound, ...told } = await filesOf(path);
    problems.push(...told.problems.map(showProblem));
    for (const file of files.filter((name) => !seen.has(name))) {
      seen.add(file);
      const source = file === '-' ? { file: '<stdin>', text: await terminal.stdin() } : await readSource(file);
      if ('message' in source) {
        problems.push(showProblem(source));
        continue;
      }
      const manifests = readManifests(source.file, source.text);
      if (isFound && !manifests.some(looksLikeSuite)) {
        passedOver.push(file);
        continue;
      }
      const read = readSuites(source.file, manifests);
      suites.push(...read.suites);
      problems.push(...read.problems);
    }
  }
  if (suites.length === 0 && problems.length === 0) problems.push(`no TestSuite in ${paths.join(', ')}`);
  return { suites, problems, passedOver };
}

/** Not as manifests are read, of which some are left out: to look like a manifest, a suite that is not right may fail. */
const filesOf = async (path: string): Promise<Omit<Expanded, 'leftOut'>> =>
  path === '-' ? { files: [path], isFound: false, problems: [] } : await expand(path);

/** Whether somebody meant a document to be a suite: one with a slip in its head must not be passed over in silence. */
function looksLikeSuite({ value, problems, text }: Manifest): boolean {
  if (problems.length > 0) return /\bTestSuite\b/.test(text);
  if (!isRecord(value)) return false;
  const [apiVersion, kind] = [asText(value['apiVersion']), asText(value['kind'])];
  const isForeign = apiVersion !== '' && !apiVersion.startsWith('aloft.dev/');
  const isOurs = apiVersion.startsWith('aloft.dev/') && kind !== 'Policy';
  const isClose = closest(kind, ['TestSuite']) !== undefined || 'cases' in asRecord(value['spec']);
  return isOurs || (isClose && !isForeign);
}

/** Every document of a file as a suite. */
function readSuites(file: string, manifests: readonly Manifest[]): Omit<FoundSuites, 'passedOver'> {
  const suites: LoadedSuite[] = [];
  const problems: InputProblem[] = [];
  const filled = manifests.filter(({ value, problems: flaws }) => value !== undefined || flaws.length > 0);
  if (filled.length === 0)
    problems.push({ file, line: 1, column: 1, message: 'expected a TestSuite, got an empty file' });
  for (const manifest of filled) {
    const read = readSuite(manifest);
    if ('value' in read) suites.push({ file, suite: read.value, manifest, manifests });
    else problems.push(...read.problems.map((problem) => ({ file, ...problem })));
  }
  return { suites, problems: problems.map(showProblem) };
}

function readSuite(manifest: Manifest): { readonly value: Suite } | { readonly problems: readonly Problem[] } {
  const flaws = [...manifest.problems, ...manifest.duplicates];
  if (flaws.length > 0) return { problems: flaws };
  if (!looksLikeSuite(manifest)) {
    const got = asText(asRecord(manifest.value)['kind']) || 'something without a kind';
    return { problems: [{ ...positionOf(manifest, ['kind']), message: `expected a TestSuite, got ${got}` }] };
  }
  const parsed = parseSuite(manifest.value);
  if ('value' in parsed) return parsed;
  const told = parsed.problems.map(({ path, message }) => ({
    ...positionOf(manifest, path),
    message: path.length === 0 ? message : `${showPath(path)}: ${message}`,
  }));
  return { problems: told.toSorted((one, other) => one.line - other.line || one.column - other.column) };
}
