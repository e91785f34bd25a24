import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runAloft } from '../support/aloft.js';
import { jsonPatch } from '../support/api.js';
import { type Installation, install } from '../support/installation.js';
import { writeKubeconfig } from '../support/kubeconfig.js';
import { createNamespace, paths } from '../support/objects.js';
import { until } from '../support/poll.js';
import type { GetSuite } from '../support/suite.js';

const istiod = fileURLToPath(new URL('../fixtures/istiod.yaml', import.meta.url));

/** What the command line says of a cluster that aloft came to late. */
export function describeLive(suite: GetSuite): void {
  describe('aloft explain and review read the cluster', () => {
    const namespace = 'e2e-live';
    let installation: Installation;
    let older: string;
    beforeAll(async () => {
      await createNamespace(suite().api, namespace);
      await suite().kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(deployment));
      await suite().kubectl(['apply', '-n', namespace, '-f', istiod]);
      older = await until('a Pod before aloft', async () => (await podNames())[0]);
      // The times of the API server are whole seconds.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      installation = await install(suite(), { replicas: 1 });
    });
    afterAll(() => installation.remove());

    const podNames = async (): Promise<readonly string[]> => {
      const { items } = await suite().api.read(`${paths.pods(namespace)}?labelSelector=app%3Dcart`);
      const standing = (items as readonly Pod[]).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      return standing.map(({ metadata }) => metadata.name);
    };
    const explain = async (...args: readonly string[]) => {
      const { code, out, err } = await runAloft(suite(), ['explain', ...args, '-n', namespace, '-o', 'json']);
      if (code !== 0) throw new Error(`${code}: ${err}`);
      const report = JSON.parse(out);
      return { report, live: report.items[0].live };
    };
    const codesOf = (live: { readonly causes: readonly { readonly code: string }[] }): readonly string[] =>
      live.causes.map(({ code }) => code);
    const tell = (tried: string, outcome: string): void => suite().table.add({ tried, outcome });

    test('a Pod that is older than aloft lacks something, and says why', async () => {
      const { report, live } = await explain(`pod/${older}`);
      expect(report.policy).toMatchObject({ name: 'default', source: 'ConfigMap aloft-system/aloft-policy' });
      expect(report.cluster).toMatchObject({ configurations: [{ name: 'aloft' }], missingRights: [] });
      expect(live).toMatchObject({
        verdict: 'missing',
        causes: [{ code: 'created-before', sure: true }],
        next: `make its Pods anew: kubectl rollout restart deployment/cart -n ${namespace}`,
      });
      const { out } = await runAloft(suite(), ['explain', 'pod', older, '-n', namespace]);
      expect(out).toContain('  tracer-env (enforce): missing\n    + env DD_AGENT_HOST = from status.hostIP in app\n');
      tell('aloft explain of a Pod that is older than aloft', `missing: ${codesOf(live).join()}`);
    });

    test('a review of the cluster finds the same', async () => {
      const review = ['review', '--context', 'live', 'pods,services', '-n', namespace, '--check', '-o', 'patch'];
      const before = await runAloft(suite(), review);
      expect(before.code).toBe(1);
      const names = before.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).file);
      expect(names).toEqual([`live:${namespace}/pod/${older}`, `live:${namespace}/service/istiod`]);
    });

    test('what it says to do helps: the Pods are made anew, the Service is reviewed again', async () => {
      const { kubectl } = suite();
      expect((await explain('service/istiod')).live).toMatchObject({
        verdict: 'missing',
        next: `review it again: kubectl patch service/istiod -n ${namespace} -p '{}'`,
      });
      await kubectl(['patch', 'service/istiod', '-n', namespace, '-p', '{}']);
      await kubectl(['rollout', 'restart', 'deployment/cart', '-n', namespace]);
      const younger = await until('a Pod after aloft', async () => (await podNames()).find((name) => name !== older));
      expect((await explain('service/istiod')).live.verdict).toBe('as-wanted');
      expect((await explain(`pod/${younger}`)).live).toMatchObject({ verdict: 'as-wanted', causes: [] });
      // No kubelet says that the younger one runs, so the older one stays until somebody takes it away.
      await kubectl(['delete', 'pod', older, '-n', namespace, '--force', '--grace-period=0']);
      await kubectl(['scale', 'deployment/cart', '--replicas=0', '-n', namespace]);
      await until('no Pod', async () => (await podNames()).length === 0);
      const review = ['review', '--context', 'live', 'pods,services', '-n', namespace, '--check'];
      expect(await runAloft(suite(), review)).toMatchObject({ code: 0, out: '' });
      tell('… and after what it says to do', 'as wanted; a review finds nothing');
    });

    test('without a word of which, a workload that has no Pod shows itself', async () => {
      const { out } = await runAloft(suite(), ['review', '--context', 'live', '-n', namespace, '-o', 'json']);
      const files = JSON.parse(out).items.map(({ file }: { readonly file: string }) => file);
      expect(files).toEqual([`live:${namespace}/service/istiod`, `live:${namespace}/deployment/cart`]);
      expect((await explain('deploy', 'cart')).live).toMatchObject({ verdict: 'template', next: 'it has no Pod now' });
    });

    test('a Pod for which the webhook is not called says which selector leaves it out', async () => {
      const { api, kubectl } = suite();
      const path = '/webhooks/0/objectSelector';
      const select = (value: object) =>
        api.call(paths.configuration(), {
          method: 'PATCH',
          body: [{ op: 'replace', path, value }],
          contentType: jsonPatch,
        });
      await select({ matchLabels: { mesh: 'on' } });
      await kubectl(['run', 'outside', '-n', namespace, '--image=example/app:1']);
      const { live } = await explain('pod/outside');
      await select({});
      expect(live.causes).toEqual([
        {
          code: 'not-called',
          sure: true,
          message:
            'pods.aloft.dev: its objectSelector leaves out the object: label mesh is missing, and the selector says mesh=on',
        },
      ]);
      expect((await explain('pod/outside')).live.causes).toContainEqual(
        expect.objectContaining({ code: 'call-failed', sure: false }),
      );
      tell('aloft explain of a Pod that the webhook leaves out', live.causes[0].message);
    });

    test('whoever may see Pods only is told which rights would tell more', async () => {
      const { api, folder, controlPlane, kubectl } = suite();
      await kubectl(['create', 'serviceaccount', 'dev', '-n', namespace]);
      await kubectl(['create', 'role', 'dev', '-n', namespace, '--verb=get,list', '--resource=pods']);
      await kubectl([
        'create',
        'rolebinding',
        'dev',
        '-n',
        namespace,
        '--role=dev',
        `--serviceaccount=${namespace}:dev`,
      ]);
      const answer = await api.call(`/api/v1/namespaces/${namespace}/serviceaccounts/dev/token`, {
        method: 'POST',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
      });
      const access = { ...controlPlane.apiServers[0].access, token: answer.body.status.token };
      const kubeconfig = writeKubeconfig(join(folder.path, 'dev.kubeconfig'), access);
      const { report, live } = await explain('pod/outside', '--kubeconfig', kubeconfig);
      expect(report.cluster.missingRights).toEqual([
        'list mutatingwebhookconfigurations.admissionregistration.k8s.io',
        'list endpointslices.discovery.k8s.io in namespace aloft-system',
        `get namespaces ${namespace}`,
      ]);
      expect(codesOf(live)).toEqual(['not-known', 'other-policy']);
      const denied = await runAloft(suite(), ['explain', 'svc/istiod', '-n', namespace, '--kubeconfig', kubeconfig]);
      expect(denied).toEqual({
        code: 2,
        out: '',
        err: `aloft: service/istiod: missing right: get services istiod in namespace ${namespace}\n`,
      });
      tell('aloft explain with the right to Pods only', `${report.cluster.missingRights.length} missing rights named`);
    });

    test('a cluster that is not there is a sentence', async () => {
      const { controlPlane, folder } = suite();
      const config = JSON.parse(readFileSync(controlPlane.apiServers[0].kubeconfig, 'utf8'));
      config.clusters[0].cluster.server = 'https://127.0.0.1:2';
      const kubeconfig = join(folder.path, 'nowhere.kubeconfig');
      writeFileSync(kubeconfig, JSON.stringify(config));
      for (const command of [
        ['explain', 'pod/a'],
        ['review', '--context', 'live'],
      ]) {
        const { code, out, err } = await runAloft(suite(), [...command, '--kubeconfig', kubeconfig]);
        expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/context e2e: cannot (list|get) \w+: /) });
        expect(out).toBe('');
      }
    });
  });
}

type Pod = { readonly metadata: { readonly name: string; readonly deletionTimestamp?: string } };

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'app', image: 'example/cart:1' }] },
    },
  },
};
