import { afterEach, describe, expect, test } from '@jest/globals';
import { runAloft } from '../support/aloft.js';
import { type Installation, install } from '../support/installation.js';
import { aloft, createNamespace } from '../support/objects.js';
import { until } from '../support/poll.js';
import type { GetSuite } from '../support/suite.js';
import { isInSync, readTrust, type Trust } from '../support/trust.js';
import { probeTrust } from '../support/trust-probe.js';
import { underLoad } from '../support/under-load.js';

/** Certificates from nothing, and through rotations. */
export function describeCertificates(suite: GetSuite): void {
  describe('certificates', () => {
    let installation: Installation | undefined;
    afterEach(() => installation?.remove());
    const trust = (): Promise<Trust> => readTrust(suite().api);

    test('two replicas that start at once with nothing make one generation, and serve it', async () => {
      const took: number[] = [];
      for (let round = 0; round < 3; round++) {
        installation = await install(suite());
        took.push(installation.readyInMs);
        const [one, other] = installation.replicas;
        expect(await one?.fingerprint()).toBe(await other?.fingerprint());
        const seen = await trust();
        expect(seen.trusted).toEqual([seen.ca.trim()]);
        expect(isInSync(seen)).toBe(true);
        const status = await runAloft(suite(), ['certs', 'status']);
        expect({ code: status.code, err: status.err }).toEqual({ code: 0, err: '' });
        await installation.remove();
      }
      const slowest = Math.round(Math.max(...took));
      suite().table.add({
        tried: 'two replicas at once, from nothing, 3 times',
        outcome: `ready within ${slowest} ms`,
      });
    });

    test('rotations under load: renewed in time, asked for, and compromised', async () => {
      const namespace = 'e2e-rotation';
      await createNamespace(suite().api, namespace);
      const apiServers = suite().controlPlane.apiServers.map(({ access }) => access);
      installation = await install(suite(), { failurePolicy: 'Fail', flags: shortLives });
      const { replicas } = installation;
      const probe = probeTrust({
        apiServers,
        configuration: aloft.configuration,
        serverName: `${aloft.service}.${aloft.namespace}.svc`,
        ports: () => replicas.map(({ port }) => port),
      });
      const rotated = (since: Trust): Promise<Trust> =>
        until('the next generation is current', () => changed(since, trust), { seconds: 90 });
      const counts = await underLoad({ apiServers, namespace, dryRun: false }, async () => {
        const first = await trust();
        const renewed = await rotated(first);
        expect((await runAloft(suite(), ['certs', 'rotate'])).code).toBe(0);
        const wanted = await rotated(renewed);
        expect((await runAloft(suite(), ['certs', 'rotate', '--compromised'])).code).toBe(0);
        const safe = await rotated(wanted);
        const pruned = await until('what was compromised is trusted no more', async () => {
          const now = await trust();
          return isInSync(now) && !now.trusted.includes(wanted.ca.trim()) && now;
        });
        expect(pruned.trusted).not.toContain(renewed.ca.trim());
        expect(new Set([first, renewed, wanted, safe].map(({ ca }) => ca)).size).toBe(4);
      });
      const { handshakes, failed } = await probe.stop();
      const outcome = `3 generations or more, ${handshakes} handshakes, ${failed.length} failed`;
      suite().table.add({ tried: 'rotations, failurePolicy Fail, 2 API servers', counts, outcome });
      const { unmutated, refusals } = counts;
      expect({ failed, unmutated, refusals }).toEqual({ failed: [], unmutated: 0, refusals: [] });
      expect(counts.mutated).toBeGreaterThan(100);
      // Logs are written with a delay.
      await until('every step stands in the logs', () => {
        const taken = new Set(replicas.flatMap(stepsOf));
        return ['install', 'stage', 'trust', 'record', 'promote', 'prune'].every((step) => taken.has(step));
      });
    }, 240_000);
  });
}

/** Certificates start an hour in the past: of two minutes more, these are renewed after fifteen seconds. */
const shortLives = [
  '--cert-lifetime-days',
  String(120 / 86_400),
  '--cert-renew-at',
  String((3600 + 15) / (3600 + 120)),
  '--trust-delay-seconds',
  '3',
];

const changed = async (since: Trust, look: () => Promise<Trust>): Promise<Trust | undefined> => {
  const now = await look();
  return now.ca === since.ca ? undefined : now;
};

const stepsOf = ({ lines }: Installation['replicas'][number]): readonly unknown[] =>
  lines().flatMap(({ msg, action, result }) => (msg === 'certificate step' && result === 'done' ? [action] : []));
