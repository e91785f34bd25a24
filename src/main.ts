#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { run } from './commands/program.js';
import { exit, internalError, type Terminal } from './commands/terminal.js';

const { env, stdout, stderr, stdin } = process;

// https://no-color.org, and FORCE_COLOR as Node.js itself reads it.
const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
const colour = forced || (stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb');

const terminal: Terminal = {
  out: (data) => stdout.write(data),
  err: (message) => stderr.write(message),
  stdin: () => text(stdin),
  colour,
};

stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no fault of anyone's.
  if (code === 'EPIPE') return;
  stderr.write(`aloft: cannot write the output: ${message}\n`);
  // Not 1, which means findings.
  process.once('exit', () => {
    process.exitCode = exit.usage;
  });
});

process.exitCode = await run(process.argv.slice(2), terminal).catch((error: unknown) => {
  return internalError(terminal, [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
});
