import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, type Level, levels } from '../../src/telemetry/logger.js';
import { build, mainFile } from '../support/program.js';

function linesAt(level: Level): readonly Record<string, unknown>[] {
  const log: string[] = [];
  const logger = createLogger(level, { write: (line) => void log.push(line) });
  for (const name of ['debug', 'info', 'warn', 'error'] as const) logger[name]({ uid: 'u' }, `at ${name}`);
  return log.map((line) => JSON.parse(line));
}

test.each<[Level, readonly string[]]>([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['silent', []],
])('at %s these are written: %j', (level, written) => {
  expect(linesAt(level).map((line) => line['level'])).toEqual(written);
});

test('there are no other levels', () => {
  expect(levels).toEqual(['debug', 'info', 'warn', 'error', 'silent']);
});

test('a line has its level by name, its time, its fields and its message, and nothing of the machine', () => {
  expect(linesAt('error')).toEqual([
    {
      level: 'error',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      uid: 'u',
      msg: 'at error',
    },
  ]);
});

test('an error has its type, its stack and its causes, and nothing that hangs on it', () => {
  const log: string[] = [];
  const cause = Object.assign(new TypeError('inner'), { object: { env: 'secret' } });
  const logger = createLogger('info', { write: (line) => void log.push(line) });
  logger.error({ uid: 'u', err: new Error('outer', { cause }) }, 'failed');
  logger.error({ err: 'no error at all' }, 'failed');
  const stack = expect.stringContaining('logger.test');
  const err = { type: 'Error', message: 'outer', stack, cause: { type: 'TypeError', message: 'inner', stack } };
  expect(log.map((line) => JSON.parse(line))).toMatchObject([
    { uid: 'u', err },
    { err: { type: 'string', message: 'no error at all' } },
  ]);
  expect(log.join()).not.toContain('secret');
});

test('an error that is its own cause has an end', () => {
  const log: string[] = [];
  const error = new Error('round');
  error.cause = error;
  createLogger('info', { write: (line) => void log.push(line) }).error({ err: error }, 'failed');
  expect(log).toHaveLength(1);
});

describe('the destination', () => {
  beforeAll(build, 60_000);
  const module_ = JSON.stringify(mainFile.replace('main.js', 'telemetry/logger.js'));
  const argumentsFor = (rest: string) => [
    '--input-type=module',
    '-e',
    `import { createLogDestination, createLogger } from ${module_};
    const destination = createLogDestination();
    const logger = createLogger('info', destination);
    ${rest}`,
  ];
  const log = (rest: string) => spawnSync(process.execPath, argumentsFor(rest), { encoding: 'utf8' });
  const countOf = (text: string): number => text.split('\n').filter((line) => line.endsWith('"msg":"one"}')).length;

  test('is standard error, and loses nothing that is flushed', () => {
    const { stdout, stderr, status } = log(
      `for (let i = 0; i < 1000; i++) logger.info({}, 'one'); destination.flushSync();`,
    );
    expect([stdout, countOf(stderr), status]).toEqual(['', 1000, 0]);
  });

  test.each([1, 1000])(
    'that nobody reads any more ends nothing, with %i lines waiting',
    async (count) => {
      const script = `process.stdin.once('data', () => {
      for (let i = 0; i < ${count}; i++) logger.info({}, 'one');
      destination.flushSync();
      setTimeout(() => { for (let i = 0; i < 1000; i++) logger.info({}, 'one'); }, 10);
      setTimeout(() => { process.stdout.write('alive'); process.exit(); }, 50);
    });`;
      const child = spawn(process.execPath, argumentsFor(script), { timeout: 10_000, killSignal: 'SIGKILL' });
      child.stderr.destroy();
      await once(child.stderr, 'close');
      child.stdin.write('go');
      expect(await text(child.stdout)).toBe('alive');
    },
    15_000,
  );

  test('keeps the order of lines, whether they come together or one by one', () => {
    const { stderr } = log(`logger.info({ at: 1 }); logger.info({ at: 2 });
      await null; logger.info({ at: 3 }); destination.flushSync();
      logger.info({ at: 4 }); setTimeout(() => { logger.info({ at: 5 }); destination.flushSync(); }, 1);`);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).at)).toEqual([1, 2, 3, 4, 5]);
  });

  test('writes within a second what waits for more', () => {
    const { stderr } = log(`logger.info({}, 'one'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000);`);
    expect(countOf(stderr)).toBe(1);
  });
});
