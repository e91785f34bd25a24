/** Why the process is to end; a fault is an exception that nobody caught. */
export type Stop = 'SIGTERM' | 'SIGINT' | 'fault';

/** The wish of the system, or of a person, that the process ends. */
export type Signalled = { readonly promise: Promise<Stop>; readonly already: () => boolean };

/**
 * Waits for the first reason to stop; a second signal ends the process as if nobody listened. A fault is told, and
 * stops the process like a signal does: state lasts for one request only, so those under way can still be answered.
 */
export function untilSignalled(tellFault: (error: unknown) => void): Signalled {
  const { promise, resolve } = Promise.withResolvers<Stop>();
  let signalled = false;
  const stop = (why: Stop): void => {
    signalled = true;
    process.off('SIGTERM', terminate);
    process.off('SIGINT', interrupt);
    resolve(why);
  };
  const terminate = (): void => stop('SIGTERM');
  const interrupt = (): void => stop('SIGINT');
  process.on('SIGTERM', terminate);
  process.on('SIGINT', interrupt);
  process.on('uncaughtException', (error) => {
    tellFault(error);
    stop('fault');
  });
  return { promise, already: () => signalled };
}
