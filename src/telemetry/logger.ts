import { type DestinationStream, type Logger, pino } from 'pino';

export const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof levels)[number];

/** What the rest of aloft asks of a logger. */
export type { Logger } from 'pino';

/**
 * JSON lines with a constant message and the fields of the event. Nothing here takes a Kubernetes object: their
 * environment holds secrets, so only what identifies an object is ever a field.
 */
export const createLogger = (level: Level, destination: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: createTimestamp(),
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => describeError(error) },
    },
    destination,
  );

/** Standard error, in larger pieces than a line: a system call for each admission would be its most expensive part. */
export function createLogDestination(): DestinationStream & { readonly flushSync: () => void } {
  const stream = pino.destination({ dest: 2, sync: true, minLength: 16_000, periodicFlush: 500 });
  // Whoever read us has gone; that is no reason to stop.
  stream.on('error', () => undefined);
  let lines = '';
  const handOver = (): void => {
    const text = lines;
    lines = '';
    if (text !== '') stream.write(text);
  };
  return {
    // The stream copies what waits in it with each text that it gets, so it gets those of one batch together.
    write: (line) => {
      if (lines === '') queueMicrotask(handOver);
      lines += line;
    },
    flushSync: () => {
      handOver();
      // It notices that nobody reads any more; `flushSync` would then try for ever.
      stream.flush();
      stream.flushSync();
    },
  };
}

/** An error with its causes, but without what else hangs on it, which pino would add: it might be an object. */
function describeError(error: unknown, causes = 5): object {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    stack,
    ...(cause === undefined || causes === 0 ? {} : { cause: describeError(cause, causes - 1) }),
  };
}

/** The time as pino's own `isoTime` writes it, worked out once for all lines of a millisecond. */
function createTimestamp(): () => string {
  let at = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== at) text = `,"time":"${new Date(now).toISOString()}"`;
    at = now;
    return text;
  };
}
