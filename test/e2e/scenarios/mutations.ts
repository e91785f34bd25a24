import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Installation, install } from '../support/installation.js';
import { createNamespace, createNode, paths } from '../support/objects.js';
import { until } from '../support/poll.js';
import type { GetSuite } from '../support/suite.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** What a user applies, and what the cluster then holds. */
export function describeMutations(suite: GetSuite): void {
  describe('what users apply comes out right', () => {
    const [shop, monitoring, mesh] = ['e2e-bookinfo', 'e2e-datadog', 'e2e-istio'] as const;
    let installation: Installation;
    beforeAll(async () => {
      const { api, kubectl } = suite();
      await Promise.all([shop, monitoring, mesh].map((name) => createNamespace(api, name)));
      // It was there before aloft.
      await kubectl(['apply', '-n', mesh, '-f', fixture('istiod.yaml')]);
      installation = await install(suite());
    });
    afterAll(() => installation.remove());

    const tell = (tried: string, outcome: string): void => suite().table.add({ tried, outcome });
    const podsIn = async (namespace: string): Promise<readonly Pod[]> =>
      (await suite().api.read(paths.pods(namespace))).items;

    test('bookinfo: Deployments make ReplicaSets, and these Pods with tracer env', async () => {
      await suite().kubectl(['apply', '-n', shop, '-f', fixture('bookinfo.yaml')]);
      const pods = await until('six Pods', async () => {
        const found = await podsIn(shop);
        return found.length === 6 && found;
      });
      for (const { metadata, spec } of pods) {
        expect(metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet' }]);
        for (const { env = [] } of spec.containers) {
          expect(env).toEqual(
            expect.arrayContaining([
              { name: 'DD_AGENT_HOST', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.hostIP' } } },
              { name: 'DD_ENTITY_ID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } },
              { name: 'DD_SERVICE', value: metadata.labels?.['app'] },
              { name: 'DD_VERSION', value: metadata.labels?.['version'] },
            ]),
          );
        }
        expect(metadata.labels).not.toHaveProperty(['sidecar.istio.io/inject']);
      }
      tell('bookinfo: 6 Deployments, each through its ReplicaSet', `${pods.length} Pods with tracer env`);
    });

    test("Datadog's DaemonSet makes Pods that stay out of the mesh", async () => {
      await createNode(suite().api, 'e2e-node');
      await suite().kubectl(['apply', '-n', monitoring, '-f', fixture('datadog.yaml')]);
      const [pod] = await until('a Pod of the DaemonSet', async () => {
        const found = await podsIn(monitoring);
        return found.length > 0 && found;
      });
      expect(pod?.metadata).toMatchObject({
        ownerReferences: [{ kind: 'DaemonSet' }],
        labels: { 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' },
        annotations: { 'sidecar.istio.io/inject': 'false' },
      });
      expect(JSON.stringify(pod?.spec)).not.toContain('DD_AGENT_HOST');
      await suite().api.call('/api/v1/nodes/e2e-node', { method: 'DELETE' });
      tell("Datadog's DaemonSet, on a node", 'label, annotation, no tracer env');
    });

    const checks = {
      'ad.datadoghq.com/endpoints.check_names': '["istio"]',
      'ad.datadoghq.com/endpoints.init_configs': '[{}]',
      'ad.datadoghq.com/endpoints.instances': expect.stringContaining('http://%%host%%:15014/metrics'),
    };
    const istiod = async (name = 'istiod'): Promise<Pod> => await suite().api.read(`${paths.services(mesh)}/${name}`);

    test("Istio's Service is annotated on create, on update, and again when the annotations are lost", async () => {
      const { kubectl } = suite();
      const copy = readFileSync(fixture('istiod.yaml'), 'utf8').replace('name: istiod', 'name: istiod-canary');
      await kubectl(['create', '-n', mesh, '-f', '-'], copy);
      expect((await istiod('istiod-canary')).metadata.annotations).toMatchObject(checks);

      expect((await istiod()).metadata.annotations).not.toMatchObject(checks);
      await kubectl(['label', '-n', mesh, 'service/istiod', 'touched=yes']);
      expect((await istiod()).metadata.annotations).toMatchObject(checks);

      const dropped = Object.keys(checks).map((key) => `${key}-`);
      await kubectl(['annotate', '-n', mesh, 'service/istiod', ...dropped]);
      expect((await istiod()).metadata.annotations).toMatchObject(checks);
      tell("Istio's Service: created, updated, annotations removed", 'annotated each time');
    });

    test('what an author set survives', async () => {
      const { kubectl } = suite();
      const created = async (manifest: object): Promise<Pod> =>
        await kubectl.json(['create', '-n', mesh, '-f', '-'], JSON.stringify(manifest));
      const pod = await created(
        podOf('author', { app: 'author' }, [
          { name: 'DD_AGENT_HOST', value: 'mine' },
          { name: 'DD_SERVICE', value: 'mine-too' },
        ]),
      );
      const env = pod.spec.containers[0]?.env ?? [];
      expect(env.filter(({ name }) => name === 'DD_AGENT_HOST')).toEqual([{ name: 'DD_AGENT_HOST', value: 'mine' }]);
      expect(env.filter(({ name }) => name === 'DD_SERVICE')).toEqual([{ name: 'DD_SERVICE', value: 'mine-too' }]);
      expect(env.map(({ name }) => name)).toContain('DD_ENTITY_ID');

      const agent = { 'agent.datadoghq.com/component': 'agent', 'sidecar.istio.io/inject': 'true' };
      expect((await created(podOf('author-agent', agent))).metadata.labels).toMatchObject(agent);

      const exempt = podOf('author-exempt', { app: 'exempt' }, [], { 'aloft.dev/exempt': '*' });
      expect((await created(exempt)).spec.containers[0]).not.toHaveProperty('env');

      const own = { 'ad.datadoghq.com/endpoints.check_names': '["mine"]' };
      const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'author', annotations: own } };
      const spec = (await istiod()).spec as unknown as { readonly ports: readonly object[]; readonly selector: object };
      const ports = spec.ports.map((port) => ({ ...port, nodePort: undefined }));
      const kept = await created({
        ...service,
        metadata: { ...service.metadata, labels: { app: 'istiod', istio: 'pilot' } },
        spec: { ports, selector: spec.selector },
      });
      expect(kept.metadata.annotations).toEqual(own);
      tell("an author's env, label, exemption and annotation", 'kept');
    });

    test.each(['Pod', 'Service'])('kubectl apply --dry-run=server shows the same for a %s', async (kind) => {
      const { kubectl } = suite();
      const manifest =
        kind === 'Pod'
          ? JSON.stringify(podOf('dry', { app: 'dry', version: 'v1' }))
          : readFileSync(fixture('istiod.yaml'), 'utf8').replace('name: istiod', 'name: dry');
      const apply = ['apply', '-n', mesh, '-f', '-'];
      const shown: Pod = await kubectl.json([...apply, '--dry-run=server'], manifest);
      const path = `${kind === 'Pod' ? paths.pods(mesh) : paths.services(mesh)}/dry`;
      expect((await suite().api.call(path)).status).toBe(404);
      const real: Pod = await kubectl.json(apply, manifest);
      const visible = ({ metadata: { labels, annotations }, spec }: Pod) => ({
        labels,
        annotations,
        env: spec.containers?.map(({ env }) => env),
      });
      expect(visible(shown)).toEqual(visible(real));
      expect(JSON.stringify(shown)).toContain(kind === 'Pod' ? 'DD_AGENT_HOST' : 'ad.datadoghq.com');
      tell(`kubectl apply --dry-run=server of a ${kind}`, 'shows what then is');
    });
  });
}

type EnvVar = { readonly name: string; readonly value?: string };
type Pod = {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly object[];
  };
  readonly spec: { readonly containers: readonly { readonly env?: readonly EnvVar[] }[] };
};

const podOf = (name: string, labels: object, env: readonly EnvVar[] = [], annotations: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels, annotations },
  spec: { containers: [{ name: 'app', image: 'example/app:1', ...(env.length === 0 ? {} : { env }) }] },
});
