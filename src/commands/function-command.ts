import { type Command, Option } from 'commander';
import { thresholds } from '../reports/tally.js';
import type { FunctionOptions } from './function.js';
import { collect, type Done, setting, withExamples } from './options.js';
import type { Terminal } from './terminal.js';

/** `aloft function`: what kustomize and kpt run on the objects that they carry. */
export function addFunction(program: Command, terminal: Terminal, done: Done): void {
  withExamples(program.command('function'), [
    ['kpt fn eval deploy --exec "aloft function" --fn-config policy.yaml', 'changes files'],
    ['kpt fn source deploy | aloft function', 'to see what an orchestrator gets'],
  ])
    .description('run as a KRM function: a ResourceList in and out')
    .addOption(setting('--policy <file>', 'policy file, for lists without functionConfig'))
    .option('-n, --namespace <name>', 'for objects that name no namespace', 'default')
    .addOption(
      new Option('--fail-on <level>', 'what is an error: this, and what is graver')
        .choices(thresholds)
        .default('violation'),
    )
    .option('--source-root <folder>', 'where sources of the objects are; may be repeated', collect)
    .addHelpText('after', notes)
    .action(async (options: FunctionOptions) => {
      const { runFunction } = await import('./function.js');
      done(await runFunction(options, terminal));
    });
}

const notes = `
Reads a ResourceList (config.kubernetes.io) on standard input. The policy is its
functionConfig, or a ConfigMap there with one under data.policy. What is found
goes to its results. For other manifests: aloft review - -o yaml

Exit codes: 0 no error among the results; 1 one at least; 2 wrong usage, policy
or input; 3 a fault of aloft.`;
