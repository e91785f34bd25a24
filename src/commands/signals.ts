export type StopSignal = 'SIGTERM' | 'SIGINT';

/** The wish of the system, or of a person, that the process ends. */
export type Signalled = { readonly promise: Promise<StopSignal>; readonly already: () => boolean };

/** Waits for the first signal to stop; a second one ends the process as if nobody listened. */
export function untilSignalled(): Signalled {
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  let signalled = false;
  const receive = (signal: NodeJS.Signals): void => {
    signalled = true;
    process.off('SIGTERM', receive);
    process.off('SIGINT', receive);
    resolve(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
  return { promise, already: () => signalled };
}
