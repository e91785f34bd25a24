import { readFile } from 'node:fs/promises';
import { positionOf } from '../manifests/position.js';
import { readManifests } from '../manifests/read.js';
import { showPath } from '../model/problem.js';
import { defaultPolicy } from '../policy/default.js';
import { parsePolicy } from '../policy/parse.js';
import type { Policy } from '../policy/policy.js';
import { registry } from '../rules/registry.js';
import { describeError } from './system-error.js';

/** A policy with the text it came from, or everything that is wrong with it: `file:line:column path: message`. */
export type LoadedPolicy = GoodPolicy | { readonly problems: readonly string[] };
export type GoodPolicy = { readonly policy: Policy; readonly text: string };

/** The policy of a file, or the default one where there is no file. */
export async function loadPolicy(file: string | undefined): Promise<LoadedPolicy> {
  if (file === undefined) return readPolicy('default policy', defaultPolicy);
  try {
    return readPolicy(file, await readFile(file, 'utf8'));
  } catch (error) {
    return { problems: [`${file}: cannot be read: ${describeError(error)}`] };
  }
}

/** The policy in a text. */
export function readPolicy(file: string, text: string): LoadedPolicy {
  const manifests = readManifests(file, text).filter(
    ({ value, problems }) => value !== undefined || problems.length > 0,
  );
  const [manifest, second] = manifests;
  if (manifest === undefined) return { problems: [`${file}:1:1: expected a Policy, got an empty file`] };
  const faults = [...manifest.problems, ...manifest.duplicates];
  if (faults.length > 0) {
    return { problems: faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`) };
  }
  if (second !== undefined)
    return { problems: [`${file}:${second.startLine}:1: expected one Policy, got several documents`] };
  const parsed = parsePolicy(manifest.value, registry);
  if ('value' in parsed) return { policy: parsed.value, text };
  const problems = parsed.problems.map(({ path, message }) => {
    const { line, column } = positionOf(manifest, path);
    return { line, column, text: `${file}:${line}:${column} ${showPath(path)}: ${message}` };
  });
  const inOrder = problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
  return { problems: inOrder.map((problem) => problem.text) };
}
