import { spawnSync } from 'node:child_process';
import { chmod, cp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readText } from '../docs/files.ts';
import { aloft, createFolders } from '../support/commands.js';
import { agentPod, configMap, deployment, podText, policyText } from '../support/manifests.js';
import { build, mainFile } from '../support/program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readText('package.json'));
const folders = createFolders();
afterAll(folders.remove);

const linting = policyText('  rules:\n    - rule: annotation-lint\n');
const faulty = podText('  annotations:\n    ad.datadoghq.com/app.checks: "{oops"\n');

/** A folder for the PATH with `aloft` in it, as an installation leaves it. */
let bin = '';
beforeAll(async () => {
  await build();
  bin = await folders.create({ aloft: `#!/bin/sh\nexec "${process.execPath}" "${mainFile}" "$@"\n` });
  await chmod(join(bin, 'aloft'), 0o755);
}, 60_000);

type Call = { readonly stdin?: string; readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

function call(program: string, args: readonly string[], { stdin = '', cwd = root, env = {} }: Call = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    input: stdin,
    cwd,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}`, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the post-renderer of Helm', () => {
  const script = join(root, 'integrations/helm-post-renderer/post-render.sh');
  const plugin = parse(readText('integrations/helm-post-renderer/plugin.yaml'));
  const rendered = `---\n# Source: shop/templates/cart.yaml\n${deployment}---\n# Source: shop/templates/agent.yaml\n${agentPod}`;

  test('gives out what `aloft review - -o yaml` does, behind the marker of a document', async () => {
    const { code, out } = call(script, [], { stdin: rendered });
    expect(code).toBe(0);
    expect(out).toBe(`---\n${(await aloft(['review', '-', '-o', 'yaml'], { stdin: rendered })).out}`);
    expect(out).toContain('DD_AGENT_HOST');
    expect(out).toContain('# Source: shop/templates/agent.yaml\n');
  });

  test('keeps every byte of what is not changed, and the annotation by which Helm tells files apart', () => {
    const service = `apiVersion: v1\nkind: Service\nmetadata:\n  name: 'cart'   # odd\n  annotations:\n    postrenderer.helm.sh/postrender-filename: 'shop/templates/service.yaml'\n`;
    expect(call(script, [], { stdin: service }).out).toBe(`---\n${service}`);
  });

  test.each(['', '\n'])('says something for a chart that renders nothing, and does not fail (%j)', (stdin) => {
    expect(call(script, [], { stdin })).toMatchObject({ code: 0, out: expect.stringMatching(/^---\s*$/) });
  });

  test('does not fail for a chart that renders nothing but comments, and keeps them', () => {
    const comments = '---\n# Source: shop/templates/cart.yaml\r\n  # Copyright 100% \\n\n\n';
    expect(call(script, [], { stdin: comments })).toEqual({ code: 0, out: `---\n${comments}`, err: '' });
  });

  test('keeps the new lines at the end, which a value may need', () => {
    const text = `${configMap}  last: |+\n    a\n\n\n`;
    expect(call(script, [], { stdin: text }).out).toBe(`---\n${text}`);
  });

  test('takes arguments of `aloft review`, and fails as it does', async () => {
    const cwd = await folders.create({ 'policy.yaml': linting });
    const violated = call(script, ['--policy=policy.yaml'], { stdin: faulty, cwd });
    expect([violated.code, violated.err]).toEqual([1, expect.stringContaining('violation: Pod cart: annotation-lint')]);
    expect(call(script, ['--policy=policy.yaml', '--fail-on=never'], { stdin: faulty, cwd }).code).toBe(0);
  });

  test('is what the plugin of Helm 4 calls; Windows calls aloft', async () => {
    expect(plugin).toMatchObject({
      apiVersion: 'v1',
      name: 'aloft',
      type: 'postrenderer/v1',
      runtime: 'subprocess',
      version: manifest.version,
    });
    const [anywhere, windows] = plugin.runtimeConfig.platformCommand;
    expect(anywhere).toEqual({ command: '$' + '{HELM_PLUGIN_DIR}/post-render.sh' });
    expect(windows).toMatchObject({ os: 'windows', command: 'aloft' });
    expect((await aloft(windows.args, { stdin: deployment })).out).toContain('DD_AGENT_HOST');
  });
});

describe('the hooks of pre-commit', () => {
  const hooks: readonly Record<string, string>[] = parse(readText('.pre-commit-hooks.yaml'));

  /** A clone of pre-commit, in which aloft is built already. */
  async function clone(): Promise<string> {
    const dir = await folders.create({ 'dist/.complete': '' });
    await cp(join(root, 'integrations'), join(dir, 'integrations'), { recursive: true });
    await symlink(join(root, 'node_modules'), join(dir, 'node_modules'));
    for (const name of await readdir(join(root, 'dist'))) {
      if (!name.startsWith('.')) await symlink(join(root, 'dist', name), join(dir, 'dist', name));
    }
    return dir;
  }

  const run = (dir: string, id: string, args: readonly string[], cwd: string) => {
    const [script = '', ...own] = hooks.find((hook) => hook['id'] === id)?.['entry']?.split(' ') ?? [];
    return call(join(dir, script), [...own, ...args], { cwd });
  };

  test('review the files that they are given', async () => {
    const cwd = await folders.create({ 'a b.yaml': faulty, 'policy.yaml': linting });
    const ran = run(await clone(), 'aloft-review', ['--policy', 'policy.yaml', 'a b.yaml'], cwd);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^a b\.yaml:6:5: violation: /) });
  });

  test('fix the files that they are given', async () => {
    const cwd = await folders.create({ 'agent.yaml': agentPod });
    expect(run(await clone(), 'aloft-fix', ['agent.yaml'], cwd)).toMatchObject({ code: 0 });
    expect(await readFile(join(cwd, 'agent.yaml'), 'utf8')).toContain('istio.io/dataplane-mode: none');
  });

  test.each<[string, boolean]>([
    ['deploy/cart.yaml', true],
    ['cart.yml', true],
    ['cart.json', true],
    ['cart.yaml.orig', false],
    ['charts/shop/templates/cart.yaml', false],
    ['templates/cart.yaml', false],
    ['mytemplates/cart.yaml', true],
  ])('are called for %s: %s', (path, isCalled) => {
    for (const { files = '', exclude = '' } of hooks) {
      expect(new RegExp(files).test(path) && !new RegExp(exclude).test(path)).toBe(isCalled);
    }
  });

  /** A PATH on which npm is this script. */
  const withNpm = async (script: string) => {
    const dir = await folders.create({ npm: `#!/bin/sh\n${script}\n` });
    await chmod(join(dir, 'npm'), 0o755);
    return { PATH: `${dir}:${process.env['PATH']}` };
  };

  test('build nothing where all is built', async () => {
    const env = await withNpm('echo npm; exit 1');
    expect(call('integrations/build.sh', [], { cwd: await clone(), env })).toEqual({ code: 0, out: '', err: '' });
  });

  test('build what is not built, without a word on standard output', async () => {
    const dir = await clone();
    await rm(join(dir, 'dist/.complete'));
    const ran = call(join(dir, 'integrations/pre-commit/aloft'), ['--version'], {
      env: await withNpm('echo "npm $1"'),
    });
    expect(ran).toEqual({ code: 0, out: `${manifest.version}\n`, err: 'npm ci\nnpm rebuild\nnpm run\n' });
    expect(await readdir(join(dir, 'dist'))).toContain('.complete');
  });

  test('take half a build for none', async () => {
    const dir = await clone();
    await rm(join(dir, 'dist/.complete'));
    const env = await withNpm('test "$1" != run');
    expect(call(join(dir, 'integrations/pre-commit/aloft'), ['--version'], { env })).toMatchObject({
      code: 1,
      out: '',
    });
    expect(await readdir(join(dir, 'dist'))).not.toContain('.complete');
  });
});

describe('the function of kustomize', () => {
  const policy = readText('integrations/kustomize/policy.yaml');
  const list = JSON.stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items: [parse(readText('integrations/kustomize/deployment.yaml'))],
    functionConfig: parse(policy),
  });

  test('is run as the policy says, and takes it for its configuration', async () => {
    const { exec } = parse(parse(policy).metadata.annotations['config.kubernetes.io/function']);
    const { code, out } = call(exec.path, exec.args, { stdin: list });
    expect(code).toBe(0);
    expect(JSON.parse(out).items[0].spec.template.spec.containers[0].env[0].name).toBe('DD_AGENT_HOST');
  });

  test('is run by a script where kustomize can give no arguments', () => {
    const { out } = call(join(root, 'integrations/kustomize/aloft-function'), [], { stdin: list });
    expect(JSON.parse(out)).toMatchObject({ kind: 'ResourceList', results: [{ severity: 'info' }, {}, {}, {}] });
  });
});

describe('the job of GitLab', () => {
  const { aloft: job } = parse(readText('integrations/gitlab/aloft.gitlab-ci.yml'));
  const script = (steps: readonly string[]): readonly string[] => ['-eo', 'pipefail', '-c', steps.join('\n')];

  test.each<[string, string, number]>([
    ['a violation', faulty, 1],
    ['changes only', podText(), 0],
  ])('ends with %s, and leaves the reports that its artifacts name', async (_, text, code) => {
    const cwd = await folders.create({ 'deploy/cart.yaml': text, 'policy.yaml': linting });
    const ran = call('bash', script(job.script), { cwd, env: { ...job.variables, ALOFT_POLICY: 'policy.yaml' } });
    expect(ran.code).toBe(code);
    for (const file of Object.values<string>(job.artifacts.reports)) {
      expect(await readdir(cwd)).toContain(file);
    }
  });

  test('ends with a code of its own on warnings, which the job allows', async () => {
    const policy = policyText('  rules:\n    - rule: annotation-lint\n      mode: warn\n');
    const cwd = await folders.create({ 'deploy/cart.yaml': faulty, 'policy.yaml': policy });
    const { code } = call('bash', script(job.script), { cwd, env: { ...job.variables, ALOFT_POLICY: 'policy.yaml' } });
    expect(job.allow_failure.exit_codes).toEqual([code]);
  });

  test('leaves globs to aloft, and takes several paths', async () => {
    const cwd = await folders.create({ 'a/x.yaml': podText(), 'b/y.yaml': podText(), 'b/c/y.yaml': podText() });
    const env = { ...job.variables, ALOFT_PATHS: 'a **/y.yaml' };
    expect(call('bash', script(job.script), { cwd, env }).err).toContain('3 objects reviewed');
  });

  test('installs only what somebody has named', () => {
    const ran = call('bash', script(job.before_script), { env: { PATH: '/usr/bin:/bin' } });
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('ALOFT_PACKAGE: what npm is to install, see docs/ci.md of aloft');
  });

  test('runs on the Node.js of the project', () =>
    expect(job.image).toBe(`node:${manifest.devDependencies.node}-bookworm`));
});

test('kubectl_complete-aloft answers kubectl', () => {
  const script = join(root, 'integrations/kubectl/kubectl_complete-aloft');
  expect(call(script, ['review', '--fail-on', 'w'])).toEqual({ code: 0, out: 'warning\n:4\n', err: '' });
});
