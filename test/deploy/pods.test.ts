import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { createHealthApp } from '../../src/admission/health.js';
import { ownNamespace } from '../../src/commands/defaults.js';
import { addServe } from '../../src/commands/serve-command.js';
import { defaultPolicy } from '../../src/policy/default.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { version } from '../../src/version.js';
import { objectsOf, only, readManifest, type Workload } from './manifests.ts';
import { restricted } from './restricted.ts';

const base = objectsOf('base');
const deployment = only<Workload>('Deployment', base);
const pod = deployment.spec.template;
const [container] = pod.spec.containers;
if (container === undefined) throw new Error('the Deployment has no container');

const serve = addedTo(new Command());
const settingOf = (name: string): string | undefined => container.env.find((entry) => entry.name === name)?.value;

describe('the Deployment', () => {
  test('runs `aloft serve`, of this version', () => {
    expect(pod.spec.containers).toHaveLength(1);
    expect(container.args).toEqual(['serve']);
    expect(container.image).toBe(`aloft:${version}`);
  });

  test('sets nothing that `aloft serve` does not know', () => {
    const known = serve.options.map(({ envVar }) => envVar);
    const set = container.env.map(({ name }) => name).filter((name) => name.startsWith('ALOFT_'));
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each([
    ['ALOFT_HTTPS_PORT', '--port', 'https'],
    ['ALOFT_METRICS_PORT', '--metrics-port', 'http'],
  ])('%s, the default of %s and the port %s agree', (variable, flag, port) => {
    const given = serve.options.find(({ long }) => long === flag)?.defaultValue;
    expect(settingOf(variable)).toBe(String(given));
    expect(container.ports).toContainEqual({ name: port, containerPort: given, protocol: 'TCP' });
  });

  test.each([
    ['ALOFT_CERT_SECRET', 'Secret'],
    ['ALOFT_WEBHOOK_CONFIGURATION', 'MutatingWebhookConfiguration'],
    ['ALOFT_SERVICE', 'Service'],
  ])('%s is the %s of the manifests', (variable, kind) => {
    expect(settingOf(variable)).toBe(only(kind, base).metadata.name);
  });

  test('knows its namespace from the Pod, and everything is in the one that is the default', () => {
    expect(container.env).toContainEqual({
      name: 'ALOFT_NAMESPACE',
      valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
    });
    const namespaces = base.flatMap(({ metadata }) => metadata.namespace ?? []);
    expect(new Set(namespaces)).toEqual(new Set([ownNamespace]));
  });

  test('leaves room for what is not heap: half of the memory limit', () => {
    const heap = Number(/^--max-old-space-size=(\d+)$/.exec(settingOf('NODE_OPTIONS') ?? '')?.[1]);
    const limit = Number(/^(\d+)Mi$/.exec(container.resources.limits['memory'] ?? '')?.[1]);
    expect(heap).toBe(limit / 2);
    expect(container.resources.limits).not.toHaveProperty('cpu');
  });

  test('keeps to the restricted Pod Security Standard, on a read-only root', () => {
    expect(restricted(pod.spec)).toEqual([]);
  });

  test('stays out of the mesh', () => {
    expect(pod.metadata.labels).toMatchObject({
      'sidecar.istio.io/inject': 'false',
      'istio.io/dataplane-mode': 'none',
    });
  });

  // What the kubelet gets from a process that is up, has a certificate and a policy.
  test.each(['startupProbe', 'livenessProbe', 'readinessProbe'] as const)(
    '%s asks for what is served',
    async (probe) => {
      const { path, port } = container[probe].httpGet;
      expect(port).toBe('http');
      const { status } = await askHealth(path);
      expect(status).toBe(200);
      expect(path).toBe(probe === 'readinessProbe' ? '/readyz' : '/livez');
    },
  );

  test('mounts the policy as a folder, so that changes arrive', () => {
    expect(settingOf('ALOFT_POLICY')).toBe('/policy/policy.yaml');
    expect(container).toMatchObject({ volumeMounts: [{ name: 'policy', mountPath: '/policy', readOnly: true }] });
    expect(pod.spec.volumes).toEqual([{ name: 'policy', configMap: { name: 'aloft-policy' } }]);
  });
});

test('every selector selects the Pods', () => {
  const selectors = base.flatMap((object) => selectorsOf(object));
  expect(selectors).toHaveLength(6);
  for (const selector of selectors) expect(pod.metadata.labels).toMatchObject(selector);
});

test('the Secret is installed without data: an apply that mentions none overwrites none', () => {
  expect(only('Secret', base)).not.toHaveProperty('data');
  expect(only('Secret', base)).not.toHaveProperty('stringData');
});

test('no replicas beside an autoscaler: an apply would take back what it did', () => {
  expect(deployment.spec).not.toHaveProperty('replicas');
  expect(only('HorizontalPodAutoscaler', base)).toMatchObject({ spec: { minReplicas: 2 } });
});

test.each(['base/policy.yaml', 'helm/aloft/files/policy.yaml'])('%s is the default policy', (path) => {
  expect(readManifest(path)).toBe(defaultPolicy);
});

/** What the plain HTTP face answers where nothing is missing. */
async function askHealth(path: string): Promise<Response> {
  const server = createServer(createHealthApp([], createMetrics(version).registry)).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return await fetch(`http://127.0.0.1:${port}${path}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** The labels by which an object selects Pods. */
function selectorsOf(object: object): readonly object[] {
  const found: object[] = [];
  const visit = (key: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (key === 'matchLabels') found.push(value);
    else if (key === 'selector' && !('matchLabels' in value)) found.push(value);
    else for (const [inner, each] of Object.entries(value)) visit(inner, each);
  };
  visit('', object);
  return found;
}

/** The command `aloft serve`, with its options. */
function addedTo(program: Command): Command {
  const terminal = { out: () => {}, err: () => {}, stdin: async () => '', colour: false };
  addServe(program, terminal, () => {});
  const [command] = program.commands;
  if (command === undefined) throw new Error('there is no command `serve`');
  return command;
}
