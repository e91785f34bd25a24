import { setTimeout as pause } from 'node:timers/promises';
import { type Load, type LoadOptions, startLoad } from './load.js';
import { until } from './poll.js';
import type { Counts } from './table.js';

/** Creates Pods without pause while something happens, and returns what became of them. */
export async function underLoad(options: LoadOptions, scenario: (load: Load) => Promise<unknown>): Promise<Counts> {
  const load = startLoad(options);
  try {
    await until('the load runs', () => load.counts().created > 50);
    await scenario(load);
  } catch (error) {
    await load.stop();
    throw error;
  }
  return await load.stop();
}

/** Something that gets requests, and can be told to go. */
export type Server<End = unknown> = { readonly port: number; readonly stop: () => Promise<End> };

export type Fleet<End> = {
  readonly running: readonly Server<End>[];
  readonly start: () => Promise<Server<End>>;
  /** Makes the Service lead to these. */
  readonly route: (servers: readonly Server[]) => Promise<unknown>;
};

/** What runs afterwards, and the ends of what ran before. */
export type Rolled<End> = {
  readonly running: readonly Server<End>[];
  readonly ending: readonly Promise<End>[];
};

/**
 * Replaces each server by a new one, as a Deployment does it: the new one is ready before the old one is told to go,
 * and the API servers learn a second late that the old one is gone.
 */
export async function restartAll<End>({ running, start, route }: Fleet<End>): Promise<Rolled<End>> {
  let current = [...running];
  const ending: Promise<End>[] = [];
  for (const old of running) {
    const next = await start();
    await route([...current, next]);
    ending.push(old.stop());
    await pause(1000);
    current = [...current.filter((server) => server !== old), next];
    await route(current);
  }
  return { running: current, ending };
}
