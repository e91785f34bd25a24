import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkOrder } from '../../../src/commands/serve/order.js';
import { eventually } from '../../support/admission.js';
import { configurationOf, createMemoryCluster, createTelemetry, webhookOf } from '../../support/cluster.js';

let stopping: AbortController;
beforeEach(() => {
  stopping = new AbortController();
});
afterEach(() => stopping.abort());

/** A configuration of that name, with webhooks of these. */
const named = (name: string, webhooks: readonly string[]) =>
  configurationOf({ name, webhooks: webhooks.map((webhook) => webhookOf(webhook)) });
const istio = (name: string) =>
  named(name, ['rev.namespace.sidecar-injector.istio.io', 'object.sidecar-injector.istio.io']);

type Row = readonly [name: string, own: readonly string[], all: readonly string[], warned: readonly string[]];
describe('warns of every injector that is called before one of ours:', () => {
  test.each<Row>([
    ['after ours', ['aloft'], ['istio-sidecar-injector'], []],
    ['before ours', ['zz-aloft'], ['istio-sidecar-injector'], ['istio-sidecar-injector zz-aloft']],
    ['a revision, after ours', ['aloft'], ['istio-sidecar-injector-canary'], []],
    [
      'a revision, before ours',
      ['zz-aloft'],
      ['istio-sidecar-injector-1-30'],
      ['istio-sidecar-injector-1-30 zz-aloft'],
    ],
    ['a tag', ['zz-aloft'], ['istio-revision-tag-prod'], ['istio-revision-tag-prod zz-aloft']],
    [
      'several',
      ['zz-aloft'],
      ['istio-sidecar-injector', 'istio-revision-tag-prod'],
      ['istio-sidecar-injector zz-aloft', 'istio-revision-tag-prod zz-aloft'],
    ],
    ['renamed, and so before ours', ['aloft'], ['aa-istio'], ['aa-istio aloft']],
    [
      'one of ours before it and one after',
      ['aloft', 'mesh'],
      ['istio-sidecar-injector'],
      ['istio-sidecar-injector mesh'],
    ],
    ['bytes count, not letters', ['aloft'], ['Istio'], ['Istio aloft']],
    ['bytes count: what only one has sorts last', ['istio'], ['istio-sidecar-injector'], []],
    ['its own name', ['istio'], ['istio'], []],
    ['none at all', ['zz-aloft'], [], []],
  ])('%s', async (_, own, all, warned) => {
    const configurations = [named('aa-other', ['pods.example.com']), ...all.map(istio)];
    const memory = createMemoryCluster({ configurations });
    const { telemetry, lines } = createTelemetry();
    await checkOrder(memory.cluster, own, telemetry.logger, stopping.signal);
    expect(lines().map(({ configuration, ours }) => `${configuration} ${ours}`)).toEqual(warned);
    for (const line of lines())
      expect(line).toMatchObject({ level: 'warn', msg: 'another webhook injects before aloft' });
    expect(memory.calls).toHaveLength(1);
  });
});

test('where it is forbidden it says so once, and goes on trying until the end', async () => {
  const refuse = (): never => {
    throw new Error('cannot list MutatingWebhookConfigurations: the API server says 403 no');
  };
  const memory = createMemoryCluster({ before: refuse });
  const { telemetry, lines } = createTelemetry();
  let over = false;
  const checked = checkOrder(memory.cluster, ['aloft'], telemetry.logger, stopping.signal).then(() => {
    over = true;
  });
  await eventually(lines, ({ length }) => length > 0);
  expect(over).toBe(false);
  expect(lines()).toMatchObject([
    {
      level: 'warn',
      msg: 'the order of webhooks could not be checked, trying again',
      problem: 'cannot list MutatingWebhookConfigurations: the API server says 403 no',
    },
  ]);
  stopping.abort();
  await checked;
  expect(memory.calls).toHaveLength(1);
});

test('after the end nobody is asked', async () => {
  const memory = createMemoryCluster();
  stopping.abort();
  await checkOrder(memory.cluster, ['aloft'], createTelemetry().telemetry.logger, stopping.signal);
  expect(memory.calls).toEqual([]);
});
