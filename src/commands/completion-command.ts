import { Argument, type Command } from 'commander';
import type { Shell } from './completion/completion.js';
import { type Done, withExamples } from './options.js';
import type { Terminal } from './terminal.js';

/** `aloft completion`: so that the Tab key knows what may follow. */
export function addCompletion(program: Command, terminal: Terminal, done: Done): void {
  withExamples(program.command('completion'), [
    ['source <(aloft completion bash)', 'for this shell; in ~/.bashrc for every one'],
    ['aloft completion zsh > $fpath[1]/_aloft', 'from the next zsh on'],
    ['aloft completion fish > ~/.config/fish/completions/aloft.fish', 'at once'],
  ])
    .description('print a script that completes command lines of aloft')
    .addArgument(new Argument('<shell>', 'which shell it is for').choices(['bash', 'zsh', 'fish'] satisfies Shell[]))
    .action(async (shell: Shell) => {
      const { printCompletion } = await import('./completion/completion.js');
      done(printCompletion(program, shell, terminal));
    });
}
