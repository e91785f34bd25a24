import { spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFolders } from '../support/commands.js';
import { agentPod, deployment, podText, policyText } from '../support/manifests.js';
import { mainFile } from '../support/program.js';
import { helm } from './deploy/render.ts';
import { findAssets } from './support/assets.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = createFolders();
afterAll(folders.remove);

const linting = policyText('  rules:\n    - rule: annotation-lint\n');
const faulty = podText('  annotations:\n    ad.datadoghq.com/app.checks: "{oops"\n');
const byArguments = ['aloft', 'review', '-', '--output=yaml'].flatMap((word, index) =>
  index === 0 ? ['--post-renderer', word] : ['--post-renderer-args', word],
);
const byScript = ['--post-renderer', join(root, 'integrations/helm-post-renderer/post-render.sh')];

/** A folder for the PATH with aloft in it, under the names of an installation. */
let bin = '';
beforeAll(async () => {
  const script = `#!/bin/sh\nexec "${process.execPath}" "${mainFile}" "$@"\n`;
  bin = await folders.create({ aloft: script, 'kubectl-aloft': script });
  for (const name of ['aloft', 'kubectl-aloft']) await chmod(join(bin, name), 0o755);
});

function call(program: string, args: readonly string[], { cwd = root, stdin = '', policy = '' } = {}) {
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: bin,
    ...(policy === '' ? {} : { ALOFT_POLICY: policy }),
  };
  const { status, stdout, stderr } = spawnSync(program, args, { input: stdin, cwd, encoding: 'utf8', env });
  return { code: status, out: stdout, err: stderr };
}

/** A chart with these templates, and a policy that finds faults, in a folder of their own. */
const chartOf = (templates: Readonly<Record<string, string>>): Promise<string> =>
  folders.create({
    'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    'shop/values.yaml': '{}\n',
    'policy.yaml': linting,
    ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`shop/templates/${name}`, text])),
  });

describe('helm', () => {
  test('gives what aloft makes of its output, with the post-renderer by arguments and by script', async () => {
    const cwd = await chartOf({ 'a.yaml': agentPod, 'b.yaml': deployment });
    const plain = call(helm, ['template', 'r', 'shop'], { cwd });
    const piped = call('aloft', ['review', '-', '-o', 'yaml'], { cwd, stdin: plain.out });
    expect([plain.code, piped.code]).toEqual([0, 0]);
    expect(piped.out).toContain('# Source: shop/templates/b.yaml\n');
    expect(piped.out).toContain('DD_AGENT_HOST');
    for (const renderer of [byArguments, byScript]) {
      const rendered = call(helm, ['template', 'r', 'shop', ...renderer], { cwd });
      expect(rendered).toMatchObject({ code: 0, out: expect.stringContaining(piped.out) });
    }
  });

  test.each([
    ['arguments', byArguments],
    ['a script', byScript],
  ])('fails on a violation, and says where in the chart: by %s', async (_, renderer) => {
    const cwd = await chartOf({ 'cart.yaml': faulty });
    const { code, out, err } = call(helm, ['template', 'r', 'shop', ...renderer], { cwd, policy: 'policy.yaml' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('shop/templates/cart.yaml:6:5');
    expect(err).toContain('violation: Pod cart: annotation-lint');
  });

  test('renders a chart with nothing in it, by script', async () => {
    const cwd = await chartOf({ 'none.yaml': '{{ if false }}\n{{ end }}\n' });
    expect(call(helm, ['template', 'r', 'shop', ...byScript], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('kustomize', () => {
  const kustomize = process.env['KUSTOMIZE'] ?? 'kustomize';
  const build = ['build', '--enable-alpha-plugins', '--enable-exec'];

  test('runs the function of the example', () => {
    const { code, out } = call(kustomize, [...build, 'integrations/kustomize']);
    expect(code).toBe(0);
    expect(out).toContain('name: DD_AGENT_HOST');
  });

  test('fails on a violation, and shows where in the source', async () => {
    const annotations = `  annotations:
    config.kubernetes.io/function: |
      exec: { path: aloft, args: [function] }
`;
    const cwd = await folders.create({
      'kustomization.yaml':
        'resources: [cart.yaml]\ntransformers: [policy.yaml]\nbuildMetadata: [originAnnotations]\nnamespace: shop\n',
      'cart.yaml': faulty,
      'policy.yaml': linting.replace('metadata: { name: test }\n', `metadata:\n  name: test\n${annotations}`),
    });
    const { code, out, err } = call(kustomize, [...build, '.'], { cwd });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^cart\.yaml:6:5 .*violation: Pod cart: annotation-lint: /m);
  });
});

test('kubectl runs its plugin', async () => {
  const cwd = await folders.create({ 'cart.yaml': faulty, 'policy.yaml': linting });
  const { kubectl } = findAssets();
  expect(call(kubectl, ['aloft', 'review', '-f', 'cart.yaml', '--policy', 'policy.yaml'], { cwd })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^cart\.yaml:6:5: violation: /m),
  });
});
