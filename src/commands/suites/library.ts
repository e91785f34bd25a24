import { readFile } from 'node:fs/promises';
import { type Plan, planPolicy } from '../../engine/plan.js';
import { type Manifest, readManifests } from '../../manifests/read.js';
import { type InputProblem, showProblem } from '../../reports/reviewed.js';
import { registry } from '../../rules/registry.js';
import { decodeText } from '../inputs/decode.js';
import type { Source } from '../inputs/inputs.js';
import { loadPolicy } from '../policy-file.js';
import { describeError } from '../system-error.js';

/** What suites name, each file read once. */
export type Library = {
  /** Its documents, or why they cannot be read. */
  readonly read: (file: string) => Promise<Documents>;
  /** Without a file, the embedded policy. */
  readonly policy: (file: string | undefined) => Promise<LoadedPlan>;
};

type Documents =
  | { readonly manifests: readonly Manifest[] }
  | { readonly problem: string; readonly isMissing: boolean };

/** A policy made ready, with the last day on which all of its exemptions hold; or what is wrong with it. */
type LoadedPlan = { readonly plan: Plan; readonly expires?: string } | { readonly problems: readonly string[] };

export function createLibrary(): Library {
  const files = new Map<string, Promise<Documents>>();
  const policies = new Map<string, Promise<LoadedPlan>>();
  const once = <T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };
  return {
    read: (file) => once(files, file, () => readDocuments(file)),
    policy: (file) => once(policies, file ?? '', () => readPlan(file)),
  };
}

/** The text of a file, or why it cannot be read. */
export async function readSource(file: string): Promise<Source | (InputProblem & { readonly isMissing?: true })> {
  try {
    const decoded = decodeText(await readFile(file));
    return 'text' in decoded ? { file, text: decoded.text } : { file, ...decoded.problem };
  } catch (error) {
    const problem = { file, message: describeError(error) };
    return Object(error).code === 'ENOENT' ? { ...problem, isMissing: true } : problem;
  }
}

/** The documents of a file; one that is broken spoils all of them, because it may be the one that is asked for. */
async function readDocuments(file: string): Promise<Documents> {
  const source = await readSource(file);
  if ('message' in source) return { problem: showProblem(source), isMissing: source.isMissing === true };
  const manifests = readManifests(file, source.text);
  const flaw = manifests.flatMap(({ problems }) => problems)[0];
  return flaw === undefined ? { manifests } : { problem: showProblem({ file, ...flaw }), isMissing: false };
}

async function readPlan(file: string | undefined): Promise<LoadedPlan> {
  const loaded = await loadPolicy(file);
  if ('problems' in loaded) return loaded;
  const [expires] = loaded.policy.spec.exemptions.flatMap((exemption) => exemption.expires ?? []).sort();
  return { plan: planPolicy(loaded.policy, registry), ...(expires === undefined ? {} : { expires }) };
}
