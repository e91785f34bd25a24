import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openCluster } from '../../src/cluster/access.js';
import { connect } from '../../src/cluster/connection.js';
import { writeKubeconfig } from '../support/api-server.js';

const saved = { ...process.env };
const home = await mkdtemp(join(tmpdir(), 'aloft-home-'));
beforeEach(() => {
  process.env['HOME'] = home;
  delete process.env['KUBECONFIG'];
});
afterEach(() => {
  for (const name of ['HOME', 'KUBECONFIG']) {
    const value = saved[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

test('the API server is that of the kubeconfig', async () => {
  process.env['KUBECONFIG'] = await writeKubeconfig('https://10.1.2.3:6443');
  expect(connect().server).toBe('https://10.1.2.3:6443');
});

test.each<[string, string, RegExp]>([
  ['is no YAML', '{', /^kubeconfig cannot be read: /],
  ['names no context', '{"apiVersion":"v1","kind":"Config"}', /^kubeconfig (names no cluster|cannot be read)/],
])('a kubeconfig that %s is a sentence', async (_, text, sentence) => {
  const file = join(await mkdtemp(join(tmpdir(), 'aloft-kubeconfig-')), 'config');
  await writeFile(file, text);
  process.env['KUBECONFIG'] = file;
  expect(() => connect()).toThrow(sentence);
});

test('a kubeconfig that cannot be read shows nothing of what is in it', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'aloft-kubeconfig-')), 'config');
  await writeFile(file, 'users:\n- name: u\n  user:\n    token: s3cr3t\n   broken: [\n');
  process.env['KUBECONFIG'] = file;
  const told = (): string => {
    try {
      return connect().server;
    } catch (error) {
      return `${String(error)} ${String((error as Error).cause)}`;
    }
  };
  expect(told()).toMatch(/kubeconfig cannot be read: /);
  expect(told()).not.toContain('s3cr3t');
});

test('a kubeconfig that is missing is a sentence', () => {
  process.env['KUBECONFIG'] = '/nowhere/config';
  expect(() => connect()).toThrow(/^kubeconfig cannot be read: .*ENOENT/);
});

// The library falls back to http://localhost:8080, which it then refuses to talk to.
test('no kubeconfig at all, and no Pod around us, is a sentence', () => {
  expect(() => connect()).toThrow(/no cluster/);
});

test('certificates depend on the Secret, and on each configuration of either kind; namespaces on all of them', async () => {
  process.env['KUBECONFIG'] = await writeKubeconfig('https://10.1.2.3:6443');
  const access = openCluster({ namespace: 'a b', secret: 's', webhookConfigurations: ['x', 'y'] });
  const group = '/apis/admissionregistration.k8s.io/v1';
  expect(access.certificateObjects).toEqual([
    { path: '/api/v1/namespaces/a%20b/secrets', name: 's' },
    { path: `${group}/mutatingwebhookconfigurations`, name: 'x' },
    { path: `${group}/validatingwebhookconfigurations`, name: 'x' },
    { path: `${group}/mutatingwebhookconfigurations`, name: 'y' },
    { path: `${group}/validatingwebhookconfigurations`, name: 'y' },
  ]);
  expect(access.namespaces).toEqual({ path: '/api/v1/namespaces' });
  expect(access.server).toBe('https://10.1.2.3:6443');
});
