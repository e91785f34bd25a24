import type { Command } from 'commander';
import type { FixOptions } from './fix.js';
import { addInputs, type Done, type Inputs, pathsOf, quiet, withExamples } from './options.js';
import type { Terminal } from './terminal.js';

/** The command line of `aloft fix`. */
export function addFix(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('fix')), [
    ['aloft fix -f deploy/ --dry-run', 'the diff, without writing it'],
    ['aloft fix -f deploy/ --policy policy.yaml', 'write it into the files'],
    ['aloft fix -f deploy/ --check', 'in CI: exit code 1 if a file would change'],
  ]);
  command
    .description('write what the webhook would do into the files themselves')
    .option('--dry-run', 'show the diff, and write nothing')
    .option('--check', 'name the files that would change, and write nothing')
    .addOption(quiet('no summary: only what is wrong'))
    .option('-v, --verbose', 'also which policy, and which files')
    .addHelpText('after', exitCodes)
    .action(async (paths: string[], options: Inputs & FixOptions) => {
      const { fix } = await import('./fix.js');
      done(await fix(pathsOf(command, paths, options), options, terminal));
    });
}

const exitCodes = `
Templates, generated files and requests are left as they are, and named.

Exit codes: 0 clean; 1 a violation is left, or with --check a file would change;
2 a file was not fixed, or wrong usage, policy or input; 3 a fault of aloft.`;
