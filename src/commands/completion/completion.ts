import type { Command } from 'commander';
import { type ExitCode, exit, type Terminal } from '../terminal.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { completedCommand } from './words.js';
import { zshCompletion } from './zsh.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/** Prints what teaches a shell the words of aloft. */
export function printCompletion(program: Command, shell: Shell, terminal: Terminal): ExitCode {
  const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
  terminal.out(scripts[shell](completedCommand(program)));
  return exit.clean;
}
