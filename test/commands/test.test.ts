import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { aloft, createFolders, type Ran, within } from '../support/commands.js';
import { agentPod, configMap, deployment, podText, policyText } from '../support/manifests.js';
import { junitErrors } from '../support/schemas.js';

const folders = createFolders();
afterAll(folders.remove);

const head = 'apiVersion: aloft.dev/v1alpha1\nkind: TestSuite\nmetadata: { name: shop }\nspec:\n';
/** A suite with these lines below `spec`. */
const suite = (...lines: readonly string[]): string => `${head}${lines.map((line) => `  ${line}\n`).join('')}`;
/** A suite with one case, of an object that no rule changes, in which these lines stand. */
const suiteOf = (...lines: readonly string[]): string =>
  suite('cases:', '  - name: it', ...lines.map((line) => `    ${line}`));
const idle = 'object: { apiVersion: v1, kind: Service, metadata: { name: a } }';
const pod = 'object: { apiVersion: v1, kind: Pod, spec: { containers: [{ name: app, image: "a:1" }] } }';

/** Runs suites in a folder of these files. */
async function run(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> {
  const dir = await folders.create(files);
  return runIn(dir, ...args);
}

async function runIn(dir: string, ...args: readonly string[]): Promise<Ran> {
  const { out, ...ran } = within(dir, await aloft(['test', ...args.map((arg) => arg.replaceAll('DIR', dir))]));
  // Where a line is broken depends on the name of the folder.
  return { ...ran, out: out.replaceAll(/\n {4}(?=[\w(`])/g, ' ') };
}

describe('the example', () => {
  test('passes', async () => {
    const ran = await aloft(['test', 'examples/suites']);
    expect(ran).toEqual({ code: 0, out: '', err: '9 passed, 0 failed, 0 skipped\n' });
  });

  test('lists what passes, and what was passed over, if it is asked to', async () => {
    const { code, out, err } = await aloft(['test', 'examples/suites', '--verbose']);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('PASS examples/suites/shop.yaml:10:7 shop/an agent leaves the mesh');
    expect(err).toContain('no suite: examples/suites/policy.yaml\n');
  });
});

describe('a suite that expects something else fails, with the place and what came', () => {
  test('of each expectation', async () => {
    const text = suite(
      'cases:',
      '  - name: one',
      `    ${pod}`,
      '    namespace: shop',
      '    expect:',
      '      unchanged: true',
      '      verdict: refused',
      '      rules: { tracer-env: skipped }',
      '  - name: two',
      '    object: { apiVersion: v1, kind: Service }',
      '    expect:',
      '      after: { apiVersion: v1, kind: Service, spec: { type: ClusterIP } }',
    );
    expect(await run({ 'a.yaml': text }, 'DIR/a.yaml')).toEqual({
      code: 1,
      err: '0 passed, 2 failed, 0 skipped\n',
      out: `FAIL a.yaml:6:7 shop/one
  a.yaml:10:9: expect.unchanged: not as expected
    --- expected
    +++ got
    @@ -1,1 +1,13 @@
    -[]
    +- op: add
    +  path: /spec/containers/0/env
    +  value:
    +    - name: DD_AGENT_HOST
    +      valueFrom:
    +        fieldRef:
    +          fieldPath: status.hostIP
    +    - name: DD_ENTITY_ID
    +      valueFrom:
    +        fieldRef:
    +          fieldPath: metadata.uid
    +    - name: DD_VERSION
    +      value: "1"
  a.yaml:12:18: expect.rules.tracer-env: expected skipped, got edited (agent-address, entity-id, service-identity)
  a.yaml:11:9: expect.verdict: expected refused, got allowed
FAIL a.yaml:13:7 shop/two
  a.yaml:16:9: expect.after: not as expected
    --- expected
    +++ got
    @@ -1,4 +1,2 @@
     apiVersion: v1
     kind: Service
    -spec:
    -  type: ClusterIP
`,
    });
  });

  // Kyverno once compared names of goldens and not what is in them.
  test.each([
    ['in a golden file', 'afterFile: golden.yaml'],
    ['in the suite', 'after: { apiVersion: v1, kind: Service, metadata: { name: b } }'],
  ])('also where only a value differs %s', async (_, expected) => {
    const golden = 'apiVersion: v1\nkind: Service\nmetadata: { name: b }\n';
    const files = { 'a.yaml': suiteOf(idle, `expect: { ${expected} }`), 'golden.yaml': golden };
    const { code, out } = await run(files, 'DIR');
    expect(code).toBe(1);
    expect(out).toContain('    -  name: b\n    +  name: a\n');
  });

  test.each(['expect: {}', 'expect: { rules: {} }', 'today: 2026-11-21'])('that asserts nothing: %s', async (line) => {
    const { code, out, err } = await run({ 'a.yaml': suiteOf(idle, line) }, 'DIR');
    expect({ code, err }).toEqual({ code: 1, err: '0 passed, 1 failed, 0 skipped\n' });
    expect(out).toBe('FAIL a.yaml:6:7 shop/it\n  a.yaml:6:7: it expects nothing, so that it would always pass\n');
  });

  test('that has no case, also among others', async () => {
    const files = { 'a.yaml': suite('cases: []'), 'b.yaml': suiteOf(idle, 'expect: { unchanged: true }') };
    const { code, out, err } = await run(files, 'DIR', '--run', 'it');
    expect({ code, err }).toEqual({ code: 1, err: '1 passed, 1 failed, 0 skipped\n' });
    expect(out).toContain('FAIL a.yaml:5:3 shop\n  a.yaml:5:3: spec.cases: the suite has no case');
  });

  test('of an object that no rule can read', async () => {
    const broken = 'object: { apiVersion: v1, kind: Pod, spec: { containers: 5 } }';
    const { code, out } = await run({ 'a.yaml': suiteOf(broken, 'expect: { unchanged: true }') }, 'DIR');
    expect(code).toBe(1);
    expect(out).toContain(
      'no rule looked at the object, which only `warnings` can expect: aloft: spec.containers: expected',
    );
  });
});

describe('what is no suite', () => {
  test('is an error where it is named', async () => {
    const files = { 'pod.yaml': `# a Pod\n${podText()}`, 'empty.yaml': '# nothing\n' };
    expect(await run(files, 'DIR/pod.yaml', 'DIR/empty.yaml')).toEqual({
      code: 2,
      out: '',
      err: 'aloft: pod.yaml:3:1: expected a TestSuite, got Pod\naloft: empty.yaml:1:1: expected a TestSuite, got an empty file\n',
    });
  });

  test('is passed over in a folder, and by a glob', async () => {
    const good = suiteOf(idle, 'expect: { unchanged: true }');
    const foreign = 'apiVersion: tests.example.com/v1\nkind: TestSuite\nspec: { cases: [] }\n';
    const files = { 'tests/a.yaml': good, 'pod.yaml': podText(), 'chart.yaml': 'a: {{ b }}\n', 'f.yaml': foreign };
    expect(await run(files, 'DIR')).toEqual({ code: 0, out: '', err: '1 passed, 0 failed, 0 skipped\n' });
    expect((await run(files, 'DIR/**/*.yaml')).code).toBe(0);
  });

  test('is all there is, which is an error', async () => {
    expect(await run({ 'pod.yaml': podText() }, 'DIR')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^aloft: no TestSuite in /),
    });
  });

  // Gator reads past a suite whose head is not quite right, and says that all is well.
  test.each([
    [
      'kind',
      'apiVersion: aloft.dev/v1alpha1\nkind: TestSiute\nspec: { cases: [] }\n',
      '2:1: kind: expected "TestSuite", got "TestSiute": did you mean "TestSuite"?',
    ],
    ['kind, and no version', 'kind: Testsuite\nspec: { cases: [] }\n', '1:1: kind: expected "TestSuite"'],
    [
      'version',
      'apiVersion: aloft.dev/v1\nkind: TestSuite\nspec: { cases: [] }\n',
      '1:1: apiVersion: expected "aloft.dev/v1alpha1"',
    ],
    [
      'head, which is missing',
      'metadata: { name: a }\nspec: { cases: [] }\n',
      '1:1: apiVersion: expected "aloft.dev/v1alpha1", got nothing',
    ],
    ['text', 'apiVersion: aloft.dev/v1alpha1\nkind: TestSuite\nspec: [\n', '4:1: '],
  ])('and was meant to be one is never passed over: a slip in its %s', async (_, text, problem) => {
    const good = suiteOf(idle, 'expect: { unchanged: true }');
    const { code, err } = await run({ 'good.yaml': good, 'slip.yaml': text }, 'DIR');
    expect(code).toBe(2);
    expect(err).toContain(`aloft: slip.yaml:${problem}`);
  });

  test('may not stand beside a suite in one file', async () => {
    const text = `${suiteOf(idle, 'expect: { unchanged: true }')}---\n${podText()}`;
    expect((await run({ 'a.yaml': text }, 'DIR')).err).toBe('aloft: a.yaml:11:1: expected a TestSuite, got Pod\n');
  });
});

test('several suites may stand in one file, and come from standard input', async () => {
  const text = `${suiteOf(idle, 'expect: { unchanged: true }')}---\n${suiteOf(idle, 'expect: { unchanged: true }')}`;
  expect((await run({ 'a.yaml': text }, 'DIR', 'DIR/a.yaml')).err).toBe('2 passed, 0 failed, 0 skipped\n');
  expect((await aloft(['test', '-'], { stdin: text })).err).toBe('2 passed, 0 failed, 0 skipped\n');
});

describe('what is wrong with a suite is told with its place:', () => {
  const two =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: b, namespace: c }\n';
  const request = 'object: { apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: { uid: a, object: {} } }';
  test.each<[string, readonly string[], string]>([
    ['an unknown key', [idle, 'expct: {}'], '8:7: spec.cases[0].expct: unknown key "expct": did you mean "expect"?'],
    ['a key twice', [idle, idle], '8:7: the key "object" is there twice'],
    ['a file that is not there', ['file: b.yaml'], '7:7: spec.cases[0].file: b.yaml: no such file or folder'],
    ['a file that is broken', ['file: broken.yaml'], '7:7: spec.cases[0].file: broken.yaml:1:5: '],
    [
      'a file without an object',
      ['file: empty.yaml'],
      '7:7: spec.cases[0].file: expected an object in empty.yaml, got none',
    ],
    [
      'a choice that was not made',
      ['file: two.yaml'],
      '7:7: spec.cases[0].file: two.yaml has 2 objects, choose one with `select`: Pod a, Pod b in c',
    ],
    [
      'a choice of nothing',
      ['file: two.yaml', 'select: { name: c }'],
      '8:7: spec.cases[0].select: expected one object of two.yaml, got 0 of: Pod a, Pod b in c',
    ],
    [
      'a choice of both',
      ['file: two.yaml', 'select: { kind: Pod }'],
      '8:7: spec.cases[0].select: expected one object of two.yaml, got 2 of: Pod a, Pod b in c',
    ],
    [
      'another namespace',
      ['file: two.yaml', 'select: { name: b }', 'namespace: d'],
      '9:7: spec.cases[0].namespace: the object is in the namespace c',
    ],
    [
      'a namespace for a request',
      [request, 'namespace: d'],
      '8:7: spec.cases[0].namespace: an AdmissionReview has its own namespace',
    ],
    [
      'an operation for a request',
      [request, 'operation: CREATE'],
      '8:7: spec.cases[0].operation: an AdmissionReview has its own operation',
    ],
    [
      'a request that is none',
      [request.replace('uid: a', 'uid: ""')],
      '7:84: spec.cases[0].object.request.uid: expected a string of 1 to 128',
    ],
    [
      'a request that is none, in a file',
      ['file: request.yaml'],
      '7:7: spec.cases[0].file: request.uid of request.yaml: expected a string of 1 to 128',
    ],
    [
      'a list, of which nothing would ever change',
      ['object: { apiVersion: v1, kind: List, items: [{ apiVersion: v1, kind: Pod }] }'],
      '7:7: spec.cases[0].object: expected one object, got a list of them; `file` can `select` one of a list',
    ],
    [
      'a slip in a kind, for which nothing would ever change',
      ['object: { apiVersion: v1, kind: Podd, spec: { containers: [] } }', 'expect: { unchanged: true }'],
      '7:33: spec.cases[0].object.kind: expected a Pod or Service of v1, or something with a template of Pods, got Podd of v1: no rule decides on that, and nothing would ever change in it',
    ],
    [
      'a version that no rule knows',
      ['object: { apiVersion: v2, kind: Pod }', 'expect: { unchanged: true }'],
      '7:33: spec.cases[0].object.kind: expected a Pod or Service of v1, or something with a template of Pods, got Pod of v2: ',
    ],
    [
      'a workload without a template',
      ['object: { apiVersion: apps/v1, kind: Deployment, spec: {} }', 'expect: { unchanged: true }'],
      '7:38: spec.cases[0].object.kind: expected a Pod or Service of v1, or something with a template of Pods, got Deployment of apps/v1: ',
    ],
    [
      'another kind in a file',
      ['file: config.yaml', 'expect: { unchanged: true }'],
      '7:7: spec.cases[0].file: kind of config.yaml: expected a Pod or Service of v1, or something with a template of Pods, got ConfigMap of v1: ',
    ],
    [
      'no kind at all in a file',
      ['file: bare.yaml', 'expect: { unchanged: true }'],
      '7:7: spec.cases[0].file: kind of bare.yaml: expected a Pod or Service of v1, or something with a template of Pods, got no kind of no version: ',
    ],
    [
      'a request for another kind',
      [
        request.replace('object: {}', 'kind: { group: apps, version: v1, kind: Deployment }, object: {}'),
        'expect: { unchanged: true }',
      ],
      '7:92: spec.cases[0].object.request.kind: expected a Pod or Service of v1, got Deployment of apps/v1: ',
    ],
    [
      'a golden of several objects',
      [idle, 'expect: { afterFile: two.yaml }'],
      '8:17: spec.cases[0].expect.afterFile: expected one object in two.yaml, got several',
    ],
    [
      'an object that is its own golden',
      ['file: pod.yaml', 'expect: { afterFile: ./pod.yaml }'],
      '8:17: spec.cases[0].expect.afterFile: expected another file than that of the object',
    ],
  ])('%s', async (_, lines, problem) => {
    const files = {
      'two.yaml': two,
      'broken.yaml': 'a: [',
      'empty.yaml': '# nothing',
      'config.yaml': configMap,
      'bare.yaml': 'a: b',
      'pod.yaml': podText(),
      'request.yaml': request.replace('object: ', '').replace('uid: a', 'uid: ""'),
    };
    const { code, out, err } = await run({ 'a.yaml': suiteOf(...lines), ...files }, 'DIR/a.yaml');
    expect(err).toContain(`aloft: a.yaml:${problem}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('also before a webhook is asked, so that nothing passes there either', async () => {
    const files = { 'a.yaml': suiteOf('object: { apiVersion: v1, kind: Podd }', 'expect: { unchanged: true }') };
    const { code, err } = await run(files, 'DIR', '--server', 'https://localhost:1');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('got Podd of v1: no rule decides on that') });
  });

  test('everything at once, and nothing runs', async () => {
    const files = { 'a.yaml': suiteOf('file: x'), 'b.yaml': suiteOf('file: z'), 'c.yaml': suiteOf(idle) };
    expect((await run(files, 'DIR')).err.split('\n')).toEqual([
      'aloft: a.yaml:7:7: spec.cases[0].file: x: no such file or folder',
      'aloft: b.yaml:7:7: spec.cases[0].file: z: no such file or folder',
      '',
    ]);
  });
});

describe('objects are what aloft review takes them for:', () => {
  test.each<[string, readonly string[]]>([
    [
      'a workload is the Pod of its template',
      ['file: cart.yaml', 'expect: { rules: { agents-outside-mesh: { reason: not-an-agent } } }'],
    ],
    [
      'its patch is on the manifest',
      [
        'file: agent.yaml',
        'expect: { patch: [{ op: add, path: /metadata/labels/sidecar.istio.io~1inject, value: "false" }, { op: add, path: /metadata/labels/istio.io~1dataplane-mode, value: none }, { op: add, path: /metadata/annotations, value: { sidecar.istio.io/inject: "false" } }] }',
      ],
    ],
    [
      'a template without metadata gets it whole',
      [
        'object: { apiVersion: apps/v1, kind: DaemonSet, spec: { template: { spec: { containers: [{ name: agent, image: datadog/agent }] } } } }',
        'expect: { patch: [{ op: add, path: /spec/template/metadata, value: { labels: { sidecar.istio.io/inject: "false", istio.io/dataplane-mode: none }, annotations: { sidecar.istio.io/inject: "false" } } }] }',
      ],
    ],
    [
      'a namespace may be given',
      ['file: agent.yaml', 'namespace: kube-system', 'expect: { rules: { "*": { reason: system-namespace } } }'],
    ],
    [
      'a request has its own',
      [
        'object: { apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: { uid: a, kind: { group: "", version: v1, kind: Pod }, operation: CREATE, namespace: kube-system, object: { kind: Pod } } }',
        'expect: { rules: { "*": { reason: system-namespace } } }',
      ],
    ],
    [
      'an operation that no rule wants changes nothing',
      ['file: agent.yaml', 'operation: UPDATE', 'expect: { unchanged: true, verdict: allowed }'],
    ],
  ])('%s', async (_, lines) => {
    const files = { 'cart.yaml': deployment, 'agent.yaml': agentPod };
    const ran = await run({ 'a.yaml': suiteOf(...lines), ...files }, 'DIR/a.yaml');
    expect(ran).toEqual({ code: 0, out: '', err: '1 passed, 0 failed, 0 skipped\n' });
  });

  test('the namespace of a suite is for objects and cases that name none', async () => {
    const text = suite(
      'namespace: kube-system',
      'cases:',
      `  - { name: a, ${pod}, expect: { rules: { "*": { reason: system-namespace } } } }`,
      `  - { name: b, ${pod}, namespace: shop, expect: { rules: { tracer-env: edited } } }`,
    );
    expect((await run({ 'a.yaml': text }, 'DIR')).err).toBe('2 passed, 0 failed, 0 skipped\n');
  });
});

describe('the policy', () => {
  const off = policyText('  rules:\n    - { rule: tracer-env, mode: off }\n');
  const isOff = suite(
    'policy: ../policy.yaml',
    'cases:',
    `  - { name: a, ${pod}, expect: { rules: { tracer-env: { reason: rule-off } } } }`,
  );
  const isOn = suite('cases:', `  - { name: a, ${pod}, expect: { rules: { tracer-env: edited } } }`);

  test('is the one beside the suite, or the embedded one', async () => {
    const files = { 'policy.yaml': off, 'tests/off.yaml': isOff, 'tests/on.yaml': isOn };
    expect((await run(files, 'DIR')).err).toBe('2 passed, 0 failed, 0 skipped\n');
  });

  test('may be another one for once, but never by the environment', async () => {
    const files = {
      'policy.yaml': off,
      'on.yaml': policyText('  rules:\n    - { rule: tracer-env }\n'),
      'tests/off.yaml': isOff,
    };
    const dir = await folders.create(files);
    expect((await runIn(dir, 'DIR/tests', '--policy', 'DIR/on.yaml')).code).toBe(1);
    process.env['ALOFT_POLICY'] = join(dir, 'on.yaml');
    expect((await runIn(dir, 'DIR/tests')).code).toBe(0);
    delete process.env['ALOFT_POLICY'];
  });

  test('has to be right, and what is wrong is told once', async () => {
    const files = { 'policy.yaml': policyText('  rulez: []\n'), 'tests/a.yaml': isOff, 'tests/b.yaml': isOff };
    const { code, err } = await run(files, 'DIR/tests');
    expect(code).toBe(2);
    expect(err).toBe(
      'aloft: policy.yaml:5:3 spec.rulez: unknown key "rulez": did you mean "rules"?\n'.replace(
        /^/,
        'aloft: policy.yaml:4:1 spec.rules: expected a list, got nothing\n',
      ),
    );
    expect((await run({ 'tests/a.yaml': isOff }, 'DIR')).err).toContain('policy.yaml: cannot be read: no such file');
  });

  test('may hold what expires, if the suite says which day it is', async () => {
    const policy = policyText(
      "  rules:\n    - { rule: tracer-env }\n  exemptions:\n    - { rules: ['*'], reason: OPS-1, expires: 2027-03-31 }\n",
    );
    const one = (day: string, reason: string): string =>
      `  - { name: ${day}, today: ${day}, ${pod}, expect: { rules: { tracer-env: { reason: ${reason} } } } }`;
    const dated = suite(
      'policy: policy.yaml',
      'cases:',
      one('2027-03-31', 'exempt-by-policy'),
      one('2027-04-01', 'entity-id'),
    );
    expect((await run({ 'policy.yaml': policy, 'a.yaml': dated }, 'DIR')).err).toBe('2 passed, 0 failed, 0 skipped\n');
    const undated = suite('policy: policy.yaml', 'cases:', `  - { name: a, ${pod}, expect: { unchanged: true } }`);
    expect(await run({ 'policy.yaml': policy, 'a.yaml': undated }, 'DIR')).toMatchObject({
      code: 2,
      err: 'aloft: a.yaml:4:1: spec: expected `today: YYYY-MM-DD`: an exemption of the policy ends on 2027-03-31, and outcomes would change with it\n',
    });
    const once = undated.replace('  cases', '  today: 2027-03-31\n  cases');
    expect((await run({ 'policy.yaml': policy, 'a.yaml': once }, 'DIR')).code).toBe(0);
  });

  test('may ask for labels of the namespace, which a case gives', async () => {
    const policy = policyText('  rules:\n    - { rule: tracer-env, match: { namespaceLabels: { team: shop } } }\n');
    const one = (name: string, labels: string, reason: string): string =>
      `  - { name: ${name}, ${labels} ${pod}, expect: { rules: { tracer-env: { reason: ${reason} } } } }`;
    const text = suite(
      'policy: policy.yaml',
      'cases:',
      one('a', '', 'namespace-labels-unknown'),
      one('b', 'namespaceLabels: {},', 'namespace-labels-out-of-scope'),
      one('c', 'namespaceLabels: { team: shop },', 'entity-id'),
    );
    expect((await run({ 'policy.yaml': policy, 'a.yaml': text }, 'DIR')).err).toBe('3 passed, 0 failed, 0 skipped\n');
  });
});

test('a verdict comes with its reason and its warnings, word for word', async () => {
  const policy =
    '  rules:\n    - { rule: annotation-lint }\n    - { rule: annotation-lint, name: gentle, mode: warn }\n';
  const wrong = 'metadata: { annotations: { traffic.sidecar.istio.io/excludeInboundPorts: x } }';
  const text = (message: string, warnings: readonly string[]): string =>
    suite(
      'policy: policy.yaml',
      'cases:',
      `  - object: { apiVersion: v1, kind: Pod, ${wrong} }`,
      '    name: a',
      `    expect: { verdict: refused, message: ${JSON.stringify(message)}, warnings: ${JSON.stringify(warnings)} }`,
    );
  const dir = await folders.create({ 'policy.yaml': policyText(policy), 'a.yaml': text('no', []) });
  const { out } = await runIn(dir, 'DIR/a.yaml', '-o', 'json');
  const [message, warnings] = JSON.parse(out).cases[0].failures.map(({ got }: { got: string }) => parse(got));
  expect(message).toMatch(/^annotation-lint: .*traffic\.sidecar\.istio\.io\/excludeInboundPorts/);
  expect(warnings).toEqual([expect.stringMatching(/^aloft gentle: .*excludeInboundPorts/)]);
  await writeFile(join(dir, 'a.yaml'), text(message, warnings));
  expect(await runIn(dir, 'DIR/a.yaml')).toEqual({ code: 0, out: '', err: '1 passed, 0 failed, 0 skipped\n' });
});

describe('--run', () => {
  const one = (name: string, expected: string): string => `  - { name: ${name}, ${idle}, expect: ${expected} }`;
  const files = { 'a.yaml': suite('cases:', one('good', '{ unchanged: true }'), one('bad', '{ verdict: refused }')) };

  test.each([
    ['good', '1 passed, 0 failed, 0 skipped\n'],
    ['^shop/b', '0 passed, 1 failed, 0 skipped\n'],
    ['o', '1 passed, 1 failed, 0 skipped\n'],
  ])('%s', async (pattern, err) => expect((await run(files, 'DIR', '--run', pattern)).err).toBe(err));

  test('that matches nothing is an error, as is one that is no regular expression', async () => {
    expect(await run(files, 'DIR', '--run', 'none')).toEqual({
      code: 2,
      out: '',
      err: 'aloft: --run none: none of 2 cases\n',
    });
    expect((await run(files, 'DIR', '--run', '(')).code).toBe(2);
  });
});

describe('reports', () => {
  const bad = { 'a.yaml': suiteOf(idle, 'expect: { verdict: refused }') };

  test.each(['text', 'json', 'junit'])('as %s end with the same code', async (format) => {
    expect((await run(bad, 'DIR', '-o', format)).code).toBe(1);
  });

  test('go where they are sent', async () => {
    const dir = await folders.create(bad);
    const { out } = await runIn(dir, 'DIR', '-o', 'text', '-o', 'junit=DIR/report.xml', '-o', 'json=DIR/report.json');
    expect(out).toMatch(/^FAIL a\.yaml:6:7 shop\/it\n/);
    expect(junitErrors(await readFile(join(dir, 'report.xml'), 'utf8'))).toEqual([]);
    expect(JSON.parse(await readFile(join(dir, 'report.json'), 'utf8'))).toMatchObject({ summary: { failed: 1 } });
    expect(await runIn(dir, 'DIR', '-o', 'json=DIR/no/report.json')).toMatchObject({ code: 2 });
  });
});

test('nobody has to be told that all is well', async () => {
  const files = { 'a.yaml': suiteOf(idle, 'expect: { unchanged: true }') };
  expect(await run(files, 'DIR', '--quiet')).toEqual({ code: 0, out: '', err: '' });
});

test('the schema is printed, and what is asked wrongly is told', async () => {
  const { code, out } = await aloft(['test', '--schema']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
  expect((await aloft(['test'])).err).toContain('nothing to read');
  expect((await aloft(['test', 'a', '-o', 'xml'])).code).toBe(2);
  expect((await aloft(['test', 'no-such-folder'])).err).toBe('aloft: no-such-folder: no such file or folder\n');
});

describe('--update', () => {
  const text = suite(
    'cases:',
    '  - name: inline # the first',
    `    ${pod}`,
    '    expect:',
    '      # what it gets',
    '      patch:',
    '        - op: add # as ever',
    '          path: /spec/containers/0/env',
    '          value: []',
    '      rules: { tracer-env: edited }',
    '  - name: in a file',
    '    file: cart.yaml',
    '    expect: { afterFile: cart.after.yaml }',
    '  - name: wrong all the same',
    `    ${idle}`,
    '    expect:',
    '      after:',
    '      verdict: refused',
    '  - name: without anything',
    `    ${idle}`,
    '    expect: {}',
  );
  const files = { 'a.yaml': text, 'cart.yaml': deployment };

  test('writes goldens, and nothing else: what is expected otherwise still fails, what expects nothing gets nothing', async () => {
    const dir = await folders.create(files);
    const { code, out, err } = await runIn(dir, 'DIR/a.yaml', '--update');
    expect({ code, err }).toEqual({ code: 1, err: '2 passed, 2 failed, 0 skipped, 3 updated\n' });
    expect(out).toBe(`DONE a.yaml:6:7 shop/inline
  updated: expect.patch
DONE a.yaml:25:7 shop/in a file
  updated: expect.afterFile
FAIL a.yaml:28:7 shop/wrong all the same
  a.yaml:36:9: expect.verdict: expected refused, got allowed
FAIL a.yaml:37:7 shop/without anything
  a.yaml:37:7: it expects nothing, so that it would always pass
`);
    const written = await readFile(join(dir, 'a.yaml'), 'utf8');
    const added = `          value:
            - name: DD_AGENT_HOST
              valueFrom:
                fieldRef:
                  fieldPath: status.hostIP
            - name: DD_ENTITY_ID
              valueFrom:
                fieldRef:
                  fieldPath: metadata.uid
            - name: DD_VERSION
              value: "1"
`;
    const after = `      after:\n          apiVersion: v1\n          kind: Service\n          metadata:\n            name: a\n`;
    expect(written.replaceAll(' ', '')).toBe(
      text.replace('          value: []\n', added).replace('      after:\n', after).replaceAll(' ', ''),
    );
    expect(await readFile(join(dir, 'cart.after.yaml'), 'utf8')).toContain('            - name: DD_ENTITY_ID\n');
  });

  test('has nothing to do the next time', async () => {
    const dir = await folders.create(files);
    await runIn(dir, 'DIR/a.yaml', '--update');
    const first = await readFile(join(dir, 'a.yaml'), 'utf8');
    expect((await runIn(dir, 'DIR/a.yaml', '--update')).err).toBe('2 passed, 2 failed, 0 skipped\n');
    expect(await readFile(join(dir, 'a.yaml'), 'utf8')).toBe(first);
    expect((await runIn(dir, 'DIR/a.yaml')).err).toBe('2 passed, 2 failed, 0 skipped\n');
  });

  test('keeps the comments and the mode of a golden file, and other suites of the file', async () => {
    const golden = '# by hand\napiVersion: v1\nkind: Service # so\nmetadata: { name: b }\n';
    const one = suiteOf(idle, 'expect: { afterFile: g.yaml }');
    const dir = await folders.create({
      'a.yaml': `${one}---\n# two\n${suiteOf(idle, 'expect: { patch: }')}`,
      'g.yaml': golden,
    });
    await chmod(join(dir, 'g.yaml'), 0o640);
    expect((await runIn(dir, 'DIR', '--update')).err).toBe('2 passed, 0 failed, 0 skipped, 2 updated\n');
    expect(await readFile(join(dir, 'g.yaml'), 'utf8')).toBe(golden.replace('name: b', 'name: a'));
    expect((await stat(join(dir, 'g.yaml'))).mode & 0o777).toBe(0o640);
    expect(await readFile(join(dir, 'a.yaml'), 'utf8')).toMatch(/---\n# two\n[\s\S]*patch: \[\]/);
  });

  test('does not choose between two cases that want one file', async () => {
    const two = suite(
      'cases:',
      `  - { name: a, ${idle}, expect: { afterFile: g.yaml } }`,
      `  - { name: b, ${pod}, expect: { afterFile: g.yaml } }`,
    );
    const { code, err } = await run({ 'a.yaml': two }, 'DIR', '--update');
    expect(code).toBe(2);
    expect(err).toContain('aloft: g.yaml: two cases expect different objects\n');
  });

  test('does not write an object that no rule could read, nor from standard input, nor what a webhook says', async () => {
    const broken = 'object: { apiVersion: v1, kind: Pod, spec: { containers: 5 } }';
    const { code, err } = await run({ 'a.yaml': suiteOf(broken, 'expect: { after: }') }, 'DIR', '--update');
    expect({ code, err }).toEqual({ code: 1, err: '0 passed, 1 failed, 0 skipped\n' });
    expect((await aloft(['test', '-', '--update'])).code).toBe(2);
    expect((await aloft(['test', 'a', '--update', '--server', 'https://localhost'])).code).toBe(2);
  });

  test('says what it cannot write', async () => {
    const dir = await folders.create({ 'a.yaml': suiteOf(idle, 'expect: { patch: }') });
    await chmod(join(dir, 'a.yaml'), 0o444);
    const { code, err } = await runIn(dir, 'DIR', '--update');
    expect(code).toBe(2);
    expect(err).toContain('aloft: a.yaml: not updated: it is read-only\n');
  });
});
