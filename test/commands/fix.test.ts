import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, lstat, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { aloft, createFolders, within } from '../support/commands.js';

import { agentPod, brokenYaml, configMap, deployment, podText, policyText, service } from '../support/manifests.js';

const runFix = (...args: readonly string[]) => aloft(['fix', ...args]);

const folders = createFolders();
afterAll(folders.remove);

const documents = (...texts: readonly string[]): string => texts.join('---\n');

/** The agent's Pod as it comes out: it leaves the mesh. */
const fixedAgent = agentPod.replace(
  'agent.datadoghq.com/component: agent\n',
  `agent.datadoghq.com/component: agent
    sidecar.istio.io/inject: "false"
    istio.io/dataplane-mode: none
  annotations:
    sidecar.istio.io/inject: "false"
`,
);

/** Runs it over files, and tells what it says and what became of them. */
async function fixing(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const dir = await folders.create(files);
  const ran = within(dir, await runFix('-f', dir, ...args));
  return { ...ran, dir, text: (file: string) => readFile(join(dir, file), 'utf8') };
}

describe('files', () => {
  test('get the lines that are missing, and nothing else', async () => {
    const { code, out, err, text } = await fixing({ 'app.yaml': documents(deployment, service, agentPod) });
    const fixed = await text('app.yaml');
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'app.yaml: 17 lines added for 2 objects\n',
      err: '1 file fixed, 0 with nothing to fix\n',
    });
    expect(fixed).toContain(fixedAgent);
    const kept = fixed.split('\n');
    const added = kept.splice(15, 13);
    expect(added[0]).toBe('          env:');
    expect(kept.join('\n')).toBe(documents(deployment, service, fixedAgent));
  });

  test('are left alone by a second run', async () => {
    const { dir, text } = await fixing({ 'a.yaml': documents(deployment, agentPod) });
    const once = await text('a.yaml');
    const { mtimeMs } = await stat(join(dir, 'a.yaml'));
    const { code, out, err } = await runFix('-f', dir);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '0 files fixed, 1 with nothing to fix\n' });
    expect(await text('a.yaml')).toBe(once);
    expect((await stat(join(dir, 'a.yaml'))).mtimeMs).toBe(mtimeMs);
  });

  test('are fixed under the policy and the namespace that are named', async () => {
    const policy = policyText("  rules:\n    - rule: agents-outside-mesh\n      match: { namespaces: ['ops'] }\n");
    const dir = await folders.create({ 'p/policy.yaml': policy, 'pod.yaml': agentPod });
    const args = [join(dir, 'pod.yaml'), '--policy', join(dir, 'p/policy.yaml')];
    expect((await runFix(...args)).out).toBe('');
    expect(within(dir, await runFix(...args, '-n', 'ops')).out).toBe('pod.yaml: 4 lines added for 1 object\n');
  });

  test('do not get what a rule in mode audit would add', async () => {
    const policy = policyText('  rules:\n    - rule: agents-outside-mesh\n      mode: audit\n');
    const dir = await folders.create({ 'p/policy.yaml': policy, 'pod.yaml': agentPod });
    const { code, out } = await runFix(join(dir, 'pod.yaml'), '--policy', join(dir, 'p/policy.yaml'));
    expect([code, out]).toEqual([0, '']);
  });

  test('are fixed once, however often they are named', async () => {
    const dir = await folders.create({ 'pod.yaml': agentPod });
    await symlink('pod.yaml', join(dir, 'link.yaml'));
    const file = join(dir, 'pod.yaml');
    const { code, out } = within(dir, await runFix(file, '-f', file, dir, join(dir, 'link.yaml')));
    expect([code, out]).toEqual([0, 'pod.yaml: 4 lines added for 1 object\n']);
    expect(await readFile(file, 'utf8')).toBe(fixedAgent);
  });

  test('keep their mode, and links stay links', async () => {
    const dir = await folders.create({ 'real/pod.yaml': agentPod });
    await chmod(join(dir, 'real/pod.yaml'), 0o750);
    await symlink('real/pod.yaml', join(dir, 'link.yaml'));
    const { out } = within(dir, await runFix(join(dir, 'link.yaml')));
    expect(out).toBe('link.yaml: 4 lines added for 1 object\n');
    expect((await lstat(join(dir, 'link.yaml'))).isSymbolicLink()).toBe(true);
    expect(await readlink(join(dir, 'link.yaml'))).toBe('real/pod.yaml');
    expect((await stat(join(dir, 'real/pod.yaml'))).mode & 0o777).toBe(0o750);
    expect(await readFile(join(dir, 'real/pod.yaml'), 'utf8')).toBe(fixedAgent);
    expect(readdirSync(join(dir, 'real'))).toEqual(['pod.yaml']);
  });

  test.each([
    ['carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['blanks at the ends of lines', (text: string) => text.replace('metadata:\n', 'metadata:  \n')],
  ])('keep %s', async (_, change) => {
    const { text } = await fixing({ 'pod.yaml': change(agentPod) });
    expect(await text('pod.yaml')).toBe(change(fixedAgent));
  });

  test('may end without a line end, and hold several objects on one line', async () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [] } });
    const agent =
      '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","labels":{"app":"dd"}},"spec":{"containers":[{"name":"a","image":"datadog/agent:7"}]}}';
    const { out, text } = await fixing({ 'a.json': `${agent}${json}${agent}`, 'b.yaml': agentPod.trimEnd() });
    expect(out).toBe('a.json: 1 line changed for 2 objects\nb.yaml: 4 lines added for 1 object\n');
    const labels = '"labels":{"app":"dd","sidecar.istio.io/inject":"false","istio.io/dataplane-mode":"none"}';
    const annotations = '"annotations":{"sidecar.istio.io/inject":"false"}';
    const fixed = agent.replace('"labels":{"app":"dd"}', `${labels},${annotations}`);
    expect(await text('a.json')).toBe(`${fixed}${json}${fixed}`);
    expect(await text('b.yaml')).toBe(fixedAgent.trimEnd());
  });
});

describe('the lines that a field takes', () => {
  const agent = (metadata: string): string => podText(metadata, 'datadog/agent:7');
  const annotations = '  annotations:\n    a: b\n';
  test.each([
    [
      'two labels and an annotation, where there are some',
      agent(`  labels:\n    a: b\n${annotations}`),
      '3 lines added',
    ],
    ['a map that was missing has a line of its own', agent(annotations), '4 lines added'],
    ['a map that was left out has one already', agent(`  labels:\n${annotations}`), '3 lines added'],
    ['an empty map in braces gives them up', agent(`  labels: {}\n${annotations}`), '3 lines added and 1 changed'],
    ['a map in braces grows within its line', agent(`  labels: {a: b}\n${annotations}`), '1 line added and 1 changed'],
    ['a variable: two for a value, four for a field; one for the list', podText('', 'shop/cart:1.2'), '13 lines added'],
  ])('%s', async (_, text, says) => {
    const { out } = await fixing({ 'pod.yaml': text });
    expect(out).toBe(`pod.yaml: ${says} for 1 object\n`);
  });
});

describe('without writing', () => {
  const files = { 'a/one.yaml': documents(deployment, agentPod), 'two.yaml': agentPod.trimEnd(), 'x.yaml': configMap };

  test('--dry-run shows what git takes for the same change', async () => {
    const dir = await folders.create(files);
    const { code, out, err } = within(dir, await runFix('-f', dir, '--dry-run'));
    expect([code, err]).toEqual([0, '2 files to fix, 1 with nothing to fix\n']);
    expect(await readFile(join(dir, 'two.yaml'), 'utf8')).toBe(files['two.yaml']);
    const copy = await folders.create(files);
    const applied = spawnSync('git', ['apply', '-p0', '-'], { cwd: copy, input: out, encoding: 'utf8' });
    expect(applied.stderr).toBe('');
    await runFix('-f', dir);
    for (const file of Object.keys(files)) {
      expect(await readFile(join(copy, file), 'utf8')).toBe(await readFile(join(dir, file), 'utf8'));
    }
  });

  test('--dry-run shows a unified diff', async () => {
    const { out } = await fixing({ 'pod.yaml': agentPod }, '--dry-run');
    expect(out).toBe(`--- pod.yaml\t
+++ pod.yaml\t(after aloft)
@@ -4,6 +4,10 @@
   name: datadog
   labels:
     agent.datadoghq.com/component: agent
+    sidecar.istio.io/inject: "false"
+    istio.io/dataplane-mode: none
+  annotations:
+    sidecar.istio.io/inject: "false"
 spec:
   containers:
     - name: agent
`);
  });

  test('--check names the files, and finds something', async () => {
    const { code, out, err, text } = await fixing(files, '--check');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: 'a/one.yaml: 17 lines to add for 2 objects\ntwo.yaml: 4 lines to add for 1 object\n',
      err: '2 files to fix, 1 with nothing to fix\n',
    });
    expect(await text('two.yaml')).toBe(files['two.yaml']);
    expect((await fixing({ 'x.yaml': configMap, 'y.yaml': fixedAgent }, '--check')).code).toBe(0);
  });

  test('--check with --dry-run does both', async () => {
    const { code, out } = await fixing({ 'pod.yaml': agentPod }, '--check', '--dry-run');
    expect([code, out.startsWith('--- pod.yaml')]).toEqual([1, true]);
  });
});

describe('what is not fixed', () => {
  test.each([
    [
      'a template',
      { 'pod.yaml': agentPod.replace('datadog\n', '"{{ .Release.Name }}"\n') },
      'pod.yaml:4:10: not fixed: a template',
    ],
    [
      'a part of an object',
      { 'pod.yaml': agentPod.replace(/ {6}image.*\n/, '') },
      'pod.yaml:1:1: not fixed: a container has no image, so this is a patch',
    ],
    ['a generated file', { 'pod.yaml': `# DO NOT EDIT\n${agentPod}` }, 'pod.yaml:1:1: not fixed: its header says'],
    [
      'a file with a part that cannot be read',
      { 'pod.yaml': documents(agentPod, brokenYaml) },
      'pod.yaml: not fixed: a part of it cannot be read',
    ],
    [
      'an alias that would have to be written out',
      {
        'pod.yaml': agentPod
          .replace('labels:\n', 'annotations: &l\n    a: b\n  labels: *l\n')
          .replace(/ {4}agent.*\n/, '')
          .replace('agent:7', 'agent:7')
          .replace('gcr.io/datadoghq/agent', 'datadog/agent'),
      },
      'pod.yaml:7:1: not fixed: more than what is missing would change here, as where an alias',
    ],
    [
      'what could only be printed anew',
      {
        'pod.yaml': agentPod
          .replace('  labels:\n', '  ? labels\n  :\n')
          .replace('    agent.datadoghq.com/component: agent', '    ? agent.datadoghq.com/component\n    : agent'),
      },
      'pod.yaml:1:1: not fixed: it would have to be printed anew',
    ],
    [
      'a patch of kustomize',
      { 'patches/pod.yaml': agentPod, 'kustomization.yaml': 'patches: [{path: patches/pod.yaml}]\n' },
      'not fixed: it is a patch in kustomization.yaml',
    ],
    [
      'a name that only a controller makes up',
      { 'app.yaml': deployment.replace(/ {6}labels:\n.*\n/, '      annotations: {}\n') },
      'app.yaml:13:11: not fixed: it would get a name',
    ],
  ])('%s', async (_, files, says) => {
    const dir = await folders.create(files);
    const named = Object.keys(files).filter((file) => file !== 'kustomization.yaml');
    const { code, out, err } = within(dir, await runFix(...named.map((file) => join(dir, file))));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`aloft: ${says.startsWith('not') ? `patches/pod.yaml: ${says}` : says}`);
    expect(err).toContain('\n0 files fixed, 1 not fixed, 0 with nothing to fix\n');
    for (const [file, text] of Object.entries(files)) expect(await readFile(join(dir, file), 'utf8')).toBe(text);
  });

  test('is told of each file; the others are fixed', async () => {
    const { code, out, err, text } = await fixing({
      'a.yaml': agentPod,
      'b.yaml': `# DO NOT EDIT\n${agentPod}`,
      'c.yaml': `# DO NOT EDIT\n${fixedAgent}`,
      'd.yaml': brokenYaml,
    });
    expect([code, out]).toEqual([2, 'a.yaml: 4 lines added for 1 object\n']);
    expect(err).toMatch(
      /^aloft: d\.yaml:\d+:\d+: .*\naloft: b\.yaml:1:1: not fixed: .*\n1 file fixed, 2 not fixed, 1 with/,
    );
    expect(await text('a.yaml')).toBe(fixedAgent);
  });

  test.each<[string, (file: string) => Promise<unknown>, string]>([
    ['a file that is read-only', (file) => chmod(file, 0o444), 'it is read-only'],
    [
      'text in UTF-16',
      (file) => writeFile(file, `\uFEFF${agentPod}`, 'utf16le'),
      'it is not in UTF-8: save it as such',
    ],
  ])('%s', async (_, change, says) => {
    const dir = await folders.create({ 'pod.yaml': agentPod });
    await change(join(dir, 'pod.yaml'));
    const before = await readFile(join(dir, 'pod.yaml'));
    for (const args of [['--dry-run'], []]) {
      const { code, out, err } = within(dir, await runFix('-f', dir, ...args));
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`aloft: pod.yaml: not fixed: ${says}\n`);
    }
    expect(await readFile(join(dir, 'pod.yaml'))).toEqual(before);
  });

  test('standard input, and nothing at all', async () => {
    const piped = await runFix('-f', '-');
    expect([piped.code, piped.out]).toEqual([2, '']);
    expect(piped.err).toBe('aloft: -: standard input is no file that could be fixed: use aloft review - -o yaml\n');
    expect((await runFix()).code).toBe(2);
  });

  test('anything, if the policy is wrong', async () => {
    const dir = await folders.create({ 'policy.yaml': policyText('  rules: 1\n'), 'pod.yaml': agentPod });
    const { code, err } = within(dir, await runFix(join(dir, 'pod.yaml'), '--policy', join(dir, 'policy.yaml')));
    expect(code).toBe(2);
    expect(err).toContain('policy.yaml:5:3 spec.rules');
    expect(await readFile(join(dir, 'pod.yaml'), 'utf8')).toBe(agentPod);
  });

  test('a violation: it is told, and fails the run', async () => {
    const policy = policyText('  rules:\n    - rule: agents-outside-mesh\n    - rule: annotation-lint\n');
    const pod = agentPod.replace(
      '  labels:\n',
      '  annotations:\n    ad.datadoghq.com/agent.checks: no JSON\n  labels:\n',
    );
    const dir = await folders.create({ 'p/policy.yaml': policy, 'pod.yaml': pod });
    const args = ['-f', join(dir, 'pod.yaml'), '--policy', join(dir, 'p/policy.yaml')];
    const { code, out, err } = within(dir, await runFix(...args));
    expect([code, out]).toEqual([1, 'pod.yaml: 3 lines added for 1 object\n']);
    expect(err).toMatch(
      /^pod\.yaml:\d+:\d+: violation: Pod datadog: annotation-lint: .*\n1 file fixed, .*, 1 violation left\n$/,
    );
  });
});
