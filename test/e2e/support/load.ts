import { setTimeout as pause } from 'node:timers/promises';
import { type Access, type Answer, createApi } from './api.js';
import type { Counts } from './table.js';

export type LoadOptions = {
  /** Clients are spread over these API servers. */
  readonly apiServers: readonly Access[];
  readonly namespace: string;
  /** More than 25 at one API server make it dial anew all the time, because its pool holds no more. */
  readonly clients?: number;
  /** A dry run passes through all of admission, and spares etcd. */
  readonly dryRun?: boolean;
  readonly isMutated?: (pod: PodLike) => boolean;
};

export type PodLike = {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly env?: readonly { readonly name: string }[] }[] };
};

/** Clients that create Pods without pause until they are told to stop. */
export type Load = { readonly counts: () => Counts; readonly stop: () => Promise<Counts> };

/** Starts a load; each answer is looked at, so that nothing is taken for mutated that is not. */
export function startLoad({
  apiServers,
  namespace,
  clients = 8,
  dryRun = true,
  isMutated = hasTracer,
}: LoadOptions): Load {
  const path = `/api/v1/namespaces/${namespace}/pods${dryRun ? '?dryRun=All' : ''}`;
  const refusals = new Map<string, number>();
  const seen = { created: 0, mutated: 0, unmutated: 0, refused: 0, longestGapMs: 0 };
  let lastMutated = performance.now();
  let stopping = false;

  const gap = (): number => performance.now() - lastMutated;
  const count = ({ status, body }: Answer): void => {
    seen.created++;
    if (status !== 201) {
      seen.refused++;
      const words = String(body?.message ?? body).slice(0, 300);
      refusals.set(words, (refusals.get(words) ?? 0) + 1);
    } else if (isMutated(body)) {
      seen.mutated++;
      seen.longestGapMs = Math.max(seen.longestGapMs, gap());
      lastMutated = performance.now();
    } else seen.unmutated++;
  };
  const client = async (access: Access, index: number): Promise<void> => {
    const api = createApi(access);
    let number = 0;
    while (!stopping) {
      try {
        // Of its own: names that the API server generates meet again among some thousand Pods.
        const metadata = { ...pod.metadata, name: `load-${index}-${number++}` };
        count(await api.call(path, { method: 'POST', body: { ...pod, metadata } }));
      } catch {
        // The API server is away: nothing was asked of a webhook. The gap tells.
        await pause(50);
      }
    }
    api.close();
  };
  const running = Array.from({ length: clients }, (_, index) =>
    client(apiServers[index % apiServers.length] as Access, index),
  );
  const counts = (): Counts => ({
    ...seen,
    longestGapMs: Math.max(seen.longestGapMs, gap()),
    refusals: [...refusals].map(([words, times]) => `${times} x ${words}`),
  });
  return {
    counts,
    stop: async () => {
      stopping = true;
      const last = counts();
      await Promise.all(running);
      return { ...counts(), longestGapMs: last.longestGapMs };
    },
  };
}

/** An application Pod, as small as they come. */
export const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'load', labels: { app: 'load' } },
  spec: { containers: [{ name: 'app', image: 'example/load:1' }] },
};

/** Whether the default policy's `tracer-env` has been there. */
export const hasTracer = ({ spec }: PodLike): boolean =>
  spec.containers.every(({ env = [] }) => env.some(({ name }) => name === 'DD_AGENT_HOST'));
