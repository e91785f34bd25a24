import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { untilMutated } from '../support/installation.js';
import type { LoadOptions } from '../support/load.js';
import { type Published, pairFor, publish } from '../support/published.js';
import { slowWebhooks } from '../support/slow-webhooks.js';
import type { GetSuite } from '../support/suite.js';
import type { Counts } from '../support/table.js';
import { restartAll, underLoad } from '../support/under-load.js';
import { hasTwinLabel, startSmallWebhook } from '../twins/small-webhook.js';

/**
 * The checks that aloft passes elsewhere, on a webhook of a few lines: first good, then with one mistake in it. Where
 * the mistake shows, the check can see it; where the good one passes, nothing else is what it sees.
 */
export function describeTwins(suite: GetSuite): void {
  describe('broken twins: with the mistake in it, the same check fails', () => {
    const loadIn = (namespace: string): LoadOptions => ({
      apiServers: suite().controlPlane.apiServers.map(({ access }) => access),
      namespace,
      isMutated: hasTwinLabel,
    });
    const tell = (tried: string, counts: Counts, broken: boolean): void => {
      suite().table.add({ tried: `twin: ${tried}`, counts, outcome: broken ? 'noticed' : 'passed' });
      const { refused, refusals } = counts;
      expect({ refused: refused > 0, refusals }).toEqual({
        refused: broken,
        refusals: broken ? expect.anything() : [],
      });
    };

    type Rotation = (steps: Steps) => readonly (() => unknown)[];
    test.each<[string, boolean, Rotation]>([
      [
        'both CAs, new leaf, new CA',
        false,
        ({ trust, old, next, serve }) => [() => trust(old + next), serve, () => trust(next)],
      ],
      ['leaf before bundle', true, ({ trust, old, next, serve }) => [serve, () => trust(old + next)]],
      ['CA replaced without overlap', true, ({ trust, next, serve }) => [() => trust(next), serve]],
      ['PEM without a newline between', true, ({ trust, old, next }) => [() => trust(old.trimEnd() + next)]],
    ])('a rotation: %s', async (tried, broken, rotation) => {
      // Of its own each time: API servers keep the connections that they have made with a bundle.
      const name = `e2e-rotation-${++rotations}`;
      const [old, next] = await Promise.all([pairFor(name), pairFor(name)]);
      const webhook = await startSmallWebhook({ pair: old, dialAnew: true });
      const published = await publish(suite(), { name, failurePolicy: 'Fail', trusted: old.ca });
      await published.route([webhook]);
      await untilMutated(suite(), hasTwinLabel, name);
      const serve = (): void => webhook.serve(next);
      const counts = await underLoad(loadIn(name), async () => {
        for (const step of rotation({ trust: published.trust, serve, old: old.ca, next: next.ca })) {
          await step();
          await pause(500);
        }
      });
      await published.remove();
      await webhook.close();
      tell(`rotation, ${tried}`, counts, broken);
    });

    test.each<[string, boolean, 'drain' | 'close']>([
      ['drained', false, 'drain'],
      ['server.close on SIGTERM', true, 'close'],
    ])('a rolling restart: %s', async (tried, broken, ending) => {
      const name = `e2e-restart-${ending}`;
      const pair = await pairFor(name);
      const published = await publish(suite(), { name, failurePolicy: 'Fail', trusted: pair.ca });
      const start = await slowWebhooks(suite().folder, pair, ending);
      const running = await Promise.all([start(), start()]);
      await published.route(running);
      await untilMutated(suite(), hasTwinLabel, name);
      const counts = await underLoad({ ...loadIn(name), clients: 20 }, async () => {
        await restartAll({ running, start, route: published.route });
        // The drain lasts three seconds at least, and ends when the last connection has been used once more.
        await pause(5000);
      });
      await published.remove();
      tell(`rolling restart, ${tried}`, counts, broken);
    });

    test.each<[string, boolean, string]>([
      ['a patch that applies', false, '/metadata/labels/app'],
      ['a patch that does not apply', true, '/metadata/labels/none'],
    ])('under failurePolicy Ignore, %s', async (tried, broken, path) => {
      const name = `e2e-patch-${broken ? 'broken' : 'good'}`;
      const pair = await pairFor(name);
      const webhook = await startSmallWebhook({ pair, patchFor: () => [{ op: 'remove', path }] });
      const published = await publish(suite(), { name, failurePolicy: 'Ignore', trusted: pair.ca });
      await published.route([webhook]);
      const counts = await underLoad({ ...loadIn(name), clients: 2, isMutated: isWithoutApp }, () => pause(300));
      await published.remove();
      await webhook.close();
      tell(`Ignore, ${tried}`, counts, broken);
    });
  });
}

let rotations = 0;

type Steps = {
  readonly trust: Published['trust'];
  readonly serve: () => void;
  readonly old: string;
  readonly next: string;
};

const isWithoutApp = (pod: { readonly metadata: { readonly labels?: object } }): boolean =>
  !Object.hasOwn(pod.metadata.labels ?? {}, 'app');
