import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { followNamespaces, needsNamespaceLabels } from '../../../src/commands/serve/namespaces.js';
import { accessTo, createMemoryCluster, createTelemetry } from '../../support/cluster.js';
import { policyOf } from '../../support/reviewing.js';

describe('the labels', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    stopping.abort();
    jest.useRealTimers();
  });

  let stopping: AbortController;
  function start(before: () => void = () => undefined) {
    stopping = new AbortController();
    const memory = createMemoryCluster({ namespaces: [{ name: 'shop', labels: { team: 'cart' } }], before });
    const { access, poke, followed } = accessTo(memory);
    const { telemetry, lines } = createTelemetry();
    const namespaces = followNamespaces(access, telemetry.logger, stopping.signal);
    return { memory, poke, followed, lines, namespaces };
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const refuse = (): never => {
    throw new Error('cannot list namespaces: the API server says 403 no');
  };

  test('are unknown until they were read, and nobody else is asked', async () => {
    const { namespaces, followed } = start();
    expect([namespaces.known(), namespaces.labelsOf('shop')]).toEqual([false, undefined]);
    await pass(0);
    expect([namespaces.known(), namespaces.labelsOf('shop')]).toEqual([true, { team: 'cart' }]);
    expect(namespaces.labelsOf('elsewhere')).toBeUndefined();
    expect(followed.map(({ watched }) => watched)).toEqual([{ path: '/namespaces' }]);
  });

  test('are read again when something changed, and every minute', async () => {
    const { memory, namespaces, poke } = start();
    await pass(0);
    memory.namespaces = [
      { name: 'shop', labels: { team: 'till' } },
      { name: 'new', labels: {} },
    ];
    poke();
    await pass(2000);
    expect([namespaces.labelsOf('shop'), namespaces.labelsOf('new')]).toEqual([{ team: 'till' }, {}]);
    memory.namespaces = [];
    await pass(61_000);
    expect(namespaces.labelsOf('shop')).toEqual({ team: 'till' });
    await pass(1000);
    expect(namespaces.labelsOf('shop')).toBeUndefined();
  });

  test('are read every two seconds at most, however many namespaces change', async () => {
    const { memory, poke } = start();
    for (let changes = 0; changes < 100; changes++) {
      poke();
      await pass(100);
    }
    expect(memory.calls.length).toBeLessThanOrEqual(6);
  });

  test('are asked for later and later while they cannot be read, and that is said once', async () => {
    const { memory, namespaces, lines } = start(refuse);
    await pass(7000);
    expect(memory.calls).toHaveLength(4);
    expect(namespaces.known()).toBe(false);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      level: 'warn',
      msg: 'namespaces cannot be read, trying again',
      problem: 'cannot list namespaces: the API server says 403 no',
    });
    memory.before = () => undefined;
    await pass(8000);
    expect(namespaces.known()).toBe(true);
  });

  test('stay what they were while nobody answers', async () => {
    const { memory, namespaces } = start();
    await pass(0);
    memory.before = refuse;
    await pass(180_000);
    expect(memory.calls.length).toBeGreaterThan(3);
    expect(namespaces.labelsOf('shop')).toEqual({ team: 'cart' });
  });

  test('are read no more after the end', async () => {
    const { memory } = start();
    await pass(0);
    stopping.abort();
    await pass(600_000);
    expect(memory.calls).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});

const labels = { namespaceLabels: { team: 'cart' } };
test.each<[string, object, boolean]>([
  ['no rules', { rules: [] }, false],
  ['a rule for names', { rules: [{ rule: 'tracer-env', match: { namespaces: ['shop'] } }] }, false],
  ['a rule for labels', { rules: [{ rule: 'agents-outside-mesh' }, { rule: 'tracer-env', match: labels }] }, true],
  [
    'an exemption for labels',
    { rules: [], exemptions: [{ rules: ['tracer-env'], reason: 'why', expires: '2027-01-01', match: labels }] },
    true,
  ],
])('whether labels are asked for by a policy with %s', (_, spec, needs) => {
  expect(needsNamespaceLabels(policyOf(spec))).toBe(needs);
});
