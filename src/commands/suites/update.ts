import { type Manifest, readManifests } from '../../manifests/read.js';
import { isSame } from '../../model/json.js';
import type { Path } from '../../model/problem.js';
import { type NewValue, writeGolden, writeValues } from '../../suites/golden.js';
import type { Observed } from '../../suites/observe.js';
import { commit, findTarget, stage } from '../replace-file.js';
import { writeReport } from '../write-report.js';
import type { Golden } from './cases.js';
import type { CaseRun } from './run.js';

/** What --update wrote, and what it could not. */
export type Updated = {
  /** Of each case with something stale: which of its expectations, as paths from `expect`. */
  readonly paths: ReadonlyMap<CaseRun, readonly Path[]>;
  /** The documents of suites as they read now, by what they were. */
  readonly manifests: ReadonlyMap<Manifest, Manifest>;
  readonly problems: readonly string[];
};

export const nothingUpdated: Updated = { paths: new Map(), manifests: new Map(), problems: [] };

/** Writes what became of cases where their goldens say otherwise; whatever else they expect stays. */
export async function updateGoldens(runs: readonly CaseRun[]): Promise<Updated> {
  const paths = new Map(runs.map((run) => [run, stalePaths(run)] as const).filter(([, stale]) => stale.length > 0));
  const files = await writeFiles([...paths.keys()]);
  const suites = await writeSuites(paths);
  return { paths, manifests: suites.manifests, problems: [...files, ...suites.problems] };
}

/** The goldens, and what is to stand there. */
const goldens: Readonly<Record<string, (observed: Observed) => unknown>> = {
  after: ({ after }) => after,
  afterFile: ({ after }) => after,
  patch: ({ operations }) => operations,
};

/** What came of an object that no rule could look at is not worth keeping. */
function stalePaths({ checks, observed }: CaseRun): readonly Path[] {
  const failed = checks.filter(({ is }) => is === 'failed').map(({ path }) => path);
  if (observed === undefined || failed.some((path) => path.length === 0)) return [];
  return failed.filter(([key = '', ...deeper]) => deeper.length === 0 && key in goldens);
}

async function writeFiles(runs: readonly CaseRun[]): Promise<readonly string[]> {
  const wanted = new Map<string, { readonly golden: Golden; readonly value: unknown }>();
  const problems: string[] = [];
  for (const { loaded, observed } of runs) {
    const { golden } = loaded;
    if (golden === undefined) continue;
    const other = wanted.get(golden.file);
    if (other === undefined) wanted.set(golden.file, { golden, value: observed?.after });
    else if (!isSame(other.value, observed?.after)) problems.push(`${golden.file}: two cases expect different objects`);
  }
  for (const [file, { golden, value }] of wanted) {
    problems.push(...(await replaceFile(file, golden.text, writeGolden(file, golden.manifest, value))));
  }
  return problems;
}

async function writeSuites(paths: Updated['paths']): Promise<Pick<Updated, 'manifests' | 'problems'>> {
  const manifests = new Map<Manifest, Manifest>();
  const problems: string[] = [];
  const values = [...paths].flatMap(([run, stale]) => inlineValues(run, stale));
  const suites = new Map([...paths.keys()].map(({ loaded: { from } }) => [from.manifests, from.file]));
  for (const [all, file] of suites) {
    const text = all
      .map((one) =>
        writeValues(
          one,
          values.filter(({ manifest }) => manifest === one),
        ),
      )
      .join('');
    const failed = await replaceFile(file, all.map((one) => one.text).join(''), text);
    problems.push(...failed);
    if (failed.length > 0) continue;
    const now = readManifests(file, text);
    for (const [index, before] of all.entries()) manifests.set(before, now[index] ?? before);
  }
  return { manifests, problems };
}

type Inline = NewValue & { readonly manifest: Manifest };

/** What is to stand in the suite itself. */
function inlineValues({ loaded, observed }: CaseRun, stale: readonly Path[]): readonly Inline[] {
  const { from, path } = loaded;
  return stale.flatMap(([key = '']) => {
    if (observed === undefined || key === 'afterFile') return [];
    return [{ manifest: from.manifest, path: [...path, 'expect', key], value: goldens[key]?.(observed) }];
  });
}

/** Writes a file that is still as it was read, or a new one; why not, if it cannot be done. */
async function replaceFile(file: string, before: string | undefined, after: string): Promise<readonly string[]> {
  if (before === undefined) return await writeReport(file, after);
  if (before === after) return [];
  const target = await findTarget(file, before);
  const staged = 'problem' in target ? target : await stage(target, after);
  const problem = 'problem' in staged ? staged.problem : await commit(staged);
  return problem === undefined ? [] : [`${file}: not updated: ${problem}`];
}
