import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { CertificatePair } from '../../../src/certificates/pair.js';
import type { ClusterAccess } from '../../../src/cluster/access.js';
import { openSecret } from '../../../src/commands/serve/secret-source.js';
import { eventually } from '../../support/admission.js';
import {
  accessTo,
  configurationOf,
  createMemoryCluster,
  createTelemetry,
  type MemoryCluster,
  ourNames,
  ourService,
  overwriteBundles,
} from '../../support/cluster.js';

const day = 86_400_000;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  jest.useRealTimers();
});

type Wishes = {
  readonly memory?: MemoryCluster;
  readonly follow?: ClusterAccess['follow'];
  readonly ips?: readonly string[];
};

/** A source as `aloft serve` opens it, and the pairs that it handed over. */
function open({
  memory = createMemoryCluster({ configurations: [configurationOf()] }),
  follow,
  ips = [],
}: Wishes = {}) {
  const served: CertificatePair[] = [];
  let refusal: readonly string[] = [];
  const { access, poke, followed } = accessTo(memory);
  const told = createTelemetry();
  const terms = { lifetime: 90 * day, renewAt: 0.667, trustDelay: 300_000 };
  const demand = { service: ourService, terms, names: ourNames, ips };
  const source = openSecret({ ...access, ...(follow && { follow }) }, demand, told.telemetry);
  stops.push(source.stop);
  const start = (): void =>
    source.start((pair) => {
      if (refusal.length === 0) served.push(pair);
      return refusal;
    });
  const refuse = (problems: readonly string[]): void => {
    refusal = problems;
  };
  const settled = () => eventually(() => told.lines().some(({ action }) => action === 'record'), Boolean, 20_000);
  return { memory, source, start, served, refuse, poke, followed, settled, ...told };
}

const rotate = (memory: MemoryCluster): Promise<unknown> =>
  memory.cluster.patchSecret({
    version: memory.secret?.version ?? '',
    annotations: { 'aloft.dev/rotate': 'now' },
    data: {},
  });
const reads = ({ calls }: MemoryCluster): number => calls.filter((call) => call === 'readWebhookConfigurations').length;
const down = (): never => {
  throw new Error('cannot read Secret aloft-system/aloft-tls: fetch failed (connect ECONNREFUSED 10.0.0.1:443)');
};

describe('in a cluster that answers', () => {
  test('hands over a certificate, publishes it, and says so in lines and metrics', async () => {
    const { source, start, served, settled, lines, samples, memory, followed } = open({ ips: ['10.0.0.7'] });
    expect(source.problems(new Date())).toEqual(['none yet']);
    start();
    await settled();
    expect(source.problems(memory.now)).toEqual([]);
    expect(served).toHaveLength(1);
    expect(followed.map(({ watched }) => watched.path)).toEqual(['/secrets', '/mutating']);
    expect(lines().map(({ msg, action, result }) => [msg, action, result].filter(Boolean).join(' '))).toEqual(
      expect.arrayContaining([
        'certificate step create done',
        'certificate step install done',
        'certificate loaded',
        'certificate step trust done',
        'certificate step record done',
      ]),
    );
    const [loaded] = lines().filter(({ msg }) => msg === 'certificate loaded');
    expect(loaded).toMatchObject({
      ca: expect.stringMatching(/^([0-9A-F]{2}:){3}[0-9A-F]{2}$/),
      expires: '2027-02-19T05:00:00.000Z',
    });
    const [trust] = lines().filter(({ action }) => action === 'trust');
    expect(trust).toMatchObject({ configuration: 'MutatingWebhookConfiguration/aloft' });
    expect(await samples('aloft_certificate_not_after_seconds')).toEqual([
      `aloft_certificate_not_after_seconds ${Date.parse('2027-02-19T05:00:00Z') / 1000}`,
    ]);
    expect(await samples('aloft_certificate_reloads_total')).toContain(
      'aloft_certificate_reloads_total{result="loaded"} 1',
    );
    expect(await samples('aloft_certificate_actions_total')).toContain(
      'aloft_certificate_actions_total{action="install",result="done"} 1',
    );
    await eventually(
      () => samples('aloft_ca_bundle_in_sync'),
      ([line]) => line === 'aloft_ca_bundle_in_sync 1',
    );
    expect(await samples('aloft_certificate_phase')).toContain('aloft_certificate_phase{phase="stable"} 1');
  }, 30_000);

  test('says when what it serves has expired', async () => {
    const { source, start, settled } = open();
    start();
    await settled();
    expect(source.problems(new Date('2027-02-21T05:00:00Z'))).toEqual(['expired on 2027-02-19T05:00:00.000Z']);
  }, 30_000);

  test('looks again as soon as a watch says so, and not before', async () => {
    const { start, settled, poke, memory } = open();
    start();
    await settled();
    await eventually(
      () => memory.calls.length,
      (count, before = memory.calls.length) => count === before,
    );
    const before = reads(memory);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const calm = reads(memory);
    expect(calm - before).toBeLessThan(2);
    poke();
    await eventually(
      () => reads(memory),
      (count) => count > calm,
      1000,
    );
  }, 30_000);

  test('goes on without watches, and says so', async () => {
    const { start, settled, served, lines } = open({ follow: () => Promise.reject(new Error('no watch')) });
    start();
    await settled();
    expect(served).toHaveLength(1);
    expect(lines().filter(({ msg }) => msg === 'watch failed')).toHaveLength(2);
  }, 30_000);

  test('asks no more after it was stopped', async () => {
    const { start, settled, source, poke, memory } = open();
    start();
    await settled();
    source.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = memory.calls.length;
    poke();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(memory.calls.length).toBe(before);
  }, 30_000);
});

describe('while the API server cannot be asked', () => {
  test('tries again later and later, a quarter of a minute at most; says why once, and counts', async () => {
    jest.useFakeTimers();
    const times: number[] = [];
    const memory = createMemoryCluster({
      before: () => {
        times.push(Date.now());
        down();
      },
    });
    const { source, start, lines, samples } = open({ memory });
    start();
    await jest.advanceTimersByTimeAsync(150_000);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    const wanted = [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000];
    expect(gaps.slice(0, wanted.length).map((gap) => Math.floor(gap / 500) * 500)).toEqual(wanted);
    expect(source.problems(new Date())).toEqual([
      'none yet (cannot read Secret aloft-system/aloft-tls: fetch failed (connect ECONNREFUSED 10.0.0.1:443))',
    ]);
    expect(lines()).toMatchObject([{ level: 'warn', msg: 'certificates cannot be kept for now, trying again' }]);
    expect(await samples('aloft_cluster_failures_total')).toEqual([`aloft_cluster_failures_total ${times.length}`]);
  });

  test('an event ends the wait', async () => {
    jest.useFakeTimers();
    const memory = createMemoryCluster({ before: down });
    const { start, poke } = open({ memory });
    start();
    await jest.advanceTimersByTimeAsync(40_000);
    const before = reads(memory);
    poke();
    await jest.advanceTimersByTimeAsync(1);
    expect(reads(memory)).toBe(before + 1);
  });

  test('it serves what it has, and is as quick as ever when the API server is back', async () => {
    const { start, settled, source, poke, memory, lines } = open();
    start();
    await settled();
    memory.before = down;
    for (let failures = 1; failures < 4; failures++) {
      poke();
      const before = reads(memory);
      await eventually(
        () => reads(memory),
        (count) => count > before,
      );
    }
    expect(source.problems(memory.now)).toEqual([]);
    expect(lines().filter(({ msg }) => msg === 'certificates cannot be kept for now, trying again')).toHaveLength(1);
    memory.before = () => undefined;
    await rotate(memory);
    poke();
    await eventually(() => lines().some(({ action }) => action === 'stage'), Boolean, 10_000);
  }, 40_000);
});

test('steps that lead nowhere do not become a storm', async () => {
  jest.useFakeTimers();
  const memory = createMemoryCluster();
  // Whatever is created is gone again.
  memory.before = (call) => {
    if (call === 'readSecret') memory.secret = undefined;
  };
  const { start } = open({ memory });
  start();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(reads(memory)).toBe(100);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(reads(memory)).toBeLessThanOrEqual(104);
});

test('who keeps rewriting the bundle is named, once', async () => {
  const { start, settled, poke, memory, lines } = open();
  const waiting = () => lines().filter(({ msg }) => msg === 'waiting');
  start();
  await settled();
  for (let rewrites = 0; rewrites < 8 && waiting().length === 0; rewrites++) {
    overwriteBundles(memory, 'aloft', '', 'argocd-controller');
    const before = reads(memory);
    poke();
    await eventually(
      () => reads(memory),
      (count) => count > before + 1 || waiting().length > 0,
    );
  }
  poke();
  await eventually(
    () => reads(memory),
    (count, before = reads(memory)) => count >= before,
  );
  expect(waiting()).toMatchObject([
    {
      level: 'warn',
      because: 'someone keeps rewriting the caBundle of MutatingWebhookConfiguration/aloft',
      managers: ['argocd-controller', 'aloft-certificates'],
    },
  ]);
}, 30_000);

test('no line of a whole life holds a key or a certificate, whatever goes wrong', async () => {
  const { start, settled, poke, memory, log, lines, refuse } = open();
  start();
  await settled();
  await rotate(memory);
  poke();
  await eventually(
    () => lines().filter(({ action }) => action === 'record').length,
    (count) => count === 2,
    10_000,
  );
  refuse(['key does not belong to certificate']);
  memory.now = new Date(memory.now.getTime() + 300_000);
  poke();
  await eventually(() => lines().some(({ msg }) => String(msg).startsWith('certificate rejected')), Boolean);
  memory.before = down;
  poke();
  await eventually(() => lines().some(({ problem }) => problem), Boolean);
  expect(lines().map(({ msg }) => msg)).toContain('certificate rejected, the last good one is served');
  expect(log.join('')).not.toMatch(/BEGIN|PRIVATE|MII[A-Z]/);
}, 40_000);

test('a clock that is off is told, once', async () => {
  const { start, settled, poke, memory, lines } = open({
    memory: createMemoryCluster({ now: new Date(Date.now() - 3_600_000), configurations: [configurationOf()] }),
  });
  start();
  await settled();
  const before = reads(memory);
  poke();
  await eventually(
    () => reads(memory),
    (count) => count > before,
  );
  const skews = lines().filter(({ msg }) => msg === 'clock differs from that of the API server, which counts');
  expect(skews).toHaveLength(1);
  expect(Number(skews[0]?.['skewSeconds'])).toBeGreaterThan(3590);
}, 30_000);
