import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { catalog, vendorIds } from '../../src/vendors/catalog.js';
import { aloft, createFolders, within } from '../support/commands.js';

const folders = createFolders();
afterAll(folders.remove);

const policy = `apiVersion: aloft.dev/v1alpha1
kind: Policy
metadata: { name: own }
spec:
  cluster:
    agents:
      - { name: acme, labels: { acme.io/role: agent }, images: [acme/agent] }
  rules: []
`;

const manifest = (kind: string, apiVersion: string, name: string, spec: object): string =>
  `${JSON.stringify({ apiVersion, kind, metadata: { name }, spec })}\n---\n`;
const template = (image: string, labels: Record<string, string> = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image }] },
});

describe('vendors', () => {
  test('lists every vendor, in lines of 80 columns', async () => {
    const { code, out, err } = await aloft(['vendors']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const heads = out.split('\n').filter((line) => /^\S/.test(line));
    expect(heads.map((line) => line.split(':')[0])).toEqual([...vendorIds]);
    expect(heads.filter((line) => line.endsWith('recognised by default'))).toHaveLength(3);
    expect(heads.filter((line) => line.endsWith('recognised when asked for'))).toHaveLength(catalog.length - 3);
  });

  test('says what it goes by', async () => {
    expect(await aloft(['vendors', 'prometheus', 'elastic'])).toEqual({
      code: 0,
      out: `elastic: Elastic, recognised when asked for
  Agent
    by app.kubernetes.io/name=elastic-agent
    by app=elastic-agent
  Beat
    by beat.k8s.elastic.co/name=*
    by k8s-app=filebeat or metricbeat
    by app=*-filebeat or *-metricbeat, with one of the images
  images
    beats/{filebeat, metricbeat}
    elastic-agent/elastic-agent

prometheus: Prometheus, recognised when asked for
  server
    by app.kubernetes.io/name=prometheus
  images
    {prometheus, prom}/prometheus
    prometheus-operator/prometheus-config-reloader
  note: a server that scrapes applications over mutual TLS has to stay in the
    mesh
`,
      err: '',
    });
  });

  test("lists a policy's own agents too", async () => {
    const dir = await folders.create({ 'policy.yaml': policy });
    const { code, out } = await aloft(['vendors', 'acme', '--policy', join(dir, 'policy.yaml')]);
    expect([code, out]).toEqual([
      0,
      'acme: acme, recognised by the policy\n  agent\n    by acme.io/role=agent\n  images\n    acme/agent\n',
    ]);
  });

  test('prints the same for programs', async () => {
    const { out } = await aloft(['vendors', 'sensu', 'dynatrace', '-o', 'json']);
    const { kind, items } = JSON.parse(out);
    expect(kind).toBe('VendorList');
    expect(items).toMatchObject([
      { id: 'dynatrace', recognised: 'by default' },
      { id: 'sensu', name: 'Sensu', recognised: 'when asked for', components: [], images: ['sensu/sensu'] },
    ]);
  });

  test.each([
    ['datadgo', 'no vendor "datadgo": did you mean "datadog"?'],
    ['zzzzzzzzzzzz', `no vendor "zzzzzzzzzzzz": expected one of ${vendorIds.join(', ')}`],
  ])('does not know %s', async (id, message) => {
    expect(await aloft(['vendors', id])).toEqual({ code: 2, out: '', err: `aloft: ${message}\n` });
  });

  test('needs a good policy', async () => {
    const { code, err } = await aloft(['vendors', '--policy', '/nowhere/policy.yaml']);
    expect([code, err]).toEqual([2, 'aloft: /nowhere/policy.yaml: cannot be read: no such file or folder\n']);
  });
});

const recognise = async (files: Record<string, string>, ...options: string[]) => {
  const dir = await folders.create(files);
  const args = options.map((option) => (option.endsWith('.yaml') ? join(dir, option) : option));
  return within(dir, await aloft(['vendors', 'recognise', '-f', join(dir, 'in'), ...args]));
};

describe('vendors recognise', () => {
  test('says who each Pod is, or that it is nobody', async () => {
    const text = [
      manifest('DaemonSet', 'apps/v1', 'datadog', { template: template('gcr.io/datadoghq/agent:7') }),
      manifest('Deployment', 'apps/v1', 'prom', {
        template: template('corp/prom', { 'app.kubernetes.io/name': 'prometheus' }),
      }),
      manifest('Service', 'v1', 'shop', {}),
      manifest('DaemonSet', 'apps/v1', 'ztunnel', { template: template('istio/ztunnel', { app: 'ztunnel' }) }),
      manifest('Pod', 'v1', 'shop', template('corp/shop').spec),
    ].join('');
    expect(await recognise({ 'in/all.yaml': text })).toEqual({
      code: 0,
      out: `in/all.yaml:1:1 DaemonSet datadog
  Datadog agent, by image gcr.io/datadoghq/agent
in/all.yaml:3:1 Deployment prom
  Prometheus server, by label app.kubernetes.io/name=prometheus
  only where a policy asks for it: vendors: [prometheus]
in/all.yaml:7:1 DaemonSet ztunnel
  part of Istio: ztunnel, by label app=ztunnel
in/all.yaml:9:1 Pod shop
  nobody's: no label and no image of an agent that aloft knows
`,
      err: '',
    });
  });

  // What charts of monitoring systems create to run once, or now and then: with a sidecar, they never end.
  test.each<[string, string, ReturnType<typeof template>, string]>([
    [
      "Sysdig's registry scanner",
      'CronJob',
      template('quay.io/sysdig/registry-scanner:0.9', { 'app.kubernetes.io/name': 'registry-scanner' }),
      'sysdig registry-scanner',
    ],
    [
      "Sysdig's cluster scanner",
      'Job',
      template('quay.io/sysdig/runtime-status-integrator', { 'app.kubernetes.io/name': 'cluster-scanner' }),
      'sysdig cluster-scanner',
    ],
    [
      "a Job of Dynatrace's operator",
      'Job',
      template('public.ecr.aws/dynatrace/dynatrace-operator', { 'app.kubernetes.io/name': 'dynatrace-operator' }),
      'dynatrace operator',
    ],
    ['a Job with the Agent of Datadog', 'Job', template('gcr.io/datadoghq/agent:7'), 'datadog undefined'],
    [
      'the certificate of the Prometheus Operator',
      'Job',
      template('registry.k8s.io/ingress-nginx/kube-webhook-certgen', { app: 'kube-prometheus-stack-admission-patch' }),
      'prometheus-operator certificate-job',
    ],
    [
      "the token of Mimir's gateway",
      'Job',
      template('grafana/enterprise-metrics', {
        'app.kubernetes.io/name': 'mimir',
        'app.kubernetes.io/component': 'tokengen',
      }),
      'grafana tokengen',
    ],
  ])('knows %s', async (_, kind, pod, expected) => {
    const spec = kind === 'Job' ? { template: pod } : { jobTemplate: { spec: { template: pod } } };
    const { code, out } = await recognise({ 'in/job.yaml': manifest(kind, 'batch/v1', 'job', spec) }, '-o', 'json');
    const { vendor, component } = JSON.parse(out).items[0].agent;
    expect([code, `${vendor.id} ${component?.id}`]).toEqual([0, expected]);
  });

  test('prints the same for programs', async () => {
    const text = manifest('Pod', 'v1', 'a', template('datadog/agent').spec) + manifest('Pod', 'v1', 'b', {});
    const { code, out } = await recognise({ 'in/pods.yaml': text }, '-o', 'json', '-n', 'ops');
    const object = { kind: 'Pod', namespace: 'ops', name: 'a' };
    const agent = {
      vendor: { id: 'datadog', name: 'Datadog' },
      evidence: 'by image datadog/agent',
      recognised: 'by default',
    };
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      apiVersion: 'aloft.dev/v1alpha1',
      kind: 'RecognitionReport',
      items: [
        { file: 'in/pods.yaml', line: 1, column: 1, object, agent },
        { file: 'in/pods.yaml', line: 3, column: 1, object: { ...object, name: 'b' } },
      ],
    });
  });

  test("knows a policy's own agents", async () => {
    const text = manifest('Pod', 'v1', 'a', template('acme/agent:1').spec);
    const { code, out } = await recognise({ 'in/pod.yaml': text, 'policy.yaml': policy }, '--policy', 'policy.yaml');
    expect([code, out]).toEqual([0, 'in/pod.yaml:1:1 Pod a\n  acme agent, by image acme/agent\n']);
  });

  test('reads requests and standard input', async () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: template('sysdig/agent').spec };
    const request = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'x', object } };
    expect(await aloft(['vendors', 'recognise', '-'], { stdin: JSON.stringify(request) })).toEqual({
      code: 0,
      out: '<stdin>:1:1 Pod a\n  Sysdig agent, by image sysdig/agent\n',
      err: '',
    });
  });

  const agent = manifest('Pod', 'v1', 'a', template('sysdig/agent').spec);
  test.each<[string, Record<string, string>, string]>([
    [
      'a Pod that is none',
      { 'in/a.yaml': agent, 'in/b.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n  containers: 3\n' },
      'in/b.yaml:4:3: spec.containers: expected a list, got number 3',
    ],
    ['text that is no YAML', { 'in/a.yaml': agent, 'in/b.yaml': 'kind: [' }, 'in/b.yaml:1:8: '],
    ['nothing', { 'in/a.yaml': 'kind: ConfigMap\n' }, 'nothing to recognise: no Pod or workload in the input'],
  ])('ends with 2 on %s', async (_, files, message) => {
    const { code, out, err } = await recognise(files);
    expect([code, out.includes('Sysdig agent')]).toEqual([2, 'in/b.yaml' in files]);
    expect(err).toContain(`aloft: ${message}`);
  });

  test('wants something to read', async () => {
    const { code, err } = await aloft(['vendors', 'recognise']);
    expect([code, err]).toEqual([2, 'error: nothing to read: name files or folders, or - for standard input\n']);
  });
});
