import { afterAll, describe, expect, test } from '@jest/globals';
import { aloft, createFolders, within } from '../../support/commands.js';
import { agentPod, brokenYaml, configMap, deployment, podText, policyText, service } from '../../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

const explain = (text: string, ...args: readonly string[]) => aloft(['explain', '-', ...args], { stdin: text });

async function withPolicy(spec: string, text: string) {
  const dir = await folders.create({ 'policy.yaml': policyText(spec) });
  return explain(text, '--policy', `${dir}/policy.yaml`);
}

test('each rule of each object: what it decided, and what decided it, also why not', async () => {
  expect(await explain(`${deployment}---\n${configMap}---\n${agentPod}`)).toEqual({
    code: 0,
    err: '',
    out: `<stdin>:2:1 Deployment cart
  namespace shop, through the Pods it creates
  agents-outside-mesh (enforce): skipped
    - not-an-agent: nothing in the labels or images says that the Pod is a
      monitoring agent
        labels: app=cart
        images: shop/cart:1.2.3 in app
  tracer-env (enforce): edited
    + env DD_AGENT_HOST = from status.hostIP in app
        agent-address: the node's agent by its IP
    + env DD_ENTITY_ID = from metadata.uid in app
        entity-id: the Pod by its UID
    + env DD_SERVICE = "cart" in app
        service-identity: from label app
    + env DD_VERSION = "1.2.3" in app
        service-identity: from the image tag of app

<stdin>:24:1 Pod datadog
  namespace default
  agents-outside-mesh (enforce): edited
    + label sidecar.istio.io/inject: "false"
        agent-leaves-mesh: Datadog Agent, by label
          agent.datadoghq.com/component=agent
    + annotation sidecar.istio.io/inject: "false"
        agent-leaves-mesh: Datadog Agent, by label
          agent.datadoghq.com/component=agent
    + label istio.io/dataplane-mode: "none"
        agent-leaves-ambient: Datadog Agent, by label
          agent.datadoghq.com/component=agent
  tracer-env (enforce): skipped
    - monitoring-agent: Datadog, by label agent.datadoghq.com/component=agent
      (<stdin>:29:5)
`,
  });
});

describe('why not, and which part of the policy or of the object says so:', () => {
  const tracer = '  rules:\n    - rule: tracer-env\n';
  const lint = '  rules:\n    - rule: annotation-lint\n';
  const exempted = podText('  annotations: {aloft.dev/exempt: tracer-env}\n');
  const linted = podText('  annotations: {traffic.sidecar.istio.io/excludeInboundPorts: x}\n');
  test.each<[string, string, string, string, string]>([
    [
      'the rule is off',
      `${tracer}      mode: "off"\n`,
      podText(),
      'rule-off: the policy turns the rule off',
      'policy.yaml:7:7',
    ],
    [
      'the namespace is out of scope',
      `${tracer}      match: {namespaces: [pay*]}\n`,
      podText(),
      'namespace-out-of-scope: namespace default matches none of pay*',
      'policy.yaml:7:15',
    ],
    [
      'a label is out of scope',
      `${tracer}      match:\n        labels:\n          a: b\n          team: x\n`,
      podText('  labels: {a: b, team: z}\n'),
      'labels-out-of-scope: label team is z, x is wanted',
      'policy.yaml:10:11; <stdin>:5:18',
    ],
    [
      'the owner is out of scope',
      `${tracer}      match: {owners: [Job]}\n`,
      podText(),
      'owner-out-of-scope: owned by nothing, not by Job',
      'policy.yaml:7:15',
    ],
    [
      'no image is in scope',
      `${tracer}      match: {images: [shop/web]}\n`,
      podText(),
      'image-out-of-scope: no image matches shop/web',
      'policy.yaml:7:15',
    ],
    [
      'labels of namespaces are not known',
      `${tracer}      match: {namespaceLabels: {a: b}}\n`,
      podText(),
      'namespace-labels-unknown: the labels of namespace default are not known here',
      'policy.yaml:7:15',
    ],
    [
      'the author exempts it',
      tracer,
      exempted,
      'exempt-by-annotation: annotation aloft.dev/exempt: tracer-env',
      '<stdin>:5:17',
    ],
    [
      'the policy exempts it',
      `${tracer}  exemptions:\n    - {rules: [annotation-lint], reason: too old}\n    - {rules: ["*"], reason: too old}\n`,
      podText(),
      'exempt-by-policy: too old',
      'policy.yaml:9:7',
    ],
    [
      'the policy exempts it for a time',
      `${tracer}  exemptions: [{rules: [tracer-env], reason: too old, expires: 9999-12-31}]\n`,
      podText(),
      'exempt-by-policy: too old (until 9999-12-31)',
      'policy.yaml:7:16',
    ],
    [
      'the policy exempts all that it finds, under a code',
      `${lint}  exemptions:\n    - {rules: [annotation-lint], reason: other, match: {namespaces: [a]}}\n    - {rules: [tracer-env, annotation-lint/istio-port], reason: too old}\n`,
      linted,
      'exempt-by-policy: too old',
      'policy.yaml:9:7',
    ],
  ])('%s', async (_, spec, text, reason, places) => {
    const dir = await folders.create({ 'policy.yaml': policyText(spec) });
    const { code, out } = within(dir, await explain(text, '--policy', `${dir}/policy.yaml`));
    expect(code).toBe(0);
    expect(out.replaceAll(/\n {6}(?! )/g, ' ')).toContain(`    - ${reason} (${places})\n`);
  });

  test('the policy exempts a part of what the rule finds, under a code and by its name', async () => {
    const spec =
      '  rules:\n    - {rule: annotation-lint, name: lint}\n  exemptions:\n    - {rules: [tracer-env], reason: too old}\n    - {rules: [lint/istio-value], reason: too old}\n';
    const text = podText(
      '  annotations: {traffic.sidecar.istio.io/excludeInboundPorts: x, sidecar.istio.io/interceptionMode: x}\n',
    );
    const dir = await folders.create({ 'policy.yaml': policyText(spec) });
    const policy = ['--policy', `${dir}/policy.yaml`];
    const { out } = within(dir, await explain(text, ...policy));
    expect(out).toMatch(/^ {2}lint \(enforce\): violation\n {4}- istio-port: /m);
    expect(out).toContain('    ! exempt-by-policy: too old (policy.yaml:9:7)\n');
    const json = within(dir, await explain(text, ...policy, '-o', 'json'));
    expect(JSON.parse(json.out).items[0].steps[0].exempt).toEqual([
      { code: 'exempt-by-policy', message: 'too old', policy: { file: 'policy.yaml', line: 9, column: 7 } },
    ]);
  });

  test('of two exemptions that say the same, none is named', async () => {
    const { out } = await withPolicy(
      `${tracer}  exemptions: [{rules: ["*"], reason: too old}, {rules: [tracer-env], reason: too old}]\n`,
      podText(),
    );
    expect(out).toContain('    - exempt-by-policy: too old\n');
  });

  test('in a List, in a template, in a request, in the second document', async () => {
    const { out } = await withPolicy(
      `${tracer}      match: {labels: {app: web}}\n`,
      `${deployment}---\napiVersion: v1\nkind: List\nitems:\n  - kind: Pod\n    apiVersion: v1\n    metadata:\n      labels:\n        app: x\n---\n${JSON.stringify(
        {
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          request: {
            uid: 'u',
            kind: { group: '', version: 'v1', kind: 'Pod' },
            operation: 'CREATE',
            namespace: 'a',
            object: { metadata: { labels: { app: 'y' } } },
          },
        },
        undefined,
        1,
      )}`,
    );
    expect([...out.matchAll(/<stdin>:\d+:\d+\)/g)].map(([place]) => place)).toEqual([
      '<stdin>:11:9)',
      '<stdin>:24:9)',
      '<stdin>:41:6)',
    ]);
  });

  test('in the source of what was rendered', async () => {
    const source = `kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n  # whose it is\n  labels:\n    app: x\n`;
    const dir = await folders.create({ 'chart/templates/pod.yaml': source, 'chart/Chart.yaml': 'name: chart\n' });
    const rendered = `---\n# Source: chart/templates/pod.yaml\n${source.replace('  # whose it is\n', '')}`;
    const spec = `${tracer}      match: {labels: {app: web}}\n`;
    const policy = await folders.create({ 'policy.yaml': policyText(spec) });
    const args = ['--policy', `${policy}/policy.yaml`, '--source-root', dir];
    const { out } = within(dir, await explain(rendered, ...args));
    expect(out).toContain(' chart/templates/pod.yaml:7:5 (<stdin>:8:5))\n');
  });

  test('the author set it: named, where it is, and kept', async () => {
    const text = podText().replace(
      'image:',
      'env: [{name: DD_ENV, value: mine}, {name: DD_ENTITY_ID, value: mine}]\n      image:',
    );
    const { out } = await explain(text);
    expect(out).toMatch(/^ {4}! author-decided: DD_ENTITY_ID is set in app \(<stdin>:\d+:\d+\)$/m);
    expect(out).not.toContain('mine');
  });

  test('it is so already', async () => {
    const once = (await aloft(['review', '-', '-o', 'yaml'], { stdin: agentPod })).out;
    const { out } = await explain(once);
    expect(out).toContain(`agents-outside-mesh (enforce): nothing to do
    = label sidecar.istio.io/inject: "false", already so
        agent-leaves-mesh: Datadog Agent, by label
          agent.datadoghq.com/component=agent
`);
  });

  test('the mode is audit', async () => {
    const { out } = await withPolicy('  rules:\n    - rule: agents-outside-mesh\n      mode: audit\n', agentPod);
    expect(out).toContain('agents-outside-mesh (audit): would edit, but the mode is audit\n    + label');
  });

  test('no rule is for this kind', async () => {
    const { out } = await withPolicy('  rules:\n    - rule: tracer-env\n', service);
    expect(out).toBe('<stdin>:1:1 Service cart\n  namespace shop\n  no rule of the policy is for this kind\n');
  });

  test('an AdmissionReview is about what no rule is for', async () => {
    const request = {
      uid: 'u',
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      operation: 'CREATE',
      namespace: 'a',
      name: 'b',
    };
    const { out } = await explain(
      JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }),
    );
    expect(out).toBe('<stdin>:1:1 ConfigMap b\n  namespace a\n  no rule of the policy is for this kind\n');
  });
});

describe('where a rule looked in vain, what is there:', () => {
  const gateway = `apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop, labels: {app: gateway}}
spec:
  selector: {istio: gw}
  ports: [{name: https, port: 443, targetPort: 8443}, {port: 80}, {port: 1, targetPort: web}]
`;
  const withInit = podText().replace(
    '  containers:',
    '  initContainers: [{name: init, image: busybox}]\n  containers:',
  );
  test.each<[string, string, string, readonly string[]]>([
    [
      'labels and images of the Pods of a workload, without what is made up',
      'agents-outside-mesh',
      deployment,
      ['labels: app=cart', 'images: shop/cart:1.2.3 in app'],
    ],
    [
      'nothing',
      'agents-outside-mesh',
      podText().replace(/ {6}image: .*\n/, ''),
      ['labels: none', 'images: no image in app'],
    ],
    ['every container', 'proxy-logs', withInit, ['containers: busybox in init, shop/cart:1 in app']],
    [
      'annotations without their values, which may be secret',
      'annotation-lint',
      podText('  labels: {a: b}\n  annotations: {token: s3cret, other: z}\n'),
      ['annotations: token, other', 'labels: a=b'],
    ],
    [
      'labels, selector and ports of a Service',
      'datadog-endpoint-checks',
      gateway,
      ['labels: app=gateway', 'selector: istio=gw', 'ports: https 443 to 8443, 80, 1 to web'],
    ],
  ])('%s', async (_, rule, text, expected) => {
    const { out } = await withPolicy(`  rules:\n    - rule: ${rule}\n`, text);
    expect(out.split('\n').flatMap((line) => /^ {8}(\S.*)/.exec(line)?.[1] ?? [])).toEqual(expected);
  });

  test('not what the review adds', async () => {
    const lines = async (text: string) => {
      const { out } = await withPolicy('  rules:\n    - rule: agents-outside-mesh\n    - rule: proxy-checks\n', text);
      return /^ {8}labels: (.*)$/m.exec(out)?.[1];
    };
    expect(await lines(agentPod)).toBe('agent.datadoghq.com/component=agent');
    expect(await lines(podText('', 'datadog/agent:7'))).toBe('none');
    expect(await lines(podText('', 'datadog/agent:7').replace(/metadata:\n.*\n/, ''))).toBe('none');
  });

  test('for programs', async () => {
    const { out } = await explain(deployment, '-o', 'json');
    const [{ steps }] = JSON.parse(out).items;
    expect(steps[0].reasons[0].lookedAt).toEqual({ labels: ['app=cart'], images: ['shop/cart:1.2.3 in app'] });
    expect(steps[1].edits[0].reason).not.toHaveProperty('lookedAt');
  });
});

test('sentences are wrapped at 80 columns; a word that is longer stays whole', async () => {
  const long = `${'word '.repeat(40)}${'x'.repeat(90)} end`;
  const { out } = await withPolicy(
    `  rules: [{rule: tracer-env}]\n  exemptions: [{rules: ["*"], reason: "${long}"}]\n`,
    podText(),
  );
  const tooLong = out.split('\n').filter((line) => line.length > 80);
  expect(tooLong).toEqual([`      ${'x'.repeat(90)}`]);
  expect(out.replaceAll(/\s+/g, ' ')).toContain(`exempt-by-policy: ${long}`);
});

test('a line has room for exactly 80', async () => {
  const { out } = await withPolicy(
    `  rules: [{rule: tracer-env}]\n  exemptions: [{rules: ["*"], reason: "${'x '.repeat(200).trim()}"}]\n`,
    podText(),
  );
  const widest = Math.max(...out.split('\n').map((line) => line.length));
  // Words of one letter, with a space between: 79 or 80.
  expect([79, 80]).toContain(widest);
});

test('has colours for a person, and the same text', async () => {
  const plain = await explain(agentPod);
  const coloured = await aloft(['explain', '-'], { stdin: agentPod, colour: true });
  expect(plain.out).not.toContain('\u001b[');
  expect(coloured.out).toContain('\u001b[32medited\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for
  expect(coloured.out.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.out);
});

test('with nothing to review in the input there is nothing to explain', async () => {
  expect(await explain(configMap)).toEqual({
    code: 2,
    out: '',
    err: 'aloft: nothing to explain: no Pod, Service or workload in the input\n',
  });
});

describe('of many objects and rules, those that are asked for:', () => {
  const all = `${deployment}---\n${agentPod}---\n${service}---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\n${deployment.slice(deployment.indexOf('metadata'))}`;
  const titles = (out: string): readonly string[] =>
    [...out.matchAll(/^<stdin>:\S+ (.+)$/gm)].map(([, title = '']) => title);
  test.each<[readonly string[], readonly string[]]>([
    [['deployment/cart'], ['Deployment cart']],
    [['deploy/cart'], ['Deployment cart']],
    [['pods/data*'], ['Pod datadog']],
    [['cart'], ['Deployment cart', 'Service cart', 'Rollout cart']],
    [
      ['rollout/*', 'svc/cart'],
      ['Service cart', 'Rollout cart'],
    ],
    [['*'], ['Deployment cart', 'Pod datadog', 'Service cart', 'Rollout cart']],
  ])('--object %o', async (patterns, expected) => {
    const { code, out } = await explain(all, ...patterns.flatMap((pattern) => ['--object', pattern]));
    expect(code).toBe(0);
    expect(titles(out)).toEqual(expected);
  });

  test.each<[readonly string[], string]>([
    [
      ['--object', 'deployment/web'],
      '--object deployment/web: nothing is called so; there is deployment/cart, pod/datadog, service/cart, rollout/cart',
    ],
    [['--rule', 'tracer-en'], '--rule tracer-en: did you mean "tracer-env"?'],
    [['--rule', 'x'], '--rule x: the policy has agents-outside-mesh, datadog-endpoint-checks, tracer-env'],
    [['--object', 'svc/cart', '--rule', 'tracer-env'], 'nothing to explain: no object for that rule in the input'],
  ])('%o finds nothing', async (args, message) => {
    expect(await explain(all, ...args)).toEqual({ code: 2, out: '', err: `aloft: ${message}\n` });
  });

  test('--rule shows its steps, and where it decided, and leaves out objects that it is not for', async () => {
    const { out } = await explain(all, '--rule', 'tracer-env');
    expect(titles(out)).toEqual(['Deployment cart', 'Pod datadog', 'Rollout cart']);
    expect(out).not.toContain('agents-outside-mesh');
    expect(out).toMatch(/monitoring-agent: .*\n {6}\(<stdin>:22:5\)/);
  });

  test('--rule takes the name that the policy gives', async () => {
    const spec = '  rules: [{rule: tracer-env, name: one}, {rule: tracer-env, name: two, mode: audit}]\n';
    const dir = await folders.create({ 'policy.yaml': policyText(spec) });
    const { out } = await explain(podText(), '--policy', `${dir}/policy.yaml`, '--rule', 'two');
    expect(out).toContain('  two (audit): ');
    expect(out).not.toContain('  one (');
  });
});

test('for programs: everything, with its places', async () => {
  const spec = '  rules:\n    - rule: tracer-env\n      match: {labels: {app: web}}\n    - rule: agents-outside-mesh\n';
  const dir = await folders.create({
    'policy.yaml': policyText(spec),
    'pod.yaml': agentPod.replace('datadog\n', 'datadog\n  namespace: shop\n'),
  });
  const { code, out } = within(
    dir,
    await aloft(['explain', `${dir}/pod.yaml`, '--policy', `${dir}/policy.yaml`, '-o', 'json']),
  );
  expect(code).toBe(0);
  const reason = (code: string) => ({
    code,
    message: 'Datadog Agent, by label agent.datadoghq.com/component=agent',
  });
  expect(JSON.parse(out)).toEqual({
    apiVersion: 'aloft.dev/v1alpha1',
    kind: 'Explanation',
    policy: { name: 'test', source: 'policy.yaml' },
    items: [
      {
        file: 'pod.yaml',
        line: 1,
        column: 1,
        object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'datadog' },
        reviewedAs: 'Pod',
        steps: [
          {
            rule: 'agents-outside-mesh',
            name: 'agents-outside-mesh',
            mode: 'enforce',
            policy: { file: 'policy.yaml', line: 8, column: 7 },
            outcome: 'edited',
            edits: [
              {
                kind: 'label',
                key: 'sidecar.istio.io/inject',
                value: 'false',
                reason: expect.objectContaining(reason('agent-leaves-mesh')),
              },
              {
                kind: 'annotation',
                key: 'sidecar.istio.io/inject',
                value: 'false',
                reason: expect.objectContaining(reason('agent-leaves-mesh')),
              },
              {
                kind: 'label',
                key: 'istio.io/dataplane-mode',
                value: 'none',
                reason: expect.objectContaining(reason('agent-leaves-ambient')),
              },
            ],
            inPlace: [],
            reasons: [],
          },
          {
            rule: 'tracer-env',
            name: 'tracer-env',
            mode: 'enforce',
            policy: { file: 'policy.yaml', line: 6, column: 7 },
            outcome: 'skipped',
            reasons: [
              {
                code: 'labels-out-of-scope',
                message: 'label app is missing, web is wanted',
                policy: { file: 'policy.yaml', line: 7, column: 24 },
                decidedAt: { file: 'pod.yaml', line: 6, column: 3 },
              },
            ],
          },
        ],
      },
    ],
  });
});

test('what cannot be read is told, and the others explained', async () => {
  const { code, out, err } = await explain(`${brokenYaml}---\n${agentPod}`);
  expect(code).toBe(2);
  expect(out).toContain('Pod datadog');
  expect(err).toMatch(/^aloft: <stdin>:\d+:\d+: .+\n$/);
});

test('a fault of a Deployment that shows in its Pods is told where it stands', async () => {
  const { code, out, err } = await explain(deployment.replace('app: cart', 'app: 5'));
  expect(code).toBe(2);
  expect(err).toMatch(
    /^aloft: <stdin>:11:9: spec\.template\.metadata\.labels\.app: expected a string, got number 5\n$/,
  );
  expect(out).not.toContain('edited');
});
