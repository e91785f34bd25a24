import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { aloft, createFolders } from '../support/commands.js';
import { agentPod, deployment, policyText } from '../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

const run = (stdin: string, ...args: readonly string[]) => aloft(['function', ...args], { stdin });
const resultsOf = (out: string): readonly Record<string, unknown>[] => parse(out).results ?? [];

const indented = (text: string): string => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`;

/** A ResourceList as kustomize writes it. */
const listOf = (items: readonly string[], config = ''): string =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.map(indented).join('')}${config}`;

const configOf = (policy: string): string => `functionConfig:\n  ${policy.trimEnd().replaceAll('\n', '\n  ')}\n`;
const linting = policyText('  rules:\n    - rule: annotation-lint\n');

const untouched = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }`;

const faulty = `apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
  annotations:
    ad.datadoghq.com/app.checks: "{oops"
    internal.config.kubernetes.io/path: 'shop/cart.yaml'
    internal.config.kubernetes.io/index: '2'
    config.kubernetes.io/path: 'old/cart.yaml'
spec:
  containers: [{ name: app, image: shop/cart:1 }]`;

describe('the list', () => {
  test('comes out byte for byte, with whole lines added for changes and results', async () => {
    const list = `# a list\n${listOf([agentPod, untouched, deployment], 'functionConfig:   # none\n')}`;
    const { code, out } = await run(list);
    const added = out.split('\n').filter((line) => !list.split('\n').includes(line));
    expect(code).toBe(0);
    expect(added.join('\n')).toContain('istio.io/dataplane-mode: none');
    let rest = out;
    for (const line of list.trimEnd().split('\n')) {
      const at = rest.indexOf(`${line}\n`);
      expect([line, at >= 0]).toEqual([line, true]);
      rest = rest.slice(at + line.length + 1);
    }
  });

  test('has its items changed as the webhook would change them', async () => {
    const { out } = await run(listOf([agentPod, deployment]));
    const [pod, workload] = parse(out).items;
    expect(pod.metadata.labels).toMatchObject({ 'sidecar.istio.io/inject': 'false' });
    expect(workload.spec.template.spec.containers[0].env[0].name).toBe('DD_AGENT_HOST');
  });

  test('keeps what its orchestrator notes on objects', async () => {
    const { out } = await run(listOf([faulty], configOf(linting)));
    expect(parse(out).items).toEqual(parse(listOf([faulty])).items);
  });

  test('stays as it is where nothing is to be said', async () => {
    const list = listOf([untouched]);
    expect(await run(list)).toEqual({ code: 0, out: list, err: '' });
  });

  test.each<[string, string]>([
    ['an empty list', 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n'],
    ['no items at all', 'apiVersion: config.kubernetes.io/v1alpha1\nkind: ResourceList\n'],
  ])('may hold nothing: %s', async (_, list) => {
    expect(await run(list)).toEqual({ code: 0, out: list, err: '' });
  });

  const results = async (list: string): Promise<unknown> => resultsOf((await run(list)).out);

  test.each<[string, (list: string) => string]>([
    ['behind comments and the marker of a document', (list) => `# a list\n\n---\n${list}`],
    ['with Windows line ends', (list) => list.replaceAll('\n', '\r\n')],
    ['without a new line at its end', (list) => list.trimEnd()],
    ['with the mark of its end', (list) => `${list}...\n`],
    ['that begins with something else', (list) => `metadata: {}\n${list}`],
    ['in flow style', (list) => `{\n${JSON.stringify(parse(list)).slice(1, -1)}\n}\n`],
    [
      'in flow style, without quotes',
      () => '{\napiVersion: config.kubernetes.io/v1,\nkind: ResourceList, items: [\n%]}\n',
    ],
  ])('gets the same results %s', async (_, written) => {
    const list = listOf([agentPod, deployment]);
    const items = parse(list).items.map((item: unknown) => JSON.stringify(item));
    const text = written(list).replace('%', items.join());
    const { out } = await run(text);
    expect(resultsOf(out)).toEqual(await results(list));
    expect(parse(out).items).toEqual(parse((await run(list)).out).items);
  });

  test('keeps its line ends', async () => {
    const { out } = await run(listOf([agentPod]).replaceAll('\n', '\r\n'));
    expect(out.replaceAll('\r\n', '')).not.toContain('\n');
    expect(out).toContain('results:\r\n');
  });

  test('may be JSON', async () => {
    const { code, out } = await run(JSON.stringify(parse(listOf([agentPod]))));
    expect(code).toBe(0);
    expect(JSON.parse(out).items[0].metadata.labels).toMatchObject({ 'istio.io/dataplane-mode': 'none' });
    expect(JSON.parse(out).results).toHaveLength(3);
  });

  test('is the same after a second run but for results, which then tell of no change', async () => {
    const first = await run(listOf([agentPod, deployment]));
    const second = await run(first.out);
    const { results, ...others } = parse(first.out);
    expect(results.length).toBeGreaterThan(3);
    expect(parse(second.out)).toEqual({ ...others, results: [] });
  });

  test('tells the labels of its namespaces', async () => {
    const byLabel = policyText(
      '  rules:\n    - rule: tracer-env\n      match: { namespaceLabels: { tracing: "on" } }\n',
    );
    const shop = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { tracing: "on" } }';
    const without = await run(listOf([deployment], configOf(byLabel)));
    const beside = await run(listOf([shop, deployment], configOf(byLabel)));
    expect(resultsOf(without.out)).toEqual([]);
    expect(resultsOf(beside.out)[0]).toMatchObject({ severity: 'info', resourceRef: { name: 'cart' } });
  });
});

describe('results', () => {
  test('of a change: what is proposed, where, and why', async () => {
    const { out } = await run(listOf([deployment]));
    expect(resultsOf(out)[0]).toEqual({
      message: "tracer-env: the node's agent by its IP",
      severity: 'info',
      resourceRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', namespace: 'shop' },
      field: {
        path: 'spec.template.spec.containers[0].env[0]',
        proposedValue: { name: 'DD_AGENT_HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      },
      tags: {
        'aloft.dev/level': 'change',
        'aloft.dev/rule': 'tracer-env',
        'aloft.dev/reason': 'agent-address',
      },
    });
  });

  test('of a change of what is there: also what it is now', async () => {
    const excluding = 'traffic.sidecar.istio.io/excludeOutboundPorts';
    const annotated = deployment.replace(
      '      labels:\n',
      `      annotations: { ${excluding}: "9" }\n      labels:\n`,
    );
    const egress = policyText(
      '  cluster: { dataPlaneMode: sidecar }\n  rules:\n    - rule: tracer-env\n    - rule: agent-egress\n',
    );
    const { out } = await run(listOf([annotated], configOf(egress)));
    const { field } = resultsOf(out).find(({ message }) => String(message).startsWith('agent-egress')) ?? {};
    expect(field).toMatchObject({ path: `spec.template.metadata.annotations.${excluding}`, currentValue: '9' });
  });

  test('of a violation: an error, with the file that the orchestrator has read', async () => {
    const { code, out } = await run(listOf([untouched, faulty], configOf(linting)));
    expect(code).toBe(1);
    expect(resultsOf(out)).toEqual([
      {
        message: expect.stringMatching(/^annotation-lint: ad\.datadoghq\.com\/app\.checks is no JSON/),
        severity: 'error',
        resourceRef: { apiVersion: 'v1', kind: 'Pod', name: 'cart', namespace: 'shop' },
        field: { path: 'metadata.annotations.ad.datadoghq.com/app.checks' },
        file: { path: 'shop/cart.yaml', index: 2 },
        tags: expect.objectContaining({ 'aloft.dev/level': 'violation' }),
      },
    ]);
  });

  test('of a workload: the field of its template', async () => {
    const annotated = deployment.replace(
      '      labels:\n',
      '      annotations: { ad.datadoghq.com/app.checks: "{" }\n      labels:\n',
    );
    const { out } = await run(listOf([annotated], configOf(linting)));
    const path = 'spec.template.metadata.annotations.ad.datadoghq.com/app.checks';
    expect(resultsOf(out)).toEqual([expect.objectContaining({ severity: 'error', field: { path } })]);
  });

  test('of what goes to the end of a list: the list, which has no number for it yet', async () => {
    const mounting = deployment.replace(
      '      containers:\n',
      '      volumes: [{ name: data, emptyDir: {} }]\n      containers:\n',
    );
    const socket = policyText('  rules:\n    - rule: tracer-env\n      settings: { agent: { via: socket } }\n');
    const { out } = await run(listOf([mounting], configOf(socket)));
    const fields = resultsOf(out).map(({ field }) => field as { path: string; proposedValue: object });
    expect(fields.find(({ path }) => path === 'spec.template.spec.volumes')?.proposedValue).toHaveProperty('hostPath');
  });

  test('of a rule in mode audit: what it would add, in words', async () => {
    const audit = policyText('  rules:\n    - rule: agents-outside-mesh\n      mode: audit\n');
    const { out } = await run(listOf([agentPod], configOf(audit)));
    expect(resultsOf(out)[0]).toMatchObject({
      message: expect.stringMatching(/^agents-outside-mesh: would add label sidecar\.istio\.io\/inject: "false": /),
      severity: 'info',
    });
    expect(resultsOf(out)[0]).not.toHaveProperty('field.proposedValue');
  });

  test('of other functions stay, and ours are told anew', async () => {
    const other = { message: 'no owner', severity: 'warning', tags: { by: 'somebody' } };
    const list = `${listOf([faulty], configOf(linting))}results:\n  - ${JSON.stringify(other)}\n`;
    const first = await run(list);
    const second = await run(first.out);
    expect(resultsOf(first.out)).toEqual([other, expect.objectContaining({ severity: 'error' })]);
    expect(second.out).toBe(first.out);
  });

  test.each<[string, string, number, readonly string[]]>([
    ['violation, by default', 'violation', 1, ['error']],
    ['never', 'never', 0, ['warning']],
  ])('are errors from a level on, and then the code is 1: %s', async (_, level, code, severities) => {
    const ran = await run(listOf([faulty], configOf(linting)), '--fail-on', level);
    expect([ran.code, resultsOf(ran.out).map(({ severity }) => severity)]).toEqual([code, severities]);
    expect(ran.err).toContain('violation: Pod cart: annotation-lint: ');
  });

  test('are errors for a change, if asked, and standard error says that something is wrong', async () => {
    const { code, out, err } = await run(listOf([agentPod]), '--fail-on', 'change');
    expect([code, resultsOf(out).map(({ severity }) => severity)]).toEqual([1, ['error', 'error', 'error']]);
    expect(err).toBe('1 object reviewed, 1 to change, 0 violations, 0 other documents\n');
  });

  test('tell what could not be reviewed; the code is 2, and the others are changed', async () => {
    const { code, out, err } = await run(
      listOf([agentPod.replace('  labels:', '  annotations: [x]\n  labels:'), deployment]),
    );
    const message = '<stdin>:8:5: metadata.annotations: expected an object, got a list';
    expect(code).toBe(2);
    expect(err).toContain(`aloft: ${message}\n`);
    expect(resultsOf(out)[0]).toMatchObject({ message, severity: 'error' });
    expect(parse(out).items[1].spec.template.spec.containers[0].env).toHaveLength(4);
  });
});

describe('an item from a base beside the folder that is built', () => {
  const item = faulty.replace(/ {4}internal[\s\S]*cart.yaml'\n/, '');
  const built = item.replace(
    '  annotations:\n',
    "  annotations:\n    config.kubernetes.io/origin: 'path: ../../base/cart.yaml'\n",
  );
  const home = process.cwd();
  afterAll(() => process.chdir(home));

  test.each<[string, readonly string[], string]>([
    [
      'is found where its folder is given',
      ['--source-root', '../../base'],
      '../../base/cart.yaml:7:5 (<stdin>:11:7): ',
    ],
    ['is named by its file alone otherwise', [], '<stdin>:11:7 (../../base/cart.yaml): '],
  ])('%s', async (_, args, place) => {
    const dir = await folders.create({ 'base/cart.yaml': item, 'overlays/prod/x': '' });
    process.chdir(join(dir, 'overlays/prod'));
    const { err } = await run(listOf([built], configOf(linting)), ...args);
    expect(err.split('violation')[0]).toBe(place);
  });
});

describe('the policy', () => {
  test('is the functionConfig, whatever an orchestrator has written on it', async () => {
    const config = configOf(linting).replace(
      'metadata: { name: test }',
      'metadata:\n    name: test\n    annotations: { config.kubernetes.io/local-config: "true" }',
    );
    expect(await run(listOf([faulty], config))).toMatchObject({ code: 1 });
    expect(parse((await run(listOf([faulty], config))).out).functionConfig).toEqual(parse(config).functionConfig);
  });

  const configMap = (data: string): string =>
    `functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: function-input }\n${data}`;

  test('may be the text in a ConfigMap', async () => {
    const data = `  data:\n    policy: |\n      ${linting.trimEnd().replaceAll('\n', '\n      ')}\n`;
    expect(await run(listOf([faulty], configMap(data)))).toMatchObject({ code: 1 });
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['null', 'functionConfig:\n'],
    ['a ConfigMap without data', configMap('')],
    ['a ConfigMap with nothing in it', configMap('  data: {}\n')],
  ])('is that of --policy where functionConfig is %s', async (_, config) => {
    const dir = await folders.create({ 'policy.yaml': linting });
    expect(await run(listOf([faulty], config), '--policy', join(dir, 'policy.yaml'))).toMatchObject({ code: 1 });
    expect(await run(listOf([faulty], config))).toMatchObject({ code: 0 });
  });

  test.each<[string, string, string]>([
    [
      'an unknown rule',
      configOf(linting.replace('annotation-lint', 'annotation-lintt')),
      '<stdin>:22:9 functionConfig.spec.rules[0].rule: expected one of ',
    ],
    [
      'another kind',
      'functionConfig: { apiVersion: v1, kind: Secret }\n',
      '<stdin>:16:1 functionConfig: expected a Policy (aloft.dev/v1alpha1), or a ConfigMap with one under data.policy, got Secret',
    ],
    [
      'a ConfigMap with something else',
      configMap('  data: { polcy: x }\n'),
      '<stdin>:20:11 functionConfig.data.polcy: expected nothing but policy, which is the text of one',
    ],
    [
      'a ConfigMap with no policy under its name',
      configMap('  data: { policy: "kind: Policy" }\n'),
      'functionConfig.data.policy:1:1 apiVersion: expected ',
    ],
  ])('with %s is told as a result and as a message; the code is 2', async (_, config, message) => {
    const { code, out, err } = await run(listOf([faulty], config));
    expect(code).toBe(2);
    expect(err).toContain(`aloft: ${message}`);
    expect(resultsOf(out)[0]).toMatchObject({ message: expect.stringContaining(message), severity: 'error' });
    expect(parse(out).items).toEqual(parse(listOf([faulty])).items);
  });
});

describe('what is no ResourceList', () => {
  test.each<[string, string, string]>([
    ['nothing', '', '<stdin>: nothing to read: '],
    ['an empty document', '# nothing\n', '<stdin>: expected a ResourceList, got nothing'],
    ['a manifest', agentPod, 'got v1 Pod: for other manifests there is `aloft review - -o yaml`'],
    ['another list', 'apiVersion: v1\nkind: List\nitems: []\n', 'got v1 List'],
    ['text', 'hello', 'got something else'],
    ['two lists', `${listOf([agentPod])}---\n${listOf([agentPod])}`, 'got several documents'],
    ['broken YAML', 'kind: [ResourceList\n', '<stdin>:2:1: '],
  ])('is refused, with nothing on standard output: %s', async (_, text, message) => {
    const { code, out, err } = await run(text);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
