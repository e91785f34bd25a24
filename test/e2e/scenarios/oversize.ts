import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Installation, install } from '../support/installation.js';
import { hasTracer, pod } from '../support/load.js';
import { createNamespace, paths } from '../support/objects.js';
import { until } from '../support/poll.js';
import type { GetSuite } from '../support/suite.js';

const mebibyte = 1024 * 1024;

/** Objects padded with a character that an API server writes as six bytes when it calls a webhook. */
export function describeOversize(suite: GetSuite): void {
  describe('padded objects', () => {
    const namespace = 'e2e-oversize';
    let installation: Installation;
    beforeAll(async () => {
      await createNamespace(suite().api, namespace);
      installation = await install(suite(), { replicas: 1, failurePolicy: 'Fail' });
    });
    afterAll(() => installation.remove());

    test('a Pod of almost 3 MiB, the most that an API server takes, is mutated', async () => {
      const padding = '<'.repeat(3 * mebibyte - 2048);
      const [container] = pod.spec.containers;
      const body = { ...pod, spec: { containers: [{ ...container, args: [padding] }] } };
      // etcd would not take it, so it has to be a dry run.
      const answer = await suite().api.call(`${paths.pods(namespace)}?dryRun=All`, { method: 'POST', body });
      expect({ status: answer.status, message: answer.body.message }).toEqual({ status: 201, message: undefined });
      expect(answer.body.spec.containers[0].args[0]).toHaveLength(padding.length);
      expect(hasTracer(answer.body)).toBe(true);
      suite().table.add({ tried: 'a Pod with 3 MiB of "<", 18 MiB on the way to aloft', outcome: 'mutated' });
    });

    test.each<['allow' | 'deny', object]>([
      ['allow', { status: 200, warnings: [expect.stringContaining('too large to be reviewed')] }],
      ['deny', { status: 413, message: expect.stringContaining('too large to be reviewed') }],
    ])(
      'an update of more than 20 MiB, old and new object together, is answered as the policy says: %s',
      async (onOversize, expected) => {
        const { api } = suite();
        const name = `padded-${onOversize}`;
        await usePolicy(onOversize);
        const ownedBy = (size: number) => [
          // The one place in a Service that no API server checks, and no controller here looks at.
          { apiVersion: 'v1', kind: 'ConfigMap', uid: name, name: '<'.repeat(size) },
        ];
        const metadata = { name, ownerReferences: ownedBy(mebibyte) };
        const created = await api.call(paths.services(namespace), {
          method: 'POST',
          body: { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } },
        });
        expect({ status: created.status, message: created.body.message }).toEqual({ status: 201, message: undefined });
        const { status, body, warnings } = await api.call(`${paths.services(namespace)}/${name}?dryRun=All`, {
          method: 'PUT',
          body: { ...created.body, metadata: { ...created.body.metadata, ownerReferences: ownedBy(2.9 * mebibyte) } },
        });
        expect({ status, warnings, message: body.message }).toMatchObject(expected);
        suite().table.add({ tried: `a Service update of 23 MiB, onOversize: ${onOversize}`, outcome: String(status) });
      },
    );

    /** Changes the policy as the kubelet would: the mounted file changes. */
    const usePolicy = async (onOversize: 'allow' | 'deny'): Promise<void> => {
      const [replica] = installation.replicas;
      const generation = async () => (await replica?.metric('aloft_policy_generation')) ?? 0;
      const before = await generation();
      const policy = {
        apiVersion: 'aloft.dev/v1alpha1',
        kind: 'Policy',
        metadata: { name: onOversize },
        spec: { onOversize, rules: [{ rule: 'tracer-env' }] },
      };
      writeFileSync(installation.policyFile, JSON.stringify(policy));
      await until('the policy is in force', async () => (await generation()) > before);
    };
  });
}
