import { dirname, isAbsolute, join } from 'node:path';
import type { Plan } from '../../engine/plan.js';
import { positionOf } from '../../manifests/position.js';
import type { Manifest } from '../../manifests/read.js';
import { unpack } from '../../manifests/unpack.js';
import { asRecord, asText } from '../../model/json.js';
import { type Path, showPath } from '../../model/problem.js';
import { type Posed, poseCase, type Unposed } from '../../suites/pose.js';
import type { Case } from '../../suites/schema.js';
import type { LoadedSuite } from './files.js';
import type { Library } from './library.js';

/** A case with everything that it names. */
export type LoadedCase = {
  readonly from: LoadedSuite;
  /** Where in its document it stands. */
  readonly path: Path;
  readonly test: Case;
  readonly posed: Posed;
  readonly plan: Plan;
  /** The day on which it takes place, where the suite names one. */
  readonly today: string | undefined;
  /** What `afterFile` leads to. */
  readonly golden?: Golden;
};

/** A file that holds the object as it is to be afterwards; without a document, it is still to be written. */
export type Golden = {
  readonly file: string;
  /** Absent where there is no such file. */
  readonly text?: string;
  readonly manifest?: Manifest;
};

/** What is wrong with a case, and where in it. */
type Flaw = { readonly at: Path; readonly message: string };
type Found<T> = { readonly found: T } | Flaw;

export type Loading = {
  readonly library: Library;
  /** The policy that stands for those of all suites. */
  readonly policy: string | undefined;
};

/** Reads what a case of a suite names, or says what is wrong with it as `file:line:column: message`. */
export async function loadCase(
  from: LoadedSuite,
  index: number,
  { library, policy }: Loading,
): Promise<LoadedCase | { readonly problems: readonly string[] }> {
  const { file, suite, manifest } = from;
  const test = suite.spec.cases[index] as Case;
  const path = ['spec', 'cases', index];
  const tell = (at: Path, message: string): { readonly problems: readonly string[] } => {
    const { line, column } = positionOf(manifest, at);
    return { problems: [`${file}:${line}:${column}: ${showPath(at)}: ${message}`] };
  };
  const own = suite.spec.policy === undefined ? undefined : beside(file, suite.spec.policy);
  const loaded = await library.policy(policy ?? own);
  if ('problems' in loaded) return loaded;
  const today = test.today ?? suite.spec.today;
  if (loaded.expires !== undefined && today === undefined) {
    const when = `an exemption of the policy ends on ${loaded.expires}`;
    return tell(['spec'], `expected \`today: YYYY-MM-DD\`: ${when}, and outcomes would change with it`);
  }
  const document = await documentOf(test, file, library);
  if ('message' in document) return tell([...path, ...document.at], document.message);
  const setting = { ...test, defaultNamespace: suite.spec.namespace };
  const posed = poseCase(document.found, setting, `aloft-test-${index + 1}`);
  if ('problem' in posed) return tell([...path, ...flawedAt(posed, test)], flawOf(posed, test));
  const golden = await goldenOf(test, file, library);
  if ('message' in golden) return tell([...path, ...golden.at], golden.message);
  return { from, path, test, posed, plan: loaded.plan, today, ...golden.found };
}

/** A path that is told from the folder of a suite. */
const beside = (suite: string, file: string): string => (isAbsolute(file) ? file : join(dirname(suite), file));

const flawedAt = ({ at, key }: Unposed, { object }: Case): Path =>
  key !== undefined ? [key] : object === undefined ? ['file'] : ['object', ...at];

const flawOf = ({ at, problem }: Unposed, { file }: Case): string =>
  file === undefined || at.length === 0 ? problem : `${showPath(at)} of ${file}: ${problem}`;

async function documentOf({ object, file, select }: Case, suite: string, library: Library): Promise<Found<unknown>> {
  if (file === undefined) {
    const [only] = unpack({ value: object });
    // No rule decides on a list as such, so that nothing would ever change in it.
    if (only?.path.length === 0) return { found: object };
    return { at: ['object'], message: 'expected one object, got a list of them; `file` can `select` one of a list' };
  }
  const name = beside(suite, file);
  const read = await library.read(name);
  if ('problem' in read) return { at: ['file'], message: read.problem };
  const all = read.manifests.flatMap((manifest) => unpack(manifest).map(({ value }) => value));
  const chosen = all.filter((value) => isSelected(value, select));
  if (chosen.length === 1) return { found: chosen[0] };
  const choice = all.map(describe).join(', ');
  if (all.length === 0) return { at: ['file'], message: `expected an object in ${name}, got none` };
  if (select === undefined) {
    return { at: ['file'], message: `${name} has ${all.length} objects, choose one with \`select\`: ${choice}` };
  }
  return { at: ['select'], message: `expected one object of ${name}, got ${chosen.length} of: ${choice}` };
}

function isSelected(value: unknown, select: Case['select'] = {}): boolean {
  const { kind, metadata } = asRecord(value);
  const { name, namespace } = asRecord(metadata);
  const has = (wanted: string | undefined, got: unknown): boolean => wanted === undefined || wanted === got;
  return has(select.kind, kind) && has(select.name, name) && has(select.namespace, namespace);
}

function describe(value: unknown): string {
  const { kind, metadata } = asRecord(value);
  const { name, namespace } = asRecord(metadata);
  const where = asText(namespace) === '' ? '' : ` in ${asText(namespace)}`;
  return `${asText(kind)} ${asText(name)}${where}`.trim() || 'something without a kind';
}

async function goldenOf({ expect, file }: Case, suite: string, library: Library): Promise<Found<{ golden?: Golden }>> {
  const at = ['expect', 'afterFile'];
  if (expect.afterFile === undefined) return { found: {} };
  const name = beside(suite, expect.afterFile);
  if (file !== undefined && name === beside(suite, file)) {
    return { at, message: 'expected another file than that of the object: that nothing changes is `unchanged: true`' };
  }
  const read = await library.read(name);
  if ('problem' in read) {
    return read.isMissing ? { found: { golden: { file: name } } } : { at, message: read.problem };
  }
  const [manifest, second] = read.manifests.filter(({ value }) => value !== undefined);
  if (second !== undefined) return { at, message: `expected one object in ${name}, got several` };
  const text = read.manifests.map((one) => one.text).join('');
  return { found: { golden: { file: name, text, ...(manifest === undefined ? {} : { manifest }) } } };
}
