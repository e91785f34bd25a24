import { afterAll, describe, expect, test } from '@jest/globals';
import { aloft, createFolders } from '../support/commands.js';
import { agentPod, brokenYaml, configMap, deployment, podText, policyText, service } from '../support/manifests.js';

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
`,
  });
});

describe('why not:', () => {
  const tracer = '  rules:\n    - rule: tracer-env\n';
  test.each<[string, string, string, string]>([
    ['the rule is off', `${tracer}      mode: "off"\n`, podText(), 'rule-off: the policy turns the rule off'],
    [
      'the namespace is out of scope',
      `${tracer}      match: {namespaces: [pay*]}\n`,
      podText(),
      'namespace-out-of-scope: namespace default matches none of pay*',
    ],
    [
      'the author exempts it',
      tracer,
      podText('  annotations: {aloft.dev/exempt: tracer-env}\n'),
      'exempt-by-annotation: annotation aloft.dev/exempt: tracer-env',
    ],
    [
      'the policy exempts it',
      `${tracer}  exemptions: [{rules: ["*"], reason: too old}]\n`,
      podText(),
      'exempt-by-policy: too old',
    ],
  ])('%s', async (_, spec, text, reason) => {
    const { code, out } = await withPolicy(spec, text);
    expect(code).toBe(0);
    expect(out).toContain(`    - ${reason}\n`);
  });

  test('the author set it: named, and kept', async () => {
    const text = podText().replace(
      'image:',
      'env: [{name: DD_ENV, value: mine}, {name: DD_ENTITY_ID, value: mine}]\n      image:',
    );
    const { out } = await explain(text);
    expect(out).toMatch(/^ {4}! author-decided: DD_ENTITY_ID is set in app$/m);
    expect(out).not.toContain('mine');
  });

  test('it is so already', async () => {
    const once = (await aloft(['review', '-', '-o', 'yaml'], { stdin: agentPod })).out;
    const { out } = await explain(once);
    expect(out).toContain(
      'agents-outside-mesh (enforce): nothing to do\n    = label sidecar.istio.io/inject: "false", already so\n',
    );
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

test.each<[string, string]>([
  ['nothing', ''],
  ['nothing to review', configMap],
])('with %s in the input there is nothing to explain', async (_, text) => {
  expect(await explain(text)).toEqual({
    code: 2,
    out: '',
    err: 'aloft: nothing to explain: no Pod, Service or workload in the input\n',
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
