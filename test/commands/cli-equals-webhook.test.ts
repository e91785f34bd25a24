import type { Server } from 'node:http';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { dryRun } from '../../src/commands/dry-run/dry-run.js';
import { planPolicy } from '../../src/engine/plan.js';
import { asRecord } from '../../src/model/json.js';
import { registry } from '../../src/rules/registry.js';
import { admissionReview, createFace, listenPlain, patchOf, serviceKind } from '../support/admission.js';
import { pods, services, specs } from '../support/arbitraries.js';
import { policyOf, today } from '../support/reviewing.js';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** One webhook for each of a few policies: the objects are what matters here. */
const faces = await Promise.all(
  fc.sample(specs, { numRuns: 20, seed: 11 }).map(async (spec) => {
    const plan = planPolicy(policyOf(spec), registry);
    const { server, port } = await listenPlain(createFace({ plan }).app);
    servers.push(server);
    return { plan, url: `http://127.0.0.1:${port}/mutate`, spec };
  }),
);

async function askWebhook(url: string, kind: object, object: unknown, namespace: string) {
  const body = JSON.stringify(admissionReview({ kind, object, namespace }));
  const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  const review = (await answer.json()) as { response: { allowed: boolean; patch?: string } };
  return review.response;
}

/** As people write objects: with a kind, and with no member that is only there as null. */
const writable = (kind: 'Pod' | 'Service', object: unknown): object => ({
  ...(JSON.parse(JSON.stringify(object, (_, value) => value ?? undefined)) as object),
  apiVersion: 'v1',
  kind,
});

const objects = fc.oneof(
  {
    weight: 3,
    arbitrary: pods.map((object) => ({
      kind: { group: '', version: 'v1', kind: 'Pod' },
      object: writable('Pod', object),
    })),
  },
  { weight: 1, arbitrary: services.map((object) => ({ kind: serviceKind, object: writable('Service', object) })) },
);

/** `no` and `on` are booleans in the YAML that Kubernetes reads. */
const asKubernetesReadsIt = { compat: 'yaml-1.1' } as const;

const formats = {
  YAML: (object: object): string => stringify(object, asKubernetesReadsIt),
  'YAML in one line': (object: object): string =>
    stringify(object, { ...asKubernetesReadsIt, collectionStyle: 'flow' }),
  JSON: (object: object): string => JSON.stringify(object, undefined, 2),
};

describe('the command line and the webhook give the same answer', () => {
  test.each(Object.entries(formats))('to an object as %s', async (_, format) => {
    let patched = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(faces.length - 1),
        objects,
        fc.constantFrom('shop', 'shop', 'default', 'kube-system'),
        async (which, { kind, object }, namespace) => {
          const face = faces[which];
          if (face === undefined) throw new Error('no such policy');
          const response = await askWebhook(face.url, kind, object, namespace);
          const settings = { plan: face.plan, today, ownNamespace: 'aloft-system', namespace };
          // YAML must not hold it as it is, and `yaml` does not escape it.
          const text = format(object).replaceAll('\u007f', ' ');
          // It writes this without quotes, too, and for go-yaml that is a number.
          fc.pre(!/\b0X/.test(text));
          const { manifests, problems } = dryRun([{ file: 'object.yaml', text }], settings);
          expect(problems).toEqual([]);
          expect(manifests).toHaveLength(1);
          const [reviewed] = manifests[0]?.objects ?? [];
          const operations = reviewed?.operations.map(({ op, path, value }) => ({ op, path, value }));
          expect(operations).toEqual(patchOf(response));
          if (response.patch !== undefined) patched++;
        },
      ),
      { numRuns: 300 },
    );
    // Otherwise two that never say anything would agree as well.
    expect(patched).toBeGreaterThan(10);
  });

  test('to the Pod of a Deployment: the template changes as the Pod does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(faces.length - 1), pods, async (which, raw) => {
        const face = faces[which];
        if (face === undefined) throw new Error('no such policy');
        const { metadata, spec } = asRecord(writable('Pod', raw));
        const { labels, annotations } = asRecord(metadata);
        const containers = asRecord(spec)['containers'];
        fc.pre(Array.isArray(containers));
        const own = { labels: asRecord(labels), annotations: asRecord(annotations) };
        const manifest = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'cart' },
          spec: { template: { metadata: own, spec } },
        };
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            ...own,
            labels: { ...own.labels, 'pod-template-hash': '7d4b9c6f5d' },
            generateName: 'cart-7d4b9c6f5d-',
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-7d4b9c6f5d', controller: true }],
          },
          spec,
        };
        const kind = { group: '', version: 'v1', kind: 'Pod' };
        const response = await askWebhook(face.url, kind, pod, 'shop');
        const settings = { plan: face.plan, today, ownNamespace: 'aloft-system', namespace: 'shop' };
        const { manifests } = dryRun([{ file: 'd.yaml', text: stringify(manifest, asKubernetesReadsIt) }], settings);
        const operations = manifests[0]?.objects[0]?.operations ?? [];
        const here = operations.map(({ op, path, value }) => ({ op, path: path.replace('/spec/template', ''), value }));
        expect(here).toEqual(patchOf(response));
      }),
      { numRuns: 200 },
    );
  });
});
