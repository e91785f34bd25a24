import { afterAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { aloft, createFolders, within } from '../../support/commands.js';
import { configMap, deployment } from '../../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: first
  name: second
spec:
  containers:
    - name: app
      image: shop/cart:1
      image: shop/cart:2
`;

const json = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "name": "b"}, "spec": {"containers": []}}';

const list = `kind: List
items: []
items:
- kind: ConfigMap
  data: {a: b, a: c}
${['a', 'b', 'c'].map((name) => `- {kind: Pod, apiVersion: v1, metadata: {name: x, name: y, name: ${name}}, spec: {containers: []}}\n`).join('')}`;

const shared = `kind: Pod
apiVersion: v1
metadata: {name: a}
spec: &spec {restartPolicy: Never, restartPolicy: Never, containers: []}
---
kind: Pod
apiVersion: v1
metadata: {name: b, labels: {<<: {c: d}, c: e}}
spec: {containers: []}
`;

const twice = (place: string, object: string, key: string, often = 'twice') =>
  `${place}: warning: ${object}: input: the key "${key}" is there ${often}, and only the last one counts`;

test.each<[string, string, string[]]>([
  ['in a Pod', pod, [twice('5:3', 'Pod second', 'name'), twice('10:7', 'Pod second', 'image')]],
  ['in JSON', json, [twice('1:63', 'Pod b', 'name')]],
  ['in lines of JSON', `${json}\n${json}${json}\n`, ['1:63', '2:63', '2:166'].map((at) => twice(at, 'Pod b', 'name'))],
  [
    'in a workload, and in the template of its Pods',
    deployment
      .replace('  name: cart\n', '  name: x\n  name: cart\n')
      .replace('app: cart\n', 'app: x\n        app: cart\n'),
    [twice('6:3', 'Deployment cart', 'name'), twice('13:9', 'Deployment cart', 'app')],
  ],
  [
    'in a value that counts, and not in one that is there before',
    'kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n  labels: {tier: x, tier: y}\n  labels: {tier: web}\nspec: {containers: []}\n',
    [twice('6:3', 'Pod a', 'labels')],
  ],
  [
    'in a list, each for the object that it is in; above them, for the first',
    list,
    [
      twice('3:1', 'Pod a', 'items'),
      twice('6:60', 'Pod a', 'name', '3 times'),
      twice('7:60', 'Pod b', 'name', '3 times'),
      twice('8:60', 'Pod c', 'name', '3 times'),
    ],
  ],
  ['what an anchor is for, once; and not what is merged', shared, [twice('4:36', 'Pod a', 'restartPolicy')]],
  ['nothing of what no rule is for', `${configMap}  template: x\n`, []],
])('a key that is there twice is a warning: %s', async (_, text, expected) => {
  const { code, err } = await aloft(['review', '-', '-o', 'patch'], { stdin: text });
  const lines = err.split('\n').slice(0, -2);
  expect([code, lines.map((line) => line.replace(/^<stdin>:/, ''))]).toEqual([0, expected]);
});

test('the warning leads to the template that a manifest was rendered from', async () => {
  const dir = await folders.create({
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\n',
    'shop/templates/pod.yaml': `{{- if true }}\n${pod.replace('first', '{{ .Release.Name }}')}{{- end }}\n`,
  });
  const rendered = `---\n# Source: shop/templates/pod.yaml\n${pod}`;
  const { err } = within(dir, await aloft(['review', '-', '--source-root', dir], { stdin: rendered }));
  expect(err).toContain(twice('shop/templates/pod.yaml:6:3 (<stdin>:7:3)', 'Pod second', 'name'));
});

test.each<[string, number]>([
  ['--fail-on=warning', 1],
  ['--fail-on=violation', 0],
  ['--warn-exit-code=10', 10],
])('it counts: %s', async (arg, code) => {
  const ran = await aloft(['review', '-', arg, '-q'], { stdin: pod });
  expect(ran).toMatchObject({
    code,
    err: expect.stringMatching(/^<stdin>:5:3: warning: .*\n<stdin>:10:7: warning: .*\n$/),
  });
});

const message = 'the key "name" is there twice, and only the last one counts';

test.each<[string, string]>([
  ['table', 'warning  Pod   default    second  pod.yaml:1  input: duplicate-key, tracer-env: +4\n'],
  ['markdown', `**warning** \`pod.yaml:5:3\` \`Pod second\` in \`default\`: **input**: ${message}\n`],
  ['html', `<b>input</b>: ${message.replaceAll('"', '&#34;')} <span class="place">pod.yaml:5:3</span>`],
  [
    'github',
    `::warning file=pod.yaml,line=5,col=3,endColumn=7,title=aloft input/duplicate-key::Pod second: ${message}\n`,
  ],
  [
    'junit',
    `<testcase classname="input" name="can be reviewed" file="pod.yaml" line="5">\n<skipped type="warning" message="pod.yaml:5:3: ${message.replaceAll('"', '&quot;')} (and 1 more)">`,
  ],
])('every format tells it: %s', async (format, expected) => {
  const dir = await folders.create({ 'pod.yaml': pod });
  expect(within(dir, await aloft(['review', `${dir}/pod.yaml`, '-o', format])).out).toContain(expected);
});

test.each<[string, (report: never) => unknown, unknown]>([
  [
    'json',
    ({ items: [item], summary }: { items: { remarks: unknown[] }[]; summary: object }) => [summary, item?.remarks[0]],
    [
      expect.objectContaining({ warnings: 2 }),
      {
        level: 'warning',
        rule: 'input',
        name: 'input',
        code: 'duplicate-key',
        message,
        file: 'pod.yaml',
        line: 5,
        column: 3,
      },
    ],
  ],
  [
    'gitlab',
    ([issue]: readonly unknown[]) => issue,
    expect.objectContaining({
      check_name: 'input/duplicate-key',
      severity: 'major',
      location: { path: 'pod.yaml', lines: { begin: 5 } },
    }),
  ],
  [
    'sarif',
    ({ runs: [run] }: { runs: { results: unknown[]; tool: { driver: { rules: unknown[] } } }[] }) => [
      run?.results[0],
      run?.tool.driver.rules.find((rule) => (rule as { id: string }).id === 'input/duplicate-key'),
    ],
    [
      expect.objectContaining({
        ruleId: 'input/duplicate-key',
        level: 'warning',
        message: { text: `Pod second: ${message}` },
      }),
      expect.objectContaining({ defaultConfiguration: { level: 'warning' } }),
    ],
  ],
])('every format tells it, for programs: %s', async (format, chosen, expected) => {
  const dir = await folders.create({ 'pod.yaml': pod });
  const { out } = within(dir, await aloft(['review', `${dir}/pod.yaml`, '-o', format]));
  expect(chosen(JSON.parse(out) as never)).toEqual(expected);
});

test('what is changed is the last one', async () => {
  const dir = await folders.create({ 'pod.yaml': pod });
  const ran = within(dir, await aloft(['fix', `${dir}/pod.yaml`, '--dry-run', '-q']));
  expect(ran).toMatchObject({ code: 0, err: expect.stringContaining(twice('pod.yaml:5:3', 'Pod second', 'name')) });
  const after = (await aloft(['review', `${dir}/pod.yaml`, '-o', 'yaml'])).out;
  expect(parse(after, { uniqueKeys: false })).toMatchObject({
    metadata: { name: 'second' },
    spec: { containers: [{ image: 'shop/cart:2', env: expect.arrayContaining([{ name: 'DD_VERSION', value: '2' }]) }] },
  });
});
