import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Installation, install } from '../support/installation.js';
import { startLoad } from '../support/load.js';
import { createNamespace } from '../support/objects.js';
import { until } from '../support/poll.js';
import type { Ended } from '../support/processes.js';
import type { Replica } from '../support/replica.js';
import { startShedding } from '../support/shedding.js';
import type { GetSuite } from '../support/suite.js';
import type { Counts } from '../support/table.js';
import { restartAll, type Server, underLoad } from '../support/under-load.js';

/** Replicas come and go while Pods are created without pause. */
export function describeReplicas(suite: GetSuite): void {
  describe('replicas under load', () => {
    const namespace = 'e2e-replicas';
    let installation: Installation;
    let current: readonly Server<Ended>[];
    // What API servers keep in their pools ends after 90 s of rest: replicas that were told to go end meanwhile.
    const leaving: Promise<Ended>[] = [];
    beforeAll(async () => {
      await createNamespace(suite().api, namespace);
      installation = await install(suite(), { failurePolicy: 'Fail' });
      current = installation.replicas.map(asServer);
    });
    afterAll(() => installation.remove());

    const load = () => ({ apiServers: suite().controlPlane.apiServers.map(({ access }) => access), namespace });
    const tell = (tried: string, counts: Counts, outcome: string): void =>
      suite().table.add({ tried, counts, outcome });
    const allMutated = { unmutated: 0, refusals: [] };

    test('a rolling restart fails no request', async () => {
      const counts = await underLoad({ ...load(), clients: 20 }, async () => {
        const fleet = { running: current, start: async () => asServer(await ready()), route: installation.route };
        const rolled = await restartAll(fleet);
        current = rolled.running;
        leaving.push(...rolled.ending);
        // The least time that a drain takes.
        await pause(16_000);
      });
      tell('rolling restart of both replicas, failurePolicy Fail', counts, 'every Pod mutated');
      expect(counts).toMatchObject(allMutated);
    });
    const ready = async (): Promise<Replica> => {
      const replica = await installation.startReplica();
      await replica.untilReady();
      return replica;
    };

    test('one replica always sheds its load: the others take it', async () => {
      const shedding = await startShedding(suite().api);
      const next = await Promise.all([ready(), ready()]);
      await installation.route([...current, shedding]);
      const counts = await underLoad(load(), async () => {
        // A replica that drains closes each connection after its answer, so that API servers dial for every request.
        leaving.push(...current.map(({ stop }) => stop()));
        await until('it was asked', () => shedding.asked() > 200);
        current = next.map(asServer);
        await installation.route(current);
      });
      tell('one of three replicas always answers 503', counts, `${shedding.asked()} turned away, every Pod mutated`);
      await shedding.close();
      expect(counts).toMatchObject(allMutated);
    });

    test('kill -9 of a replica: under Fail only what was on its way is refused, until it is routed around', async () => {
      const [victim, ...others] = current;
      const running = startLoad(load());
      await until('the load runs', () => running.counts().mutated > 200);
      const replica = installation.replicas.find(({ port }) => port === victim?.port);
      await replica?.end('SIGKILL');
      await installation.route(others);
      // Connections that were dialled before; from here on nothing may fail any more.
      await pause(500);
      const after = await underLoad(load(), () => pause(1000));
      const counts = await running.stop();
      current = [...others, asServer(await ready())];
      await installation.route(current);
      tell('kill -9 of one replica, failurePolicy Fail', counts, `${after.refused} refused once it was routed around`);
      expect(after).toMatchObject(allMutated);
      // Eight clients: one request of each on the dead replica's connections, and a few that dialled it.
      expect(counts.refused).toBeLessThan(60);
    });

    test('the replicas that were told to go ended by themselves', async () => {
      const ends = await Promise.all(leaving);
      expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null })));
      const cut = installation.replicas.flatMap(({ lines }) =>
        lines().flatMap((line) => (line['msg'] === 'stopped' ? [line['cut']] : [])),
      );
      const outcome = `ended with code 0, ${cut.join(' + ')} connections cut`;
      suite().table.add({ tried: `SIGTERM to ${ends.length} replicas, in sum`, outcome });
      expect(cut).toEqual([0, 0, 0, 0]);
    }, 150_000);
  });
}

const asServer = ({ port, end }: Replica): Server<Ended> => ({ port, stop: () => end('SIGTERM') });
