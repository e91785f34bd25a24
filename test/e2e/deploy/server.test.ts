import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Container, Manifest, Role, RoleRule } from '../../deploy/manifests.ts';
import { applyPatch, mergePatch } from '../support/api.js';
import { accountApi } from '../support/deployment.js';
import { isAboutOneself } from '../support/objects.js';
import { until } from '../support/poll.js';
import { type Suite, startSuite, stopSuite } from '../support/suite.js';
import { foreignKinds } from './foreign-kinds.ts';
import { chart, helm, overlay, renderChart, renderFolder } from './render.ts';

const namespace = 'aloft-system';
const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const account = ['--as', `system:serviceaccount:${namespace}:aloft`, '--as-group', 'system:serviceaccounts'];
const run = promisify(execFile);

let suite: Suite;
/** The manifests for this API server, as a user would name them. */
let ours: string;
let minor: number;

beforeAll(async () => {
  suite = await startSuite();
  ({ minor } = suite.controlPlane);
  ours = overlay(minor < 25 ? 'kubernetes-1.20' : '../base');
  await suite.kubectl(['apply', '-f', '-'], stream(foreignKinds));
  await suite.kubectl(['create', 'namespace', namespace]);
}, 120_000);

afterAll(() => stopSuite(suite));

describe('the API server takes, in a dry run,', () => {
  test.each<[string, () => readonly Manifest[]]>([
    ['the base', () => renderFolder('base')],
    ['the overlay cert-manager', () => renderFolder('overlays/cert-manager')],
    ['the overlay validating', () => renderFolder('overlays/validating')],
    ['the overlay monitoring', () => renderFolder('overlays/monitoring')],
    ['the overlay namespace-labels', () => renderFolder('overlays/namespace-labels')],
    ['the chart with everything', () => renderChart(everything, { hooks: true })],
  ])('%s', async (_, render) => {
    const objects = render().filter(({ apiVersion }) => minor >= 26 || apiVersion !== 'policy/v1');
    const args = ['apply', '--dry-run=server', '--server-side', '--force-conflicts', '-f', '-'];
    const { code, out, err } = await suite.kubectl.attempt(args, stream(objects));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trim().split('\n')).toHaveLength(objects.length);
  });
});

describe('applied as a user does it', () => {
  beforeAll(async () => {
    await suite.kubectl(['apply', '-k', ours]);
  });

  test('a second time changes nothing', async () => {
    const lines = (await suite.kubectl(['apply', '-k', ours])).trim().split('\n');
    // kubectl replaces the selector of a policy/v1 PodDisruptionBudget as a whole, and takes that for a change.
    const replaced = 'poddisruptionbudget.policy/aloft configured';
    expect(lines.filter((line) => !line.endsWith(' unchanged') && line !== replaced)).toEqual([]);
  });

  test('the ServiceAccount has the rights that it needs, and nobody else gave it more', async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    };
    const flags = ['-o', 'json', '--validate=false', '--as-group', 'system:authenticated', ...account];
    const { status } = JSON.parse(await suite.kubectl(['create', '-f', '-', ...flags], JSON.stringify(review)));
    const given = status.resourceRules.filter(({ resources }: RoleRule) => !resources.every(isAboutOneself));
    const granted = renderFolder('base').filter((object): object is Role => object.kind.endsWith('Role'));
    expect(sorted(given)).toEqual(sorted(granted.flatMap(({ rules }) => rules)));
  });

  test.each([
    ['kubectl apply', []],
    ['kubectl apply --server-side', ['--server-side', '--force-conflicts']],
  ])('%s leaves certificates and caBundle alone', async (_, flags) => {
    await publish();
    await suite.kubectl(['apply', '-k', ours, ...flags]);
    await expectPublished();
  });

  test('one command switches it off, another on', async () => {
    await suite.kubectl(['delete', 'mutatingwebhookconfiguration', 'aloft']);
    expect(await suite.api.call(`${configurations}/aloft`)).toMatchObject({ status: 404 });
    await suite.kubectl(['apply', '-k', ours]);
    expect(await suite.api.call(`${configurations}/aloft`)).toMatchObject({ status: 200 });
  });

  test('uninstalls with the webhook first, and then the rest', async () => {
    await suite.kubectl(['delete', 'mutatingwebhookconfiguration', 'aloft']);
    await suite.kubectl(['delete', '-k', ours, '--ignore-not-found']);
    const left = await suite.kubectl(['get', 'clusterroles,clusterrolebindings', '-l', 'app.kubernetes.io/name=aloft']);
    expect(left).toBe('');
  });
});

describe('installed with Helm', () => {
  const release = async (...args: readonly string[]): Promise<string> => {
    const [{ kubeconfig }] = suite.controlPlane.apiServers;
    const env = { PATH: process.env['PATH'], HOME: suite.folder.path, KUBECONFIG: kubeconfig };
    return (await run(helm, ['--namespace', namespace, ...args], { env })).stdout;
  };

  beforeAll(async () => {
    await until(
      'the namespace is gone',
      async () => (await suite.api.call(`/api/v1/namespaces/${namespace}`)).status === 404,
    );
    await release('install', 'aloft', chart, '--create-namespace');
  });

  test('an upgrade leaves certificates and caBundle alone', async () => {
    await publish();
    await release('upgrade', 'aloft', chart, '--set', 'logLevel=debug');
    await expectPublished();
  });

  test('the webhook that was switched off comes back with an upgrade', async () => {
    await suite.kubectl(['delete', 'mutatingwebhookconfiguration', 'aloft']);
    await release('upgrade', 'aloft', chart);
    expect(await suite.api.call(`${configurations}/aloft`)).toMatchObject({ status: 200 });
  });

  test('a release of the same name elsewhere is refused', async () => {
    await expect(release('install', 'aloft', chart, '--create-namespace', '--namespace', 'elsewhere')).rejects.toThrow(
      'cannot be imported into the current release',
    );
  });

  test('uninstalling removes the webhook first, while aloft still runs', async () => {
    const uninstalled = release('uninstall', 'aloft');
    const seen = await actAsKubelet();
    expect(seen).toEqual({
      said: ['mutatingwebhookconfigurations/aloft: removed', 'validatingwebhookconfigurations/aloft: was not there'],
      webhook: 404,
      deployment: 200,
    });
    expect(await uninstalled).toContain('release "aloft" uninstalled');
    const kinds = 'clusterroles,clusterrolebindings,deployments,services,secrets,jobs';
    expect(await suite.kubectl(['get', kinds, '-A', '-l', 'app.kubernetes.io/instance=aloft'])).toBe('');
  });
});

/** What a running aloft writes, as aloft. */
async function publish(): Promise<void> {
  const entries = ['pods.aloft.dev', 'services.aloft.dev'];
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'aloft' },
    webhooks: entries.map((name) => ({ name, clientConfig: { caBundle: base64('a CA') } })),
  };
  const api = await accountApi(suite);
  // Not by kubectl, which would take over what its users applied.
  const path = `${configurations}/aloft?fieldManager=aloft&force=true`;
  const applied = await api.call(path, { method: 'PATCH', body: configuration, contentType: applyPatch });
  api.close();
  expect(applied.status).toBe(200);
  const patch = JSON.stringify({ data: { 'tls.crt': base64('a certificate') } });
  await suite.kubectl(['-n', namespace, 'patch', 'secret', 'aloft-tls', '-p', patch, ...account]);
}

async function expectPublished(): Promise<void> {
  const { webhooks } = await suite.api.read(`${configurations}/aloft`);
  const bundles = webhooks.map(({ clientConfig }: { clientConfig: { caBundle: string } }) => clientConfig.caBundle);
  expect(bundles).toEqual([base64('a CA'), base64('a CA')]);
  const { data } = await suite.api.read(`/api/v1/namespaces/${namespace}/secrets/aloft-tls`);
  expect(data).toEqual({ 'tls.crt': base64('a certificate') });
}

/** Runs what the Job of an uninstallation runs, with the rights of its account, and reports its Pod as done. */
async function actAsKubelet() {
  const { api, controlPlane, folder } = suite;
  const path = `/api/v1/namespaces/${namespace}`;
  const pods = `${path}/pods?labelSelector=${encodeURIComponent('job-name=aloft-uninstall')}`;
  const pod = await until('the Job has a Pod', async () => (await api.read(pods)).items[0]);
  const token = `${path}/serviceaccounts/${pod.spec.serviceAccountName}/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { body } = await api.call(token, { method: 'POST', body: request });
  const [{ access }] = controlPlane.apiServers;
  const mounted = join(folder.path, 'uninstall');
  mkdirSync(mounted);
  writeFileSync(join(mounted, 'token'), body.status.token);
  writeFileSync(join(mounted, 'ca.crt'), access.ca);
  const [container] = pod.spec.containers as readonly (Container & { readonly command: readonly string[] })[];
  const [, ...flags] = container?.command ?? [];
  const env = { ACCOUNT: mounted, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(access.port) };
  const { stdout } = await run(process.execPath, [...flags, ...(container?.args ?? [])], { env });
  const { status: webhook } = await api.call(`${configurations}/aloft`);
  const { status: deployment } = await api.call(`/apis/apps/v1/namespaces/${namespace}/deployments/aloft`);
  const done = { status: { phase: 'Succeeded' } };
  await api.call(`${path}/pods/${pod.metadata.name}/status`, { method: 'PATCH', body: done, contentType: mergePatch });
  return { said: stdout.trim().split('\n'), webhook, deployment };
}

const everything = [
  ...['--set', 'namespace.create=true,namespaceLabels=true,certificates.source=cert-manager'],
  ...['--set', 'validating.enabled=true,monitoring.enabled=true'],
];

/** Objects as kubectl reads them. */
const stream = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

const sorted = (rules: readonly RoleRule[]): readonly string[] =>
  rules
    .map(({ apiGroups, resources, resourceNames = [], verbs }) =>
      JSON.stringify({ apiGroups, resources, resourceNames, verbs }),
    )
    .sort();

const base64 = (text: string): string => Buffer.from(text).toString('base64');
