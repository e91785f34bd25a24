import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFolder } from './run-folder.js';

/** How a process ended. */
export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A process of this run. */
export type Running = {
  readonly name: string;
  readonly pid: number;
  /** Everything it has said so far. */
  readonly log: () => string;
  readonly isRunning: () => boolean;
  readonly ended: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  readonly end: (signal?: NodeJS.Signals) => Promise<Ended>;
};

export type Command = {
  /** Names the log; two processes may have the same one, and then share it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a process whose log is a file in the folder, and which does not outlive the run. */
export function startProcess(folder: RunFolder, { name, program, args, env = {} }: Command): Running {
  const logFile = join(folder.path, 'logs', `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    cwd: folder.path,
    env: { ...plainEnv(), HOME: folder.path, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const pid = child.pid ?? 0;
  const pidFile = join(folder.path, 'pids', String(pid));
  if (pid > 0) writeFileSync(pidFile, name);
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => {
      rmSync(pidFile, { force: true });
      resolve({ code, signal });
    });
  });
  return {
    name,
    pid,
    log: () => readFileSync(logFile, 'utf8'),
    isRunning: () => pid > 0 && child.exitCode === null && child.signalCode === null,
    ended,
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** The last lines of a log, for whoever has to find out what went wrong. */
export const tailOf = ({ name, log }: Running, lines = 15): string =>
  [`${name}:`, ...log().trimEnd().split('\n').slice(-lines)].join('\n  ');

/** The environment of this process, without what would set aloft, kubectl or the colours. */
const plainEnv = (): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(ALOFT_|KUBE|FORCE_COLOR$|NO_COLOR$|NODE_OPTIONS$|.*_proxy$)/i.test(name),
    ),
  );
