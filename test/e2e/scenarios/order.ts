import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Installation, install } from '../support/installation.js';
import { createNamespace, paths } from '../support/objects.js';
import { until } from '../support/poll.js';
import { type Entry, type Published, pairFor, publish } from '../support/published.js';
import type { GetSuite } from '../support/suite.js';
import type { ReviewRequest } from '../twins/review.ts';
import { type SmallWebhook, startSmallWebhook } from '../twins/small-webhook.js';

const injector = 'istio-sidecar-injector';
const late = 'zz-aloft';

/** aloft beside a stand-in for Istio's injector, which is called for whatever Istio's own selectors let through. */
export function describeOrder(suite: GetSuite): void {
  describe("aloft comes before Istio's injector", () => {
    const namespace = 'e2e-mesh';
    const askedFor: string[] = [];
    let webhook: SmallWebhook;
    let published: Published;
    let installation: Installation;
    beforeAll(async () => {
      await createNamespace(suite().api, namespace, { 'istio-injection': 'enabled' });
      const pair = await pairFor(injector);
      webhook = await startSmallWebhook({
        pair,
        patchFor: (request) => {
          askedFor.push(request.name ?? '');
          return injectSidecar(request);
        },
      });
      published = await publish(suite(), { name: injector, failurePolicy: 'Fail', trusted: pair.ca, entries });
      await published.route([webhook]);
      installation = await install(suite());
    });
    afterAll(async () => {
      await installation.remove();
      await suite().api.call(paths.configuration(late), { method: 'DELETE' });
      await published.remove();
      await webhook.close();
    });

    const create = async (name: string, labels: object): Promise<Pod> => {
      const spec = { containers: [{ name: 'app', image: 'example/app:1' }] };
      const body = { metadata: { name, labels }, spec };
      const answer = await suite().api.call(paths.pods(namespace), { method: 'POST', body });
      if (answer.status !== 201) throw new Error(answer.body?.message);
      return answer.body;
    };
    const agentLabels = { 'agent.datadoghq.com/component': 'agent' };
    const containersOf = ({ spec }: Pod): readonly string[] => spec.containers.map(({ name }) => name);
    const hasAgentAddress = ({ spec }: Pod, container: string): boolean =>
      spec.containers.some(
        ({ name, env = [] }) => name === container && env.some((one) => one.name === 'DD_AGENT_HOST'),
      );

    test('an application is injected, and its sidecar is left alone', async () => {
      const pod = await create('application', { app: 'shop' });
      expect(containersOf(pod)).toEqual(['app', 'istio-proxy']);
      expect(hasAgentAddress(pod, 'app')).toBe(true);
      expect(hasAgentAddress(pod, 'istio-proxy')).toBe(false);
      expect(askedFor).toContain('application');
    });

    test('an agent is not injected: Istio is not even asked', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `agent-${index}`);
      const pods = await Promise.all(names.map((name) => create(name, agentLabels)));
      for (const pod of pods) {
        expect(containersOf(pod)).toEqual(['app']);
        expect(pod.metadata.labels).toMatchObject({ 'sidecar.istio.io/inject': 'false' });
      }
      expect(askedFor.filter((name) => name.startsWith('agent-'))).toEqual([]);
      const outcome = `asked for: ${askedFor.join(', ')}`;
      suite().table.add({ tried: `${injector} beside aloft: 1 application, ${names.length} agents`, outcome });
    });

    test('no replica warns', () => {
      for (const replica of installation.replicas) expect(warningsOf(replica)).toEqual([]);
    });

    test('under a name that sorts later it is too late, and the check on start says so', async () => {
      const { api, kubectl } = suite();
      const { webhooks } = await api.read(paths.configuration());
      const body = { metadata: { name: late }, webhooks };
      await api.call(paths.configurations, { method: 'POST', body });
      await api.call(paths.configuration(), { method: 'DELETE' });
      const path = '/rules/0/resourceNames/-';
      const grant = JSON.stringify([{ op: 'add', path, value: late }]);
      await kubectl(['patch', 'clusterrole', 'aloft', '--type=json', '-p', grant]);

      let tries = 0;
      const pod = await until('the new order is in force', async () => {
        const one = await create(`late-${++tries}`, agentLabels);
        return containersOf(one).length > 1 && one;
      });
      expect(askedFor).toContain(`late-${tries}`);
      // With a sidecar in place the label would do harm: it would stop the redirection, and leave the proxy.
      expect(pod.metadata.labels).toEqual(agentLabels);

      const replica = await installation.startReplica(['--webhook-configuration', late]);
      await replica.untilReady();
      const [warning] = await until('a warning', () => {
        const warnings = warningsOf(replica);
        return warnings.length > 0 && warnings;
      });
      expect(warning).toMatchObject({ level: 'warn', configuration: injector, ours: late });
      suite().table.add({ tried: `the same, with our configuration called ${late}`, outcome: 'injected; warned of' });
    });
  });
}

const warningsOf = ({ lines }: Installation['replicas'][number]) =>
  lines().filter(({ msg }) => msg === 'another webhook injects before aloft');

const label = (key: string, operator: string, values?: readonly string[]) => ({
  key,
  operator,
  ...(values && { values }),
});
const notRefused = label('sidecar.istio.io/inject', 'NotIn', ['false']);
const unlabelled = [label('istio-injection', 'DoesNotExist'), label('istio.io/rev', 'DoesNotExist')];

const entryOf = (name: string, namespaces: readonly object[], objects: readonly object[]): Entry => ({
  name: `${name}.sidecar-injector.istio.io`,
  namespaceSelector: { matchExpressions: namespaces },
  objectSelector: { matchExpressions: objects },
});

/** As the revision `default` of Istio 1.30.3 has them: charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml. */
const entries: readonly Entry[] = [
  entryOf(
    'rev.namespace',
    [label('istio.io/rev', 'In', ['default']), label('istio-injection', 'DoesNotExist')],
    [notRefused],
  ),
  entryOf('rev.object', unlabelled, [notRefused, label('istio.io/rev', 'In', ['default'])]),
  entryOf('namespace', [label('istio-injection', 'In', ['enabled'])], [notRefused]),
  entryOf('object', unlabelled, [
    label('sidecar.istio.io/inject', 'In', ['true']),
    label('istio.io/rev', 'DoesNotExist'),
  ]),
];

const injectSidecar = ({ object }: ReviewRequest): readonly object[] => {
  const status = { 'sidecar.istio.io/status': '{"containers":["istio-proxy"]}' };
  return [
    { op: 'add', path: '/spec/containers/-', value: { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.30.3' } },
    { op: 'add', path: '/metadata/annotations', value: { ...object.metadata.annotations, ...status } },
  ];
};

type Pod = {
  readonly metadata: { readonly labels?: object };
  readonly spec: {
    readonly containers: readonly { readonly name: string; readonly env?: readonly { readonly name: string }[] }[];
  };
};
