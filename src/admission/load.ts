import { monitorEventLoopDelay } from 'node:perf_hooks';

/** From where on a replica turns requests away, so that the API server tries another one. */
export type LoadLimits = { readonly bytesInFlight: number; readonly eventLoopDelayMs: number };

/** Bodies of up to 18 MiB arrive: a few of them may be in memory at once, not fifty. */
export const defaultLoadLimits: LoadLimits = { bytesInFlight: 64 * 1024 * 1024, eventLoopDelayMs: 500 };

/** What admits work while there is room for it. */
export type LoadGate = {
  /** Room for a body of that many bytes, to be given back once it is answered; undefined where there is none. */
  readonly enter: (bytes: number) => (() => void) | undefined;
  readonly stop: () => void;
};

/** A gate on bytes in flight, and on how late the event loop has been over the last second. */
export function createLoadGate({ bytesInFlight, eventLoopDelayMs }: LoadLimits): LoadGate {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let late = false;
  const watch = setInterval(() => {
    late = delay.mean / 1e6 > eventLoopDelayMs;
    delay.reset();
  }, 1000);
  watch.unref();
  let used = 0;
  return {
    enter: (bytes) => {
      // A single body always finds room, however large: it was bounded before it came here.
      if (late || (used > 0 && used + bytes > bytesInFlight)) return undefined;
      used += bytes;
      let given = false;
      return () => {
        if (!given) used -= bytes;
        given = true;
      };
    },
    stop: () => {
      clearInterval(watch);
      delay.disable();
    },
  };
}
