import { defaultPolicy } from '../policy/default.js';
import { policyJsonSchema } from '../policy/parse.js';
import { registry } from '../rules/registry.js';
import { loadPolicy } from './policy-file.js';
import { type ExitCode, exit, type Terminal, usageError } from './terminal.js';

/** Checks policy files, and says everything that is wrong with them. */
export async function validatePolicies(files: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const problems: string[] = [];
  for (const file of files) {
    const loaded = await loadPolicy(file);
    if ('problems' in loaded) problems.push(...loaded.problems);
    else terminal.out(`${file}: ${describePolicy(loaded.policy)}\n`);
  }
  return problems.length > 0 ? usageError(terminal, problems) : exit.clean;
}

const describePolicy = ({ metadata, spec }: { metadata: { name: string }; spec: { rules: readonly object[] } }) =>
  `policy "${metadata.name}" is valid, with ${spec.rules.length} ${spec.rules.length === 1 ? 'rule' : 'rules'}`;

/** Prints the policy that runs when no file is given. */
export function printDefaultPolicy(terminal: Terminal): ExitCode {
  terminal.out(defaultPolicy);
  return exit.clean;
}

/** Prints the JSON Schema of the policy file. */
export function printPolicySchema(terminal: Terminal): ExitCode {
  terminal.out(`${JSON.stringify(policyJsonSchema(registry), undefined, 2)}\n`);
  return exit.clean;
}
