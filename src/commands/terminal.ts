import { visibleLine } from '../reports/visible.js';

/** Where a command reads and writes: standard streams for users, strings for tests. */
export type Terminal = {
  /** Data: what a pipe carries on. */
  readonly out: (text: string) => void;
  /** Messages: what a person reads beside it. */
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<string>;
  readonly colour: boolean;
  /** The columns to keep to, where there are any: in a pipe, only if somebody says so. */
  readonly width?: number;
  /** Shows how far long work is, on a line that the next one replaces; absent where nobody looks on. */
  readonly progress?: (text: string) => void;
};

/** The columns to keep to: those that COLUMNS names, else those of the terminal, if it is one and tells. */
export function widthFrom(named: string | undefined, terminal: number | undefined): number | undefined {
  if (named !== undefined && /^[1-9]\d*$/.test(named)) return Number(named);
  return terminal || undefined;
}

/** What a command ends with; the same for every output format. */
export const exit = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** Says what went wrong with aloft itself, for whoever can mend it. */
export function internalError(terminal: Terminal, faults: readonly string[]): ExitCode {
  for (const fault of faults) terminal.err(`aloft: a fault of aloft itself, please report it:\n${fault}\n`);
  return exit.internal;
}

/** Says what is wrong with the command's input, a line each. */
export function usageError(terminal: Terminal, problems: readonly string[]): ExitCode {
  // A line of its own could be a command to the CI system that reads it.
  for (const problem of problems) terminal.err(`aloft: ${visibleLine(problem)}\n`);
  return exit.usage;
}
