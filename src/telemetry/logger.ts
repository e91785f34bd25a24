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
    },
    destination,
  );

/** Standard error, in larger pieces than a line: a system call for each admission would be its most expensive part. */
export const createLogDestination = () =>
  pino.destination({ dest: 2, sync: true, minLength: 16_000, periodicFlush: 500 });

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
