import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readText } from '../docs/files.ts';
import { createFolders } from '../support/commands.js';
import { podText, policyText } from '../support/manifests.js';
import { build } from '../support/program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const action = parse(readText('action.yml'));
const [buildStep, reviewStep] = action.runs.steps;

const folders = createFolders();
afterAll(folders.remove);
beforeAll(build, 60_000);

const linting = policyText('  rules:\n    - rule: annotation-lint\n');
const faulty = podText('  annotations:\n    ad.datadoghq.com/app.checks: "{oops"\n');

/** Runs the step as GitHub does, in a workspace with these files, with inputs and the environment that it documents. */
async function review(inputs: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
  const workspace = await folders.create(files);
  const runner = await folders.create({ output: '', summary: '' });
  const defaults = Object.entries<{ default?: string }>(action.inputs).map(([name, { default: text = '' }]) => [
    name,
    text,
  ]);
  const given: Readonly<Record<string, string>> = { ...Object.fromEntries(defaults), ...inputs };
  const env = Object.fromEntries(
    Object.entries<string>(reviewStep.env).map(([name, expression]) => {
      const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1] ?? '';
      return [name, given[input] ?? ''];
    }),
  );
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', reviewStep.run],
    {
      cwd: workspace,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        ...env,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: root.replace(/\/$/, ''),
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: join(runner, 'output'),
        GITHUB_STEP_SUMMARY: join(runner, 'summary'),
        RUNNER_TEMP: runner,
      },
    },
  );
  const outputs = (await readFile(join(runner, 'output'), 'utf8')).split('\n').filter((line) => line !== '');
  return {
    code: status,
    out: stdout,
    err: stderr,
    outputs: Object.fromEntries(outputs.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    summary: await readFile(join(runner, 'summary'), 'utf8'),
    workspace,
  };
}

describe('the step', () => {
  test('fails on a violation, and says where: in annotations, the summary, SARIF', async () => {
    const ran = await review(
      { paths: 'deploy', policy: 'policy.yaml' },
      { 'deploy/cart.yaml': faulty, 'policy.yaml': linting },
    );
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/^::error file=deploy\/cart\.yaml,line=6,/);
    expect(ran.summary).toContain('deploy/cart.yaml:6:5');
    expect(Object.keys(ran.outputs).sort()).toEqual(Object.keys(action.outputs).sort());
    expect(ran.outputs['exit-code']).toBe('1');
    const sarif = JSON.parse(await readFile(ran.outputs['sarif-file'] ?? '', 'utf8'));
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'deploy/cart.yaml' },
      region: { startLine: 6 },
    });
    expect(await readFile(ran.outputs['markdown-file'] ?? '', 'utf8')).toBe(ran.summary);
  });

  test('passes where only changes are found, unless these are to fail it', async () => {
    const files = { 'deploy/cart.yaml': podText() };
    expect(await review({ paths: 'deploy' }, files)).toMatchObject({ code: 0, outputs: { 'exit-code': '0' } });
    expect(await review({ paths: 'deploy', 'fail-on': 'change' }, files)).toMatchObject({ code: 1 });
  });

  test('with a wrong policy says so in an annotation, and tells of no report', async () => {
    const ran = await review({ paths: 'deploy', policy: 'none.yaml' }, { 'deploy/cart.yaml': podText() });
    expect(ran).toMatchObject({ code: 2, outputs: { 'exit-code': '2' }, summary: '' });
    expect(ran.outputs).not.toHaveProperty('sarif-file');
    expect(ran.out).toMatch(/^::error title=aloft::nothing was reviewed/);
    expect(ran.err).toContain('none.yaml: cannot be read');
  });

  test('takes a path a line as it is, and no empty ones', async () => {
    const files = {
      ' my deploy/cart.yaml': faulty,
      '-x.yaml': podText(),
      'we\\ird.yaml': podText(),
      'policy.yaml': linting,
    };
    const ran = await review({ paths: ' my deploy\n\n-x.yaml\nwe\\ird.yaml\n', policy: 'policy.yaml' }, files);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('3 objects reviewed');
  });

  test('takes more arguments, a line each, of which the last one counts', async () => {
    const files = { 'deploy/cart.yaml': faulty, 'policy.yaml': linting };
    const ran = await review(
      { paths: 'deploy', policy: 'policy.yaml', args: '--namespace\nmy shop\n--fail-on=never\n' },
      files,
    );
    expect(ran.code).toBe(0);
    expect(ran.summary).toContain('my shop');
  });

  test.each(['$(touch done)', '`touch done`', '"; touch done; "', "'; touch done; '", '\\\ntouch done'])(
    'never runs what an input says: %j',
    async (text) => {
      const ran = await review({ paths: text, policy: text, 'fail-on': text, args: text }, { 'a.yaml': podText() });
      expect(ran.code).toBe(2);
      await expect(readFile(join(ran.workspace, 'done'))).rejects.toThrow('ENOENT');
    },
  );
});

describe('action.yml', () => {
  test('gives every input to the script, and none of them as a part of a script', () => {
    const given = Object.values<string>(reviewStep.env).map((text) => /inputs\.([a-z-]+)/.exec(text)?.[1]);
    expect(given.sort()).toEqual(Object.keys(action.inputs).sort());
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
  });

  test('reads every variable that it sets', () => {
    const script = readText('integrations/github-action/run.sh');
    for (const name of Object.keys(reviewStep.env)) expect(script).toContain(`\${${name}`);
  });

  test('builds before it reviews, with nothing but what the lock file lists', () => {
    expect(buildStep.run).toContain('integrations/build.sh');
    expect(readText('integrations/build.sh')).toMatch(/^npm ci --ignore-scripts /m);
  });

  test('describes each of its inputs and outputs in the guide', () => {
    const guide = readText('docs/ci.md');
    const names = [...Object.keys(action.inputs), ...Object.keys(action.outputs)];
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});
