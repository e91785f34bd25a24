import { setTimeout as pause } from 'node:timers/promises';

type Patience = { readonly seconds?: number; readonly everyMs?: number };

/** Looks until there is something to see, and returns it; says what it waited for when time is up. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { seconds = 30, everyMs = 50 }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let problem: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`after ${seconds} s still not: ${what}`, problem === undefined ? {} : { cause: problem });
    }
    await pause(everyMs);
  }
}
