import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runAloft } from '../support/aloft.js';
import { jsonPatch } from '../support/api.js';
import type { ApiServer } from '../support/control-plane.js';
import { type Installation, install, untilMutated } from '../support/installation.js';
import { aloft, createNamespace, paths } from '../support/objects.js';
import { until } from '../support/poll.js';
import type { GetSuite } from '../support/suite.js';
import type { Counts } from '../support/table.js';
import { isInSync, readTrust, type Trust } from '../support/trust.js';
import { underLoad } from '../support/under-load.js';

/** What others do to our objects, or to the API server, while Pods are created; all of it heals. */
export function describeHealing(suite: GetSuite): void {
  describe('it heals', () => {
    const namespace = 'e2e-healing';
    let installation: Installation;
    beforeAll(async () => {
      await createNamespace(suite().api, namespace);
      installation = await install(suite(), { flags: ['--trust-delay-seconds', '2'] });
    });
    afterAll(() => installation.remove());

    const trust = (): Promise<Trust> => readTrust(suite().api);
    const settled = (): Promise<Trust> =>
      until('Secret and bundles agree', async () => {
        const now = await trust();
        return isInSync(now) && !now.staged && now;
      });
    /** Under `failurePolicy: Ignore`, so that nothing may be refused, and what was not mutated shows how long it took. */
    const whileLoaded = async (
      tried: string,
      scenario: () => Promise<unknown>,
      apiServers: readonly ApiServer[] = suite().controlPlane.apiServers,
    ): Promise<Counts> => {
      const options = { apiServers: apiServers.map(({ access }) => access), namespace };
      const counts = await underLoad(options, async () => {
        await scenario();
        await untilMutated(suite());
        await pause(500);
      });
      suite().table.add({ tried, counts, outcome: 'healed' });
      expect(counts.refusals).toEqual([]);
      return counts;
    };
    const setBundles = async (bundle: string): Promise<void> => {
      const { webhooks } = await suite().api.read(paths.configuration());
      const body = webhooks.map((_: unknown, index: number) => ({
        op: 'replace',
        path: `/webhooks/${index}/clientConfig/caBundle`,
        value: Buffer.from(bundle).toString('base64'),
      }));
      await suite().api.call(paths.configuration(), { method: 'PATCH', body, contentType: jsonPatch });
    };

    test('the Secret is deleted: the same certificate comes back, and every Pod is mutated', async () => {
      const before = await settled();
      const counts = await whileLoaded('Secret deleted', async () => {
        await suite().api.call(paths.secret, { method: 'DELETE' });
        await until('the Secret is back', async () => (await trust()).ca === before.ca);
      });
      expect(counts.unmutated).toBe(0);
      expect((await settled()).trusted).toEqual(before.trusted);
    });

    test('the caBundle is emptied: it is published again', async () => {
      const before = await settled();
      const counts = await whileLoaded('caBundle emptied', async () => {
        await setBundles('');
        await until('bundles are back', async () => isInSync(await trust()));
      });
      expect((await trust()).bundles).toEqual(before.bundles);
      expect(counts.longestGapMs).toBeLessThan(10_000);
    });

    test('the manifests are applied again: nothing changes', async () => {
      const before = await settled();
      const counts = await whileLoaded('kubectl apply -k once more', () => installation.applyAgain());
      expect(counts.unmutated).toBe(0);
      expect(await trust()).toEqual(before);
    });

    test('the caBundle is rolled back to the generation before: the replicas follow it, and publish again', async () => {
      const before = await settled();
      expect((await runAloft(suite(), ['certs', 'rotate'])).code).toBe(0);
      const after = await until('the next generation is current', async () => {
        const now = await trust();
        return now.ca !== before.ca && isInSync(now) && !now.staged && now;
      });
      const counts = await whileLoaded('caBundle rolled back by one generation', async () => {
        // The same CA in other words: API servers have never dialled with this text, so none has a connection left.
        await setBundles(`${before.ca}\n`);
        await until('bundles are back', async () => isInSync(await trust()));
      });
      expect((await trust()).ca).toBe(after.ca);
      expect(counts.longestGapMs).toBeLessThan(10_000);
    });

    test('the caBundle loses the newline between two CAs, which Go then rejects as a whole: it is published again', async () => {
      const before = await settled();
      expect(before.trusted.length).toBeGreaterThan(1);
      const counts = await whileLoaded('caBundle without a newline between its CAs', async () => {
        await setBundles(before.trusted.join(''));
        await untilMutated(suite());
      });
      expect(counts.longestGapMs).toBeLessThan(10_000);
    });

    test('an API server restarts: the replicas go on, and find it again', async () => {
      const [first, ...others] = suite().controlPlane.apiServers;
      const tried = "kill -9 and restart of the replicas' API server, Pods through the other";
      const counts = await whileLoaded(tried, () => first.restart(), others);
      expect(counts.unmutated).toBe(0);
      for (const { isReady } of installation.replicas) expect(await isReady()).toBe(true);
      // What they do needs that API server.
      const before = await settled();
      expect((await runAloft(suite(), ['certs', 'rotate'])).code).toBe(0);
      await until('a rotation', async () => (await trust()).ca !== before.ca, { seconds: 90 });
    });

    test('the certificates are as they should be in the end', async () => {
      await settled();
      const { code, out } = await runAloft(suite(), ['certs', 'status']);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(aloft.secret) });
    });
  });
}
