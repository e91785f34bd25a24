import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ClusterAccess, openCluster } from '../../src/cluster/access.js';
import { eventually } from '../support/admission.js';
import { type ApiServer, startApiServer, writeKubeconfig } from '../support/api-server.js';

const secrets = '/api/v1/namespaces/aloft-system/secrets';
const watched = { path: secrets, name: 'aloft-tls' };

const saved = process.env['KUBECONFIG'];
afterAll(() => {
  if (saved === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = saved;
});

let api: ApiServer;
let access: ClusterAccess;
let stopping: AbortController;
beforeEach(async () => {
  api = await startApiServer();
  process.env['KUBECONFIG'] = await writeKubeconfig(api.url);
  access = openCluster({ namespace: 'aloft-system', secret: 'aloft-tls', webhookConfigurations: ['aloft'] });
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort();
  await api.close();
});

/** Follows, and counts how often it was told of a change. */
function follow(what: Parameters<ClusterAccess['follow']>[0] = watched) {
  let changes = 0;
  const ended = access.follow(what, () => void changes++, stopping.signal);
  return { changes: () => changes, ended };
}

const open = () => eventually(api.watches, (count) => count === 1);

describe('asks', () => {
  test.each<[string, Parameters<ClusterAccess['follow']>[0], object]>([
    [
      'for the one object of a name',
      watched,
      { path: secrets, query: { watch: 'true', fieldSelector: 'metadata.name=aloft-tls', timeoutSeconds: '300' } },
    ],
    [
      'for all objects of a kind',
      { path: '/api/v1/namespaces' },
      { path: '/api/v1/namespaces', query: { watch: 'true', timeoutSeconds: '300' } },
    ],
  ])('%s', async (_, what, asked) => {
    follow(what);
    await open();
    expect(api.asked).toEqual([{ method: 'GET', type: undefined, body: undefined, ...asked }]);
  });
});

test('tells of each event', async () => {
  const { changes } = follow();
  await open();
  expect(changes()).toBe(0);
  api.announce();
  await eventually(changes, (count) => count === 1);
  api.announce();
  await eventually(changes, (count) => count === 2);
});

describe('opens a watch again', () => {
  test.each<[string, () => void]>([
    ['that ended', () => api.breakWatches('end')],
    ['that was cut', () => api.breakWatches('cut')],
  ])('%s', async (_, spoil) => {
    const { changes } = follow();
    await open();
    spoil();
    await eventually(
      () => api.asked.length,
      (count) => count === 2,
    );
    await open();
    api.announce();
    await eventually(changes, (count) => count === 1);
  });

  test('when the server is back on its port', async () => {
    const { changes } = follow();
    await open();
    await api.close();
    api = await startApiServer({ port: api.port });
    await open();
    api.announce();
    await eventually(changes, (count) => count === 1);
  });
});

test('asks less and less often where it is forbidden, and tells of nothing', async () => {
  api.fault = () => ({ status: 403, message: 'forbidden' });
  const since = performance.now();
  const { changes } = follow();
  await eventually(
    () => api.asked.length,
    (count) => count === 3,
  );
  // 1 s, then 2 s.
  expect(performance.now() - since).toBeGreaterThan(2900);
  expect(performance.now() - since).toBeLessThan(9000);
  expect(changes()).toBe(0);
  api.fault = () => undefined;
}, 10_000);

describe('stops when it is told to', () => {
  const withinMs = async (ended: Promise<void>): Promise<number> => {
    const since = performance.now();
    stopping.abort();
    await ended;
    return performance.now() - since;
  };

  test('while a watch is open', async () => {
    const { ended } = follow();
    await open();
    expect(await withinMs(ended)).toBeLessThan(2000);
    expect(await eventually(api.watches, (count) => count === 0)).toBe(0);
  });

  test('while it waits to try again', async () => {
    api.fault = () => ({ status: 403, message: 'forbidden' });
    const { ended } = follow();
    await eventually(
      () => api.asked.length,
      (count) => count === 1,
    );
    expect(await withinMs(ended)).toBeLessThan(2000);
    expect(api.asked).toHaveLength(1);
  });

  test('while the server does not answer', async () => {
    api.fault = () => 'hang';
    const { ended } = follow();
    await eventually(
      () => api.asked.length,
      (count) => count === 1,
    );
    expect(await withinMs(ended)).toBeLessThan(2000);
  });

  test('before it began', async () => {
    stopping.abort();
    await follow().ended;
    expect(api.asked).toEqual([]);
  });
});

test('goes on where the way to the API server cannot be worked out for a moment', async () => {
  let attempts = 0;
  const broken = {
    watch: async () => {
      attempts++;
      throw new Error('the exec plugin failed');
    },
  };
  const { follow: run } = await import('../../src/cluster/follow.js');
  const ended = run(
    { watch: broken } as unknown as Parameters<typeof run>[0],
    watched,
    () => undefined,
    stopping.signal,
  );
  ended.catch(() => undefined);
  await eventually(
    () => attempts,
    (count) => count === 2,
  );
});
