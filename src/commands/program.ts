import { Command, CommanderError } from 'commander';
import { version } from '../version.js';
import { addCerts } from './certs-command.js';
import { addCompletion } from './completion-command.js';
import { addEgress } from './egress-command.js';
import { addExplain } from './explain-command.js';
import { addFix } from './fix-command.js';
import { addFunction } from './function-command.js';
import { type Done, withExamples } from './options.js';
import { addReview } from './review-command.js';
import { addServe } from './serve-command.js';
import { exit, type Terminal } from './terminal.js';
import { addTest } from './test-command.js';
import { addVendors } from './vendors-command.js';

/** Runs a command line; the code is for the shell. */
export async function run(args: readonly string[], terminal: Terminal, name = 'aloft'): Promise<number> {
  let code: number = exit.clean;
  const end = (ended: number): void => {
    code = ended;
  };
  const program = createProgram(terminal, end, name);
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
export function createProgram(terminal: Terminal, done: Done, name = 'aloft'): Command {
  const program = withExamples(new Command(name), [
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
  for (const add of [
    addReview,
    addFix,
    addExplain,
    addTest,
    addServe,
    addEgress,
    addFunction,
    addCerts,
    addPolicy,
    addVendors,
    addCompletion,
  ]) {
    add(program, terminal, done);
  }
  return program;
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
