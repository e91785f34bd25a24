import { describe, expect, test } from '@jest/globals';
import { joinBundle, parseBundle } from '../../src/certificates/bundle.js';
import { createKeeper, type KeeperDependencies, type News, parseConfiguration } from '../../src/certificates/keeper.js';
import type { CertificatePair } from '../../src/certificates/pair.js';
import { parseStored } from '../../src/certificates/stored.js';
import {
  configurationOf,
  createMemoryCluster,
  issueOurs,
  type MemoryCluster,
  ourNames,
  ourService,
  overwriteBundles,
  webhookOf,
} from '../support/cluster.js';

const day = 86_400_000;
const terms = { lifetime: 90 * day, renewAt: 0.667, trustDelay: 300_000 };

/** A keeper, what it told, and the CAs under which it was asked to serve. */
function createReplica(memory: MemoryCluster, parts: Partial<KeeperDependencies> = {}) {
  const news: News[] = [];
  const served: CertificatePair[] = [];
  const events: string[] = [];
  const keeper = createKeeper({
    cluster: memory.cluster,
    names: ourNames,
    service: ourService,
    terms,
    issue: (now) => issueOurs(now),
    serve: (pair) => {
      served.push(pair);
      return [];
    },
    tell: (one) => {
      news.push(one);
      if (one.kind === 'acted') events.push(`${one.action} ${one.result}`);
      if (one.kind === 'serving' || one.kind === 'refused') events.push(one.kind);
    },
    ...parts,
  });
  /** Ticks until there is nothing to do for now; when there may be again. */
  const settle = async (): Promise<number> => {
    for (let steps = 0; steps < 30; steps++) {
      const wait = await keeper.tick();
      if (wait > 0) return wait;
    }
    throw new Error(`still busy after 30 steps: ${events.slice(-6).join(', ')}`);
  };
  return { keeper, news, served, events, settle };
}

const installed = (): MemoryCluster =>
  createMemoryCluster({ secret: { version: '1', annotations: {}, data: {} }, configurations: [configurationOf()] });
const storedIn = (memory: MemoryCluster) =>
  parseStored(memory.secret ?? { version: '', annotations: {}, data: {} }, ourNames);
const later = (memory: MemoryCluster, ms: number): void => {
  memory.now = new Date(memory.now.getTime() + ms);
};
const lastOf = <T>(all: readonly T[]): T => all.at(-1) as T;

describe('the first start', () => {
  test('in an installation makes a certificate, serves it, and then has it trusted', async () => {
    const memory = installed();
    const { settle, events, served } = createReplica(memory);
    await settle();
    expect(events).toEqual(['install done', 'serving', 'trust done', 'record done']);
    expect(served).toHaveLength(1);
    const { current, trusted, published } = storedIn(memory);
    expect(current?.pair).toEqual(served[0]);
    expect(published?.at).toBe(memory.now.getTime());
    for (const { caBundle } of memory.configurations[0]?.webhooks ?? []) expect(caBundle).toBe(joinBundle(trusted));
    expect(trusted).toEqual([current?.ca]);
  });

  test('where the Secret is missing makes that too', async () => {
    const memory = createMemoryCluster({ configurations: [configurationOf()] });
    const { settle, events } = createReplica(memory);
    await settle();
    expect(events).toEqual(['create done', 'install done', 'serving', 'trust done', 'record done']);
  });

  test('without a webhook configuration serves, looks each minute, and has it trusted once there is one', async () => {
    const memory = createMemoryCluster();
    const { settle, events, served } = createReplica(memory);
    expect(await settle()).toBe(60_000);
    expect(served).toHaveLength(1);
    memory.configurations = [
      configurationOf(),
      configurationOf({ kind: 'ValidatingWebhookConfiguration', uid: 'uid-2' }),
    ];
    await settle();
    expect(events.slice(-3)).toEqual(['trust done', 'trust done', 'record done']);
  });

  test('of a second replica serves what is there, and changes nothing', async () => {
    const memory = installed();
    const first = createReplica(memory);
    await first.settle();
    const { secret, configurations } = memory;
    const second = createReplica(memory);
    await second.settle();
    expect(second.events).toEqual(['serving']);
    expect(second.served).toEqual(first.served);
    expect([memory.secret, memory.configurations]).toEqual([secret, configurations]);
  });

  test('of two at once: one loses each race, and both serve the same', async () => {
    const memory = createMemoryCluster({ configurations: [configurationOf()] });
    const replicas = [createReplica(memory), createReplica(memory)];
    for (let steps = 0; steps < 8; steps++) await Promise.all(replicas.map(({ keeper }) => keeper.tick()));
    const all = replicas.flatMap(({ events }) => events);
    for (const action of ['install', 'trust', 'record'])
      expect(all.filter((event) => event.startsWith(action)).sort()).toEqual([`${action} conflict`, `${action} done`]);
    const [one, other] = replicas.map(({ served }) => served);
    expect(one).toHaveLength(1);
    expect(other).toEqual(one);
    expect(storedIn(memory).current?.pair).toEqual(one?.[0]);
  });
});

describe('a rotation', () => {
  test.each<[string, string, number]>([
    ['now: the next is trusted for five minutes before anyone serves it', 'now', 300_000],
    ['compromised: after one minute', 'compromised', 60_000],
  ])('%s', async (_, rotate, delay) => {
    const memory = installed();
    const { settle, events, served } = createReplica(memory);
    await settle();
    const old = storedIn(memory).current;
    events.length = 0;
    const version = memory.secret?.version ?? '';
    await memory.cluster.patchSecret({ version, annotations: { 'aloft.dev/rotate': rotate }, data: {} });
    expect(await settle()).toBe(delay);
    expect(events).toEqual(['stage done', 'trust done', 'record done']);
    later(memory, delay - 1);
    expect(await settle()).toBe(1);
    expect(served).toHaveLength(1);
    later(memory, 1);
    await settle();
    expect(events.slice(3)).toEqual(['promote done', 'serving']);
    const { current, previous, next, trusted, rotate: wish } = storedIn(memory);
    expect(served[1]).toEqual(current?.pair);
    expect(previous).toEqual(old);
    expect([next, wish]).toEqual([undefined, undefined]);
    expect(trusted).toEqual([old?.ca, current?.ca]);
  });

  test('by age: when two thirds of the life are over', async () => {
    const memory = installed();
    const { settle, events } = createReplica(memory);
    await settle();
    later(memory, 60 * day - 3_700_000);
    await settle();
    expect(events).not.toContain('stage done');
    later(memory, 7_200_000);
    await settle();
    expect(events).toContain('stage done');
  });
});

describe('when somebody keeps rewriting the bundle,', () => {
  test('it answers five times, then waits longer and longer, and names the writers', async () => {
    const memory = installed();
    const { keeper, settle, events, news } = createReplica(memory);
    await settle();
    const waits: number[] = [];
    for (let rewrites = 0; rewrites < 7; rewrites++) {
      overwriteBundles(memory, 'aloft', '', 'argocd-controller');
      let wait = await keeper.tick();
      for (let steps = 0; wait === 0 && steps < 3; steps++) wait = await keeper.tick();
      if (lastOf(news).kind !== 'waiting') continue;
      waits.push(wait);
      expect(lastOf(news)).toEqual({
        kind: 'waiting',
        because: 'someone keeps rewriting the caBundle of MutatingWebhookConfiguration/aloft',
        managers: ['argocd-controller', 'aloft-certificates'],
      });
      later(memory, wait);
      await settle();
    }
    // The first of the five was that of the start.
    expect(events.filter((event) => event === 'trust done')).toHaveLength(5 + waits.length);
    expect(waits).toEqual([10_000, 20_000, 40_000]);
  });

  test('all is well is no wait that is told', async () => {
    const { settle, news } = createReplica(installed());
    await settle();
    expect(news.filter(({ kind }) => kind === 'waiting')).toEqual([]);
  });
});

test('a pair that is refused leaves the old one, is told, and is tried again', async () => {
  const memory = installed();
  const served: CertificatePair[] = [];
  let refuse: readonly string[] = [];
  const { settle, keeper, events, news } = createReplica(memory, {
    serve: (pair) => {
      if (refuse.length === 0) served.push(pair);
      return refuse;
    },
  });
  await settle();
  refuse = ['key does not belong to certificate'];
  const { version = '' } = memory.secret ?? {};
  await memory.cluster.patchSecret({ version, annotations: { 'aloft.dev/rotate': 'now' }, data: {} });
  await settle();
  later(memory, 300_000);
  await settle();
  expect(served).toHaveLength(1);
  expect(news).toContainEqual({ kind: 'refused', problems: refuse });
  // It goes on taking its part.
  expect(lastOf(events)).toBe('refused');
  expect(events).toContain('promote done');
  refuse = [];
  await keeper.tick();
  expect(lastOf(events)).toBe('serving');
  expect(served[1]).toEqual(storedIn(memory).current?.pair);
});

describe('what it cannot do is thrown, and the next look goes on:', () => {
  test.each(['readSecret', 'readWebhookConfigurations', 'createSecret', 'patchSecret', 'patchCaBundles'] as const)(
    '%s',
    async (broken) => {
      const memory = createMemoryCluster({ configurations: [configurationOf()] });
      const { settle, events } = createReplica(memory);
      memory.before = (call) => {
        if (call === broken) throw new Error(`cannot ${call}`);
      };
      await expect(settle()).rejects.toThrow(new Error(`cannot ${broken}`));
      memory.before = () => undefined;
      await settle();
      expect(lastOf(events)).toBe('record done');
    },
  );

  test('a certificate that cannot be read after all', async () => {
    const memory = installed();
    const { settle } = createReplica(memory, { issue: async () => ({ cert: 'a', key: 'b', ca: 'c' }) });
    await expect(settle()).rejects.toThrow('the certificate that was just issued cannot be read');
    expect(memory.secret?.data).toEqual({});
  });
});

describe('it tells', () => {
  test('how far it is, whether the bundles agree, and by how much its clock is ahead', async () => {
    const memory = installed();
    memory.now = new Date(Date.now() - 600_000);
    const { settle, news } = createReplica(memory);
    await settle();
    const seen = news.flatMap((one) => (one.kind === 'seen' ? [one] : []));
    expect(seen.map(({ phase, inSync }) => [phase, inSync])).toEqual([
      ['absent', true],
      ['stable', false],
      ['stable', true],
      ['stable', true],
    ]);
    for (const { skewSeconds } of seen) expect(Math.abs(skewSeconds - 600)).toBeLessThan(30);
  });

  test('that a Secret that is missing is not in sync', async () => {
    const { keeper, news } = createReplica(createMemoryCluster());
    await keeper.tick();
    expect(news[0]).toMatchObject({ kind: 'seen', phase: 'absent', inSync: false });
  });
});

test('only what leads to our Service is looked at, and patched', async () => {
  const webhooks = [
    webhookOf('pods.aloft.dev'),
    webhookOf('far.example', { service: { namespace: 'elsewhere', name: 'aloft' }, caBundle: 'theirs' }),
    webhookOf('beside.example', { service: { namespace: 'aloft-system', name: 'other' }, caBundle: 'theirs' }),
    { name: 'url.example', caBundle: 'theirs' },
  ];
  const memory = createMemoryCluster({ configurations: [configurationOf({ webhooks })] });
  await createReplica(memory).settle();
  const [ours, ...others] = memory.configurations[0]?.webhooks ?? [];
  expect(parseBundle(ours?.caBundle ?? '').cas).toHaveLength(1);
  expect(others).toEqual(webhooks.slice(1));
  expect(parseConfiguration(configurationOf({ webhooks }), ourService)).toEqual({
    name: 'MutatingWebhookConfiguration/aloft',
    version: 'uid-1/1',
    entries: [{ name: 'pods.aloft.dev', trusts: [], foreign: false }],
  });
});

test('what it says never holds a key; only what it serves does', async () => {
  const memory = installed();
  const { settle, news } = createReplica(memory);
  await settle();
  expect(JSON.stringify(news.filter(({ kind }) => kind !== 'serving'))).not.toMatch(/BEGIN|PRIVATE/);
});
