import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Asked, askAfterRest, askInParts, type Target } from '../support/idle.js';
import { pairFor } from '../support/published.js';
import { startReplica } from '../support/replica.js';
import type { GetSuite, Suite } from '../support/suite.js';
import { startSmallWebhook } from '../twins/small-webhook.js';

/** Around the 90 s after which an API server gives a connection up. */
const aroundPool = [89, 89.9, 90, 90.1, 91];

export type IdleChecks = {
  readonly aloft: Promise<Asked>;
  readonly keepAlive: Promise<Asked>;
  readonly headersTimeout: Promise<Asked>;
  readonly parts: Promise<readonly boolean[]>;
};

/**
 * Starts what takes two minutes of waiting, to run beside everything else: aloft, and two webhooks with one mistake
 * each. All three are asked without an API server in between.
 */
export async function startIdleChecks({ folder }: Suite): Promise<IdleChecks> {
  const certificates = join(folder.path, 'idle');
  mkdirSync(certificates);
  const replica = await startReplica(folder, { name: 'aloft-idle', args: ['--cert-dir', certificates] });
  await replica.untilReady();
  const ca = readFileSync(join(certificates, 'ca.crt'), 'utf8');
  const aloft: Target = { port: replica.port, ca, serverName: 'aloft.aloft-system.svc' };

  const pair = await pairFor('e2e-idle');
  const twin = async (mistake: {
    readonly keepAliveMs?: number;
    readonly headersTimeoutMs?: number;
  }): Promise<Asked> => {
    const { port } = await startSmallWebhook({ pair, ...mistake });
    return await askAfterRest({ port, ca: pair.ca, serverName: 'webhook.e2e-idle.svc' }, aroundPool);
  };
  return {
    // aloft itself lets go after 120 s.
    aloft: askAfterRest(aloft, [...aroundPool, 112]),
    keepAlive: twin({ keepAliveMs: 5000 }),
    headersTimeout: twin({ headersTimeoutMs: 60_000 }),
    parts: Promise.all([
      askInParts(aloft, 'head', 7),
      askInParts(aloft, 'head', 14),
      askInParts(aloft, 'body', 11),
      askInParts(aloft, 'body', 20),
    ]),
  };
}

export function describeIdle(suite: GetSuite, checks: () => Promise<IdleChecks>): void {
  describe('connections at rest', () => {
    let started: IdleChecks;
    beforeAll(async () => {
      started = await checks();
    });
    const tell = (tried: string, { asked, failed }: Asked): void =>
      suite().table.add({ tried, outcome: `${asked} requests, ${failed.length} failed` });

    test('requests around the 90 s of the pool are answered, also on connections never used', async () => {
      const asked = await started.aloft;
      tell('connections at rest for 89 to 112 s, used before or never', asked);
      expect(asked.failed).toEqual([]);
    }, 180_000);

    test.each([
      ['keep-alive of 5 s', 'keepAlive'],
      ["Node's headersTimeout of 60 s", 'headersTimeout'],
    ] as const)('broken twin: %s', async (mistake, check) => {
      const asked = await started[check];
      tell(`twin: ${mistake}`, asked);
      expect(asked.failed.length).toBeGreaterThan(0);
    });

    test('a client that takes its time is served, one that takes too much is not', async () => {
      const [head7, head14, body11, body20] = await started.parts;
      expect({ head7, head14, body11, body20 }).toEqual({ head7: true, head14: false, body11: true, body20: false });
      suite().table.add({
        tried: 'requests with a pause in the head (7, 14 s) or body (11, 20 s)',
        outcome: 'the shorter answered, the longer cut off',
      });
    });
  });
}
