/** A pause that may be cut short. */
export type Alarm = {
  /** Ends the pause under way, or the next one before it begins. */
  readonly ring: () => void;
  readonly wait: (ms: number) => Promise<void>;
};

/** Pauses end at once, and do not begin, when the signal is given. */
export function createAlarm(signal: AbortSignal): Alarm {
  let rung = false;
  let wake: () => void = () => undefined;
  const ring = (): void => {
    rung = true;
    wake();
  };
  signal.addEventListener('abort', ring);
  const wait = async (ms: number): Promise<void> => {
    if (!rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      wake = resolve;
      await promise;
      clearTimeout(timer);
    }
    rung = false;
  };
  return { ring, wait };
}
