import { Command, CommanderError, Option } from 'commander';
import { version } from '../version.js';
import { addCerts } from './certs-command.js';
import type { DryRunOptions } from './dry-run.js';
import { addEgress } from './egress-command.js';
import { addInputs, type Done, type Inputs, pathsOf, withExamples } from './options.js';
import type { ReviewOptions } from './review.js';
import { addServe } from './serve-command.js';
import { type ExitCode, exit, type Terminal } from './terminal.js';
import { addVendors } from './vendors-command.js';

/** Runs a command line; the code is for the shell. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exit.clean;
  const program = createProgram(terminal, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end in an error of code 0; anything else that commander throws is a wrong command line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.clean : exit.usage;
    throw error;
  }
}

/** What can be asked. A command's code is loaded when it is called, which keeps the start short. */
export function createProgram(terminal: Terminal, done: Done): Command {
  const program = withExamples(new Command('aloft'), [
    ['aloft review deploy/', 'what would change, and why'],
    ['helm template . | aloft review - -o yaml | kubectl apply -f -', 'with the changes in it'],
    ['aloft explain deploy/app.yaml', 'how each rule decided'],
    ['aloft serve --policy policy.yaml', 'as an admission webhook'],
  ])
    .description('Makes an Istio mesh observable without anyone editing a manifest.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .configureHelp({ showGlobalOptions: true });
  addReview(program, terminal, done);
  addExplain(program, terminal, done);
  addServe(program, terminal, done);
  addEgress(program, terminal, done);
  addCerts(program, terminal, done);
  addPolicy(program, terminal, done);
  addVendors(program, terminal, done);
  return program;
}

function addReview(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('review')), [
    ['aloft review deploy/ --check', 'exit code 1 if anything would change'],
    ['kustomize build . | aloft review - -o yaml', 'the stream with the changes in it'],
    ['aloft review pod.yaml -o json', 'for programs'],
  ]);
  command
    .description('show what the webhook would do to manifests, and why')
    .addOption(new Option('-o, --output <format>', 'how to show it').choices(['diff', 'yaml', 'json']).default('diff'))
    .option('--check', 'treat any change as a finding: exit with 1')
    .option('--istio-version <version>', 'what an upgrade to it changes for these objects')
    .addHelpText('after', exitCodes)
    .action(async (paths: string[], options: Inputs & Omit<ReviewOptions, 'policy'>) => {
      const { review } = await import('./review.js');
      done(await review(pathsOf(command, paths, options), options, terminal));
    });
}

function addExplain(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('explain')), [
    ['aloft explain pod.yaml', 'each rule, what it decided, and what decided it'],
    ['aloft explain deploy/ --policy policy.yaml', 'under a policy of your own'],
  ]);
  command
    .description('show how each rule decided on each object, also why not')
    .addHelpText('after', exitCodes)
    .action(async (paths: string[], options: Inputs & DryRunOptions) => {
      const { explain } = await import('./explain.js');
      done(await explain(pathsOf(command, paths, options), options, terminal));
    });
}

function addPolicy(program: Command, terminal: Terminal, done: Done): void {
  const policy = program.command('policy').description('check policy files, and see what they may hold');
  policy
    .command('validate <files...>')
    .description('say everything that is wrong with policy files')
    .action(async (files: string[]) => {
      const { validatePolicies } = await import('./policy.js');
      done(await validatePolicies(files, terminal));
    });
  policy
    .command('default')
    .description('print the policy that runs when none is given')
    .action(async () => {
      const { printDefaultPolicy } = await import('./policy.js');
      done(printDefaultPolicy(terminal));
    });
  policy
    .command('schema')
    .description('print the JSON Schema of the policy file, for editors')
    .action(async () => {
      const { printPolicySchema } = await import('./policy.js');
      done(printPolicySchema(terminal));
    });
}

const exitCodes = `
Exit codes: 0 clean; 1 findings (a violation, or with --check any change);
2 wrong usage, policy or input; 3 a fault of aloft.`;
