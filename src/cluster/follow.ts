import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from './connection.js';

/** What to watch: a collection, or the one object of a name in it. */
export type Watched = { readonly path: string; readonly name?: string };

/** Paths of the collections whose objects are watched. */
export const paths = {
  secretsOf: (namespace: string): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`,
  namespaces: '/api/v1/namespaces',
  MutatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  ValidatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
} as const;

/**
 * Says whenever something may have changed, until told to stop. It only hurries those who look by themselves now and
 * then: a watch that breaks off is opened again, and one that hangs is given up after 30 s without a byte (the library's
 * own watchdog). What an event holds nobody reads: who wants to know reads the object.
 */
export async function follow(
  { watch }: Pick<Connection, 'watch'>,
  { path, name }: Watched,
  changed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const query = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const startedAt = performance.now();
    // Credentials that cannot be read now may be there the next time.
    const open = watch
      .watch(path, { ...query, timeoutSeconds: 300 }, changed, () => resolve())
      .catch(() => {
        resolve();
        return undefined;
      });
    const stop = (): void => {
      // Until a watch is answered, nothing can stop it but the end of its connection.
      resolve();
      open.then((controller) => controller?.abort());
    };
    signal.addEventListener('abort', stop, { once: true });
    await ended;
    signal.removeEventListener('abort', stop);
    // A watch that lived was fine; one that broke off at once may be forbidden, or its server overloaded.
    waitMs = performance.now() - startedAt > longestWaitMs ? firstWaitMs : Math.min(waitMs * 2, longestWaitMs);
    await pause(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

const firstWaitMs = 500;
const longestWaitMs = 20_000;
