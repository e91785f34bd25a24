import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { admissionReview, cart, patchOf, uid } from '../support/admission.js';
import { aloft, createFolders, within } from '../support/commands.js';
import { agentPod, brokenYaml, configMap, deployment, podText, policyText, service } from '../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

const documents = (...texts: readonly string[]): string => texts.join('---\n');
const stream = documents(deployment, service, configMap, agentPod);

/** Reviews one text from standard input. */
const reviewText = (text: string, ...args: readonly string[]) => aloft(['review', '-', ...args], { stdin: text });

/** The objects that were reviewed, as the JSON report names them. */
async function reviewed(...args: readonly string[]) {
  const { out } = await aloft(['review', ...args, '-o', 'json']);
  return JSON.parse(out).items.map(({ file, object }: { file: string; object: { name: string } }) => [
    file,
    object.name,
  ]);
}

const podNamed = (name: string): string => agentPod.replace('name: datadog', `name: ${name}`);

describe('the input', () => {
  const files = {
    'b.yaml': podNamed('b'),
    'a.yml': podNamed('a'),
    'c/d.json': JSON.stringify(parse(podNamed('d'))),
    'c/c.yaml': podNamed('c'),
    'aa/e.yaml': podNamed('e'),
    'notes.txt': brokenYaml,
    'values.yaml.gotmpl': brokenYaml,
    'chart.tgz': 'x',
  };

  test('is a file, whatever its name', async () => {
    const dir = await folders.create({ 'pod.txt': podNamed('a') });
    expect(await reviewed(join(dir, 'pod.txt'))).toEqual([[join(dir, 'pod.txt'), 'a']]);
  });

  test('is a folder with everything below it that is YAML or JSON, in order', async () => {
    const dir = await folders.create(files);
    expect(await reviewed(dir)).toEqual(
      Object.entries({ 'a.yml': 'a', 'aa/e.yaml': 'e', 'b.yaml': 'b', 'c/c.yaml': 'c', 'c/d.json': 'd' }).map(
        ([file, name]) => [join(dir, file), name],
      ),
    );
  });

  test('is a glob, in order', async () => {
    const dir = await folders.create(files);
    expect(await reviewed(join(dir, '*.y*ml'))).toEqual([
      [join(dir, 'a.yml'), 'a'],
      [join(dir, 'b.yaml'), 'b'],
    ]);
    expect(await reviewed(join(dir, '**/d.json'))).toEqual([[join(dir, 'c/d.json'), 'd']]);
  });

  test('is standard input', async () => {
    const { code, out } = await reviewText(podNamed('a'), '-o', 'json');
    expect([code, JSON.parse(out).items[0].file]).toEqual([0, '<stdin>']);
  });

  test('is everything that is named, once, by -f first', async () => {
    const dir = await folders.create(files);
    const at = (file: string) => join(dir, file);
    const named = await reviewed(at('b.yaml'), '-f', at('c'), at('a.yml'), '--filename', at('b.yaml'));
    expect(named.map(([, name]: [string, string]) => name)).toEqual(['c', 'd', 'b', 'a']);
  });

  test('may hold several documents, with comments and empty ones between', async () => {
    const text = `# only a comment\n---\n---\n${podNamed('a')}---\n# nothing\n---\n${podNamed('b')}...\n`;
    const { out, err } = await reviewText(text, '-o', 'json');
    expect(JSON.parse(out).items).toMatchObject([
      { line: 4, column: 1, object: { name: 'a' } },
      { line: 17, column: 1, object: { name: 'b' } },
    ]);
    expect(err).toBe('2 objects reviewed, 2 to change, 0 violations, 0 other documents\n');
  });

  test.each([
    ['List', 'v1'],
    ['PodList', 'v1'],
    ['DeploymentList', 'apps/v1'],
  ])('may be a %s, whose items are changed in place', async (kind, apiVersion) => {
    const list = { apiVersion, kind, items: [parse(agentPod), parse(service), parse(podNamed('b'))] };
    const { code, out } = await reviewText(JSON.stringify(list, undefined, 2), '-o', 'yaml');
    const { items } = JSON.parse(out);
    expect(code).toBe(0);
    expect(items.map((item: { metadata: { labels?: object } }) => item.metadata.labels)).toEqual([
      expect.objectContaining({ 'sidecar.istio.io/inject': 'false' }),
      undefined,
      expect.objectContaining({ 'sidecar.istio.io/inject': 'false' }),
    ]);
  });

  test('is nothing: that is a wrong command line', async () => {
    expect(await aloft(['review'])).toEqual({
      code: 2,
      out: '',
      err: 'error: nothing to read: name files or folders, or - for standard input\n',
    });
  });

  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['comments', '.', { 'a.yaml': '# kind\n', 'b.yaml': '---\n# kind\n' }, '.: no object in it'],
    ['comments, by a glob', '*.yaml', { 'a.yaml': '# kind\n---\n# b\n' }, '*.yaml: no object in it'],
    ['a text and a list', '.', { 'a.yaml': 'the kind\n', 'b.json': '[{"kind": "Pod"}]' }, '.: no object in it'],
    ['what is left out', '.', { 'values.yaml': 'a: 1\n' }, '.: no object in it: 1 left out (--verbose says what)'],
  ])('without any object is an error, for every command: %s', async (_, path, own, message) => {
    const dir = await folders.create(own);
    for (const args of [['review'], ['review', '-q'], ['fix'], ['explain']]) {
      const { code, err } = within(dir, await aloft([...args, `${dir}/${path}`]));
      expect([code, err]).toEqual([2, expect.stringMatching(/^aloft: .*\n/)]);
      expect(err.split('\n')[0]).toBe(`aloft: ${message}`);
    }
  });

  test.each([
    ['comments', '# a\n---\n# b\n'],
    ['nothing', ''],
  ])('may be a file without any object, by its name, as hooks name what was touched: %s', async (_, text) => {
    const dir = await folders.create({ 'a.yaml': text });
    expect(await aloft(['review', `${dir}/a.yaml`])).toEqual({
      code: 0,
      out: '',
      err: '0 objects reviewed, 0 to change, 0 violations, 0 other documents, 1 file without an object\n',
    });
    expect(await aloft(['fix', `${dir}/a.yaml`])).toMatchObject({ code: 0 });
  });

  test('without any object is an error also from a pipe, and is told in reports', async () => {
    const { code, out, err } = await reviewText('---\n# Source: shop/templates/cart.yaml\n', '-o', 'json');
    expect([code, err.split('\n')[0]]).toEqual([2, 'aloft: <stdin>: no object in it']);
    expect(JSON.parse(out).problems).toEqual([{ file: '<stdin>', message: 'no object in it' }]);
  });

  test('may be without an object that a rule is for, and some of it without any', async () => {
    const dir = await folders.create({ 'a.yaml': 'a: 1\n', 'b.yaml': '# kind\n', 'c.yaml': '' });
    const ran = within(dir, await aloft(['review', `${dir}/a.yaml`, `${dir}/b.yaml`, `${dir}/c.yaml`, '-v']));
    expect(ran).toEqual({
      code: 0,
      out: '',
      err: `policy: the embedded one
a.yaml: 1 document, 0 objects reviewed, 0 to change
b.yaml: 0 documents, 0 objects reviewed, 0 to change
c.yaml: 0 documents, 0 objects reviewed, 0 to change
0 objects reviewed, 0 to change, 0 violations, 1 other document, 2 files without an object
`,
    });
  });

  test.each<[string, string, string]>([
    ['a file that is missing', 'gone.yaml', 'gone.yaml: no such file or folder'],
    ['a folder without manifests', 'empty', 'empty: no .yaml, .yml or .json file in this folder'],
    ['a glob that matches nothing', 'x*.yaml', 'x*.yaml: no file matches'],
  ])('%s is named, and everything else reviewed', async (_, path, message) => {
    const dir = await folders.create({ 'a.yaml': agentPod, 'empty/notes.txt': '' });
    const ran = within(dir, await aloft(['review', join(dir, path), join(dir, 'a.yaml')]));
    expect(ran.code).toBe(2);
    expect(ran.err).toBe(`aloft: ${message}\n1 object reviewed, 1 to change, 0 violations, 0 other documents\n`);
    expect(ran.out).toContain('sidecar.istio.io/inject: "false"');
  });
});

describe('a workload', () => {
  const template = {
    metadata: { labels: { app: 'cart' } },
    spec: { containers: [{ name: 'app', image: 'shop/cart:1' }] },
  };
  const env = [
    expect.objectContaining({ name: 'DD_AGENT_HOST' }),
    expect.objectContaining({ name: 'DD_ENTITY_ID' }),
    { name: 'DD_SERVICE', value: 'cart' },
    { name: 'DD_VERSION', value: '1' },
  ];
  const withEnv = { ...template, spec: { containers: [{ ...template.spec.containers[0], env }] } };

  test.each<[string, string]>([
    ['Deployment', 'apps/v1'],
    ['StatefulSet', 'apps/v1'],
    ['DaemonSet', 'apps/v1'],
    ['ReplicaSet', 'apps/v1'],
    ['ReplicationController', 'v1'],
    ['Job', 'batch/v1'],
    ['Rollout', 'argoproj.io/v1alpha1'],
  ])('%s is changed in its template', async (kind, apiVersion) => {
    const workload = { apiVersion, kind, metadata: { name: 'cart' }, spec: { template } };
    const { out } = await reviewText(JSON.stringify(workload), '-o', 'yaml');
    expect(JSON.parse(out)).toEqual({ ...workload, spec: { template: withEnv } });
  });

  test('CronJob is changed in the template of its jobs', async () => {
    const job = (own: object) => ({ jobTemplate: { spec: { template: own } } });
    const workload = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'cart' }, spec: job(template) };
    const { out } = await reviewText(JSON.stringify(workload), '-o', 'yaml');
    expect(JSON.parse(out)).toEqual({ ...workload, spec: job(withEnv) });
  });

  test('gives its name where the template has no labels, which it then gets', async () => {
    const bare = { spec: { containers: [{ name: 'agent', image: 'gcr.io/datadoghq/agent:7' }] } };
    const workload = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'datadog' },
      spec: { template: bare },
    };
    const { out } = await reviewText(JSON.stringify(workload), '-o', 'yaml');
    expect(JSON.parse(out).spec.template.metadata.labels).toMatchObject({ 'sidecar.istio.io/inject': 'false' });
    expect(JSON.parse(out).metadata).toEqual({ name: 'datadog' });
  });
});

describe('-o diff', () => {
  test('is the default: hunks with the reason beside each change', async () => {
    expect(await reviewText(agentPod)).toEqual({
      code: 0,
      out: [
        '# <stdin>:1:1 Pod datadog (namespace default)',
        '--- <stdin>\t',
        '+++ <stdin>\t(after aloft)',
        '@@ -4,6 +4,10 @@',
        '   name: datadog',
        '   labels:',
        '     agent.datadoghq.com/component: agent',
        '+    sidecar.istio.io/inject: "false" # agents-outside-mesh: Datadog Agent, by label agent.datadoghq.com/component=agent',
        '+    istio.io/dataplane-mode: none # agents-outside-mesh: Datadog Agent, by label agent.datadoghq.com/component=agent',
        '+  annotations:',
        '+    sidecar.istio.io/inject: "false" # agents-outside-mesh: Datadog Agent, by label agent.datadoghq.com/component=agent',
        ' spec:',
        '   containers:',
        '     - name: agent',
        '',
      ].join('\n'),
      err: '1 object reviewed, 1 to change, 0 violations, 0 other documents\n',
    });
  });

  test('is empty where nothing changes', async () => {
    expect(await reviewText(documents(service, configMap))).toEqual({
      code: 0,
      out: '',
      err: '1 object reviewed, 0 to change, 0 violations, 1 other document\n',
    });
  });

  test('has colours for a person, and the same text', async () => {
    const plain = await reviewText(agentPod);
    const coloured = await aloft(['review', '-'], { stdin: agentPod, colour: true });
    expect(plain.out).not.toContain('\u001b[');
    expect(coloured.out).toContain('\u001b[32m+    sidecar.istio.io/inject: "false"\u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for
    expect(coloured.out.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.out);
  });

  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  test.each<[string, string]>([
    ['one document', agentPod],
    ['several, changed at their very ends', documents(deployment, deployment, deployment)],
    ['several, some unchanged', stream],
    [
      'several, changed at their beginnings',
      documents(`kind: Pod\n${podText().slice(podText().indexOf('metadata'))}apiVersion: v1\n`, podText(), agentPod),
    ],
    ['a one-line document between others', documents(deployment, `${JSON.stringify(parse(agentPod))}\n`, deployment)],
    ['no new line at the end', deployment.trimEnd()],
    ['no new line at the end of an unchanged last document', documents(deployment, service).trimEnd()],
    ['Windows line ends', crlf(documents(deployment, agentPod, service))],
    ['JSON', JSON.stringify(parse(deployment), undefined, 4)],
    ['values of JSON on one line', [deployment, agentPod, service].map((one) => JSON.stringify(parse(one))).join('')],
    [
      'values of JSON that begin on the line of another, between others',
      [deployment, agentPod, deployment, service, agentPod]
        .map((one, index) => `${JSON.stringify(parse(one), undefined, index % 2)}${index % 3 === 0 ? '\n' : ' '}`)
        .join(''),
    ],
    [
      'a list',
      `apiVersion: v1\nkind: List\nitems:\n${[agentPod, deployment].map((text) => text.replaceAll(/^/gm, '    ').replace('    ', '  - ').trimEnd()).join('\n')}\n`,
    ],
  ])('is a patch that applies: %s', async (_, text) => {
    const { out, after } = await applied(text);
    expect(after).not.toBe(text);
    expect(out).not.toContain('audit');
  });

  const audit = '  rules:\n    - rule: agents-outside-mesh\n    - { rule: tracer-env, mode: audit }\n';
  const comments = (out: string): readonly string[] => out.split('\n').filter((line) => line.startsWith('#'));

  test('says what mode audit leaves, before what changes', async () => {
    const { out } = await applied(documents(deployment, agentPod, podText()), audit);
    expect(comments(out)).toEqual([
      '# in put.yaml:2:1 Deployment cart (namespace shop)',
      "# audit: tracer-env would add env DD_AGENT_HOST = from status.hostIP in app (the node's agent by its IP)",
      '# audit: tracer-env would add env DD_ENTITY_ID = from metadata.uid in app (the Pod by its UID)',
      '# audit: tracer-env would add env DD_SERVICE = "cart" in app (from label app)',
      '# audit: tracer-env would add env DD_VERSION = "1.2.3" in app (from the image tag of app)',
      '# in put.yaml:17:1 Pod datadog (namespace default)',
      '# in put.yaml:28:1 Pod cart (namespace default)',
      "# audit: tracer-env would add env DD_AGENT_HOST = from status.hostIP in app (the node's agent by its IP)",
      '# audit: tracer-env would add env DD_ENTITY_ID = from metadata.uid in app (the Pod by its UID)',
      '# audit: tracer-env would add env DD_SERVICE = "cart" in app (from its own name)',
      '# audit: tracer-env would add env DD_VERSION = "1" in app (from the image tag of app)',
    ]);
    expect(out.match(/^\+\+\+ /gm)).toHaveLength(1);
  });

  test('says it of objects that change for another reason, too', async () => {
    const rules =
      '  rules:\n    - { rule: agents-outside-mesh, mode: audit }\n    - { rule: agents-outside-mesh, name: own, settings: { vendors: [datadog] } }\n';
    const { out } = await applied(documents(agentPod, deployment, agentPod).trimEnd(), rules);
    const left =
      '# audit: agents-outside-mesh would add label sidecar.istio.io/inject: "false" (Datadog Agent, by label agent.datadoghq.com/component=agent)';
    expect(comments(out).slice(0, 2)).toEqual(['# in put.yaml:1:1 Pod datadog (namespace default)', left]);
    expect(comments(out).filter((line) => line === left)).toHaveLength(2);
    expect(out.match(/^\+\+\+ /gm)).toHaveLength(2);
  });

  test('is still a patch where a reason quotes what has several lines', async () => {
    const agent =
      '  cluster: { agents: [{ name: acme, labels: { app: "a*" } }] }\n  rules:\n    - rule: agents-outside-mesh\n';
    const { out } = await applied(podText('  labels:\n    app: "a\\n@@ -1,9 +1,9 @@\\e[2J"\n'), agent);
    expect(out).toContain(
      '    sidecar.istio.io/inject: "false" # agents-outside-mesh: acme agent, by label app=a @@ -1,9 +1,9 @@␛[2J\n',
    );
  });

  /** The diff of a text, and what is there after each program that applies patches has applied it. */
  async function applied(text: string, spec?: string): Promise<{ readonly out: string; readonly after: string }> {
    const dir = await folders.create({ 'in put.yaml': text, ...(spec && { 'policy.yaml': policyText(spec) }) });
    const file = join(dir, 'in put.yaml');
    const policy = spec === undefined ? [] : ['--policy', join(dir, 'policy.yaml')];
    const { out } = within(dir, await aloft(['review', file, ...policy]));
    const after = (await aloft(['review', file, ...policy, '-o', 'yaml'])).out;
    // Only the reasons are more than will be there.
    const patch = out.replaceAll(/^(\+.*?) # (tracer-env|agents-outside-mesh|own): .*?(\r?)$/gm, '$1$3');
    await writeFile(join(dir, 'the.diff'), patch);
    for (const [program, ...args] of [
      ['patch', '--binary', '--fuzz=0', '--strip=0', '--input=the.diff'],
      ['git', 'apply', '-p0', 'the.diff'],
    ] as const) {
      await writeFile(file, text);
      const ran = spawnSync(program, args, { cwd: dir, encoding: 'utf8' });
      if (ran.error !== undefined) continue; // The machine has no such program.
      const said = ran.stdout + ran.stderr;
      expect(`${program} ${ran.status} ${said}`).toMatch(/^(patch|git) 0 (?![\s\S]*(fuzz|offset))/);
      expect(await readFile(file, 'utf8')).toBe(after);
    }
    return { out, after };
  }
});

describe('-o yaml', () => {
  test('is the whole stream in its order, with what is not touched byte for byte', async () => {
    const strange = `%YAML 1.2\n---\n${configMap}  'quoted':   "x"   # why\n\n\n---\n${deployment}`;
    const { code, out } = await reviewText(strange, '-o', 'yaml');
    expect(code).toBe(0);
    expect(out.startsWith(strange.slice(0, strange.indexOf('# The cart')))).toBe(true);
    expect(out).toContain('image: shop/cart:1.2.3 # pinned\n          env:\n            - name: DD_AGENT_HOST\n');
    expect(await reviewText(documents(service, configMap), '-o', 'yaml')).toMatchObject({
      out: documents(service, configMap),
    });
  });

  test('holds nothing else: reasons and counts are messages', async () => {
    const { out, err } = await reviewText(stream, '-o', 'yaml');
    expect(out).not.toContain('agents-outside-mesh');
    expect(parseAllDocuments(out).map((document) => (document as { errors: unknown[] }).errors)).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(err).toBe('3 objects reviewed, 2 to change, 0 violations, 1 other document\n');
  });

  test.each([stream, JSON.stringify(parse(deployment)), documents(deployment.trimEnd(), '')])(
    'changes nothing more when it is reviewed again (%#)',
    async (text) => {
      const first = await reviewText(text, '-o', 'yaml');
      const second = await reviewText(first.out, '-o', 'yaml');
      expect(second.out).toBe(first.out);
      expect(await reviewText(first.out, '--check')).toMatchObject({ code: 0, out: '' });
    },
  );

  test('keeps files apart, also where one lacks its last new line', async () => {
    const dir = await folders.create({
      'a.yaml': service.trimEnd(),
      'b.yaml': `${configMap}---\n`,
      'c.yaml': `---\n${service}`,
      'd.yaml': service,
    });
    const { out } = await aloft(['review', dir, '-o', 'yaml']);
    const kinds = parseAllDocuments(out).map(
      (document) => (document as { toJS(): { kind: string } | null }).toJS()?.kind,
    );
    expect(kinds.filter((kind) => kind !== undefined)).toEqual(['Service', 'ConfigMap', 'Service', 'Service']);
    expect(out.startsWith(`${service}---\n${configMap}---\n`)).toBe(true);
  });
});

describe('-o json', () => {
  test('holds everything that was decided', async () => {
    const { code, out } = await reviewText(documents(configMap, agentPod), '-o', 'json');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual(['apiVersion', 'kind', 'summary', 'items', 'problems', 'suppressions']);
    expect(report).toMatchObject({ apiVersion: 'aloft.dev/v1alpha1', kind: 'ReviewReport' });
    expect(report.items).toHaveLength(1);
    const [item] = report.items;
    expect(item).toMatchObject({
      file: '<stdin>',
      line: 8,
      column: 1,
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'datadog' },
      findings: [
        {
          rule: 'agents-outside-mesh',
          name: 'agents-outside-mesh',
          mode: 'enforce',
          outcome: 'edited',
          inPlace: [],
          reasons: [],
        },
        { rule: 'tracer-env', outcome: 'skipped', reasons: [{ code: 'monitoring-agent' }] },
      ],
    });
    expect(item.patch).toContainEqual({
      op: 'add',
      path: '/metadata/labels/sidecar.istio.io~1inject',
      value: 'false',
      because: [
        { at: '', rule: 'agents-outside-mesh', reason: expect.objectContaining({ code: 'agent-leaves-mesh' }) },
      ],
      file: '<stdin>',
      line: 12,
      column: 3,
    });
    expect(item.remarks).toContainEqual({
      level: 'change',
      rule: 'agents-outside-mesh',
      name: 'agents-outside-mesh',
      code: 'agent-leaves-mesh',
      message: expect.any(String),
      edit: 'label sidecar.istio.io/inject: "false"',
      file: '<stdin>',
      line: 12,
      column: 3,
    });
    expect(item).not.toHaveProperty('answer');
  });
});

describe('an AdmissionReview', () => {
  const request = JSON.stringify(admissionReview());

  test.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'of %s is answered as the webhook would',
    async (version) => {
      const { code, out } = await reviewText(JSON.stringify(admissionReview({}, version)), '-o', 'yaml');
      const answer = parse(out);
      expect(code).toBe(0);
      expect(answer).toMatchObject({
        apiVersion: version,
        kind: 'AdmissionReview',
        response: {
          uid,
          allowed: true,
          patchType: 'JSONPatch',
          auditAnnotations: { 'agents-outside-mesh': 'not-an-agent' },
        },
      });
      expect(patchOf(answer.response)).toMatchObject([{ op: 'add', path: '/spec/containers/0/env' }]);
      const [item] = JSON.parse(
        (await reviewText(JSON.stringify(admissionReview({}, version)), '-o', 'json')).out,
      ).items;
      expect(item.answer).toEqual(answer);
      expect(item.object).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-' });
    },
  );

  test('shows in a diff what becomes of its object', async () => {
    const { out } = await reviewText(JSON.stringify(admissionReview(), undefined, 2));
    expect(out).toMatch(/^\+ +\{ # tracer-env: the Pod by its UID\n\+ +"name": "DD_ENTITY_ID",$/m);
  });

  test('among manifests is answered in its place', async () => {
    const { out } = await reviewText(`${service}---\n${request}\n---\n${configMap}`, '-o', 'yaml');
    const kinds = parseAllDocuments(out).map((document) => (document as { toJS(): { kind: string } }).toJS().kind);
    expect(kinds).toEqual(['Service', 'AdmissionReview', 'ConfigMap']);
  });

  test('about what no rule is for is allowed', async () => {
    const other = JSON.stringify(admissionReview({ kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }));
    const { code, out } = await reviewText(other, '-o', 'yaml');
    expect([code, parse(out).response]).toEqual([0, { uid, allowed: true }]);
  });

  test.each<[string, object, string]>([
    [
      'without a uid',
      admissionReview({ uid: undefined }),
      '62: request.uid: expected a string of 1 to 128 characters, which the answer repeats',
    ],
    [
      'that is an answer',
      { ...admissionReview(), request: undefined, response: {} },
      '1: request: expected an object: a request, not a response, is reviewed',
    ],
    [
      'of an unknown version',
      admissionReview({}, 'admission.k8s.io/v2'),
      '27: apiVersion: expected one of admission.k8s.io/v1, admission.k8s.io/v1beta1',
    ],
  ])('%s is a problem of the input', async (_, review, message) => {
    const { code, err } = await reviewText(JSON.stringify(review));
    expect([code, err.split('\n')[0]]).toEqual([2, `aloft: <stdin>:1:${message}`]);
  });
});

describe('--check', () => {
  test.each(['diff', 'yaml', 'json'])('finds a change, in format %s', async (format) => {
    expect(await reviewText(agentPod, '-o', format)).toMatchObject({ code: 0 });
    const { code, out } = await reviewText(agentPod, '-o', format, '--check');
    expect(code).toBe(1);
    expect(out).toBe((await reviewText(agentPod, '-o', format)).out);
  });

  test('finds nothing where nothing changes', async () => {
    expect(await reviewText(service, '--check')).toMatchObject({ code: 0 });
  });

  test('comes after what could not be read', async () => {
    expect(await reviewText(documents(agentPod, brokenYaml), '--check')).toMatchObject({ code: 2 });
  });
});

describe('input that cannot be reviewed', () => {
  test('in one document: where and why, and the others are reviewed', async () => {
    const dir = await folders.create({ 'app.yaml': documents(deployment, brokenYaml, agentPod) });
    const ran = within(dir, await aloft(['review', join(dir, 'app.yaml')]));
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(
      /^aloft: app\.yaml:2[01]:\d+: .+\n2 objects reviewed, 2 to change, 0 violations, 0 other documents\n$/,
    );
    expect(ran.out).toContain('Deployment cart');
    expect(ran.out).toContain('Pod datadog');
    const { out } = await aloft(['review', join(dir, 'app.yaml'), '-o', 'yaml']);
    expect(out).toContain(brokenYaml);
  });

  test.each<[string, string, string]>([
    [
      'a number for a label',
      podText('  labels:\n    app: cart\n    version: 1.10\n'),
      '13:5: metadata.labels.version: expected a string, got number 1.1',
    ],
    [
      'a boolean for an annotation',
      podText('  annotations:\n    sidecar.istio.io/inject: false\n'),
      '12:5: metadata.annotations.sidecar.istio.io/inject: expected a string, got boolean false',
    ],
    ['a list for labels', podText('  labels: [app]\n'), '11:3: metadata.labels: expected an object, got a list'],
  ])('as %s: where and why', async (_, text, message) => {
    const { code, out, err } = await reviewText(`${service}---\n${text}`);
    expect(code).toBe(2);
    expect(err).toContain(`aloft: <stdin>:${message}\n`);
    expect(out).toBe('');
  });

  test('is all told, each in a line, in the order of the input', async () => {
    const dir = await folders.create({ 'a.yaml': brokenYaml, 'b.yaml': brokenYaml });
    const { err } = within(dir, await aloft(['review', join(dir, 'none.yaml'), dir]));
    expect(err.split('\n').map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'aloft: none.yaml',
      'aloft: a.yaml',
      'aloft: b.yaml',
      '0 objects reviewed, 0 to change, 0 violations, 0 other documents',
      '',
    ]);
  });

  test('never quotes what may be a secret', async () => {
    const text = podText('  labels: s3cr3t\n').replace('- name: app', '- name: app\n      env: s3cr3t');
    const { err } = await reviewText(text);
    expect(err).not.toContain('s3cr3t');
  });
});

describe('-n', () => {
  const namespaces = async (text: string, ...args: readonly string[]) =>
    JSON.parse((await reviewText(text, '-o', 'json', ...args)).out).items.map(
      ({ object }: { object: { namespace: string } }) => object.namespace,
    );

  test('is for objects that name no namespace', async () => {
    expect(await namespaces(stream)).toEqual(['shop', 'shop', 'default']);
    expect(await namespaces(stream, '-n', 'monitoring')).toEqual(['shop', 'shop', 'monitoring']);
    expect(await namespaces(stream, '--namespace', 'a')).toEqual(['shop', 'shop', 'a']);
  });

  test.each(['kube-system', 'aloft-system'])('decides whether rules look: never in %s', async (namespace) => {
    expect(await reviewText(agentPod, '-n', namespace, '--check')).toMatchObject({ code: 0, out: '' });
  });
});

describe('--policy', () => {
  test('decides', async () => {
    const dir = await folders.create({
      'policy.yaml': policyText('  rules:\n    - rule: agents-outside-mesh\n      mode: audit\n'),
    });
    const why = '(Datadog Agent, by label agent.datadoghq.com/component=agent)';
    expect(await reviewText(stream, '--policy', join(dir, 'policy.yaml'), '--check')).toMatchObject({
      code: 0,
      out: [
        '# <stdin>:30:1 Pod datadog (namespace default)',
        `# audit: agents-outside-mesh would add label sidecar.istio.io/inject: "false" ${why}`,
        `# audit: agents-outside-mesh would add annotation sidecar.istio.io/inject: "false" ${why}`,
        `# audit: agents-outside-mesh would add label istio.io/dataplane-mode: "none" ${why}`,
        '',
      ].join('\n'),
    });
  });

  test('is the embedded one unless given', async () => {
    const dir = await folders.create({ 'policy.yaml': (await aloft(['policy', 'default'])).out });
    expect(await reviewText(stream, '--policy', join(dir, 'policy.yaml'))).toEqual(await reviewText(stream));
  });

  test('with problems: all of them at once, in order, and nothing is reviewed', async () => {
    const bad = policyText(
      '  clutser: {}\n  rules:\n    - rule: tracer-evn\n    - rule: tracer-env\n      mode: sometimes\n',
    );
    const dir = await folders.create({ 'policy.yaml': bad });
    for (const command of ['review', 'explain']) {
      const { code, out, err } = within(
        dir,
        await aloft([command, '-', '--policy', join(dir, 'policy.yaml')], { stdin: stream }),
      );
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err.split('\n').slice(0, 3)).toEqual([
        'aloft: policy.yaml:5:3 spec.clutser: unknown key "clutser": did you mean "cluster"?',
        expect.stringMatching(
          /^aloft: policy\.yaml:7:7 spec\.rules\[0\]\.rule: expected one of .*, got "tracer-evn": did you mean "tracer-env"\?$/,
        ),
        'aloft: policy.yaml:9:7 spec.rules[1].mode: expected one of enforce, warn, audit, off, got "sometimes"',
      ]);
      expect(err).not.toContain('reviewed');
    }
  });

  test.each<[string, string | undefined, string]>([
    ['missing', undefined, 'policy.yaml: cannot be read: no such file or folder'],
    ['empty', '', 'policy.yaml:1:1: expected a Policy, got an empty file'],
    [
      'several documents',
      documents(policyText('  rules: []\n'), service),
      'policy.yaml:6:1: expected one Policy, got several documents',
    ],
  ])('that is %s is refused', async (_, text, message) => {
    const dir = await folders.create(text === undefined ? {} : { 'policy.yaml': text });
    const ran = within(dir, await reviewText(stream, '--policy', join(dir, 'policy.yaml')));
    expect([ran.code, ran.out, ran.err.split('\n')[0]]).toEqual([2, '', `aloft: ${message}`]);
  });
});

describe('an annotation that exempts from nothing', () => {
  const said = async (annotation: string) => {
    const { err } = await reviewText(podText(`  annotations: {aloft.dev/exempt: ${annotation}}\n`));
    return err.split('\n')[0];
  };

  test.each<[string, string]>([
    ['agents-outside-mseh', 'no rule is called "agents-outside-mseh": did you mean "agents-outside-mesh"?'],
    ['something', 'no rule is called "something"'],
    ['annotation-lnit/istio-port', 'no rule is called "annotation-lnit": did you mean "annotation-lint"?'],
    [
      'annotation-lint/istio-prot',
      'annotation-lint finds nothing under the code "istio-prot": did you mean "istio-port"?',
    ],
    ['tracer-env/entity-id', 'tracer-env only edits, and finds nothing wrong: write "tracer-env"'],
    ['proxy-logs', 'nothing here needs it'],
    ['annotation-lint/istio-port', 'nothing here needs it'],
  ])('says why: %s', async (annotation, why) => {
    expect(await said(annotation)).toBe(`<stdin>:5:17: unused exemption by annotation from ${annotation}: ${why}`);
  });

  test('knows the names that the policy gives', async () => {
    const dir = await folders.create({
      'policy.yaml': policyText('  rules: [{ rule: tracer-env, name: traces, match: { namespaces: [a] } }]\n'),
    });
    const run = (name: string) =>
      reviewText(podText(`  annotations: {aloft.dev/exempt: ${name}}\n`), '--policy', join(dir, 'policy.yaml'));
    expect((await run('traces')).err).toContain('from traces: nothing here needs it\n');
    expect((await run('trace')).err).toContain('from trace: no rule is called "trace": did you mean "traces"?\n');
  });

  test('may be wrong twice: also where it stands', async () => {
    const misplaced = deployment.replace(
      '  name: cart\n',
      '  name: cart\n  annotations: {aloft.dev/exempt: tracer-evn}\n',
    );
    expect((await reviewText(misplaced)).err).toContain(
      '<stdin>:6:17: unused exemption by annotation from tracer-evn: has no effect here: put it on the template of the Pods; no rule is called "tracer-evn": did you mean "tracer-env"?\n',
    );
  });

  test.each(['github', 'sarif', 'gitlab', 'markdown', 'html', 'json'])('in -o %s, too', async (format) => {
    const { out } = await reviewText(podText('  annotations: {aloft.dev/exempt: tracer-evn}\n'), '-o', format);
    expect(out).toMatch(/no rule is called .{1,7}tracer-evn.{1,7}: did you mean .{1,7}tracer-env/);
  });
});

test('what a user should not overlook is said beside the counts', async () => {
  const injected = agentPod.replace('spec:', "  annotations: {sidecar.istio.io/status: '{}'}\nspec:");
  const { code, err } = await reviewText(injected);
  expect(code).toBe(0);
  expect(err).toBe(
    '<stdin>:7:17: warning: Pod datadog: agents-outside-mesh: Datadog agent already has a sidecar\n' +
      '1 object reviewed, 0 to change, 0 violations, 1 warning, 0 other documents\n',
  );
  expect(cart.kind).toBe('Pod');
});
