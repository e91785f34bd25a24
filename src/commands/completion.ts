import type { Command } from 'commander';
import { bashCompletion } from './completion-bash.js';
import { fishCompletion } from './completion-fish.js';
import { completedCommand } from './completion-words.js';
import { zshCompletion } from './completion-zsh.js';
import { type ExitCode, exit, type Terminal } from './terminal.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/** Prints what teaches a shell the words of aloft. */
export function printCompletion(program: Command, shell: Shell, terminal: Terminal): ExitCode {
  const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
  terminal.out(scripts[shell](completedCommand(program)));
  return exit.clean;
}
