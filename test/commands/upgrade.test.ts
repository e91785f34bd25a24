import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { aloft, createFolders, within } from '../support/commands.js';

const folders = createFolders();
afterAll(folders.remove);

const policyFor = (cluster: string): string => `apiVersion: aloft.dev/v1alpha1
kind: Policy
metadata: { name: own }
spec:
  cluster: { ${cluster} }
  rules:
    - rule: tracer-env
`;

const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
  namespace: shop
spec:
  jobTemplate:
    spec:
      template:
        metadata:
          annotations:
            sidecar.istio.io/inject: "no"
        spec:
          containers:
            - name: report
              image: corp/report:1
`;

const review = async (version: string, { cluster = '', input = cronJob, args = [] as string[] } = {}) => {
  const dir = await folders.create({ 'in.yaml': input, 'policy.yaml': policyFor(cluster) });
  const all = ['review', join(dir, 'in.yaml'), '--policy', join(dir, 'policy.yaml'), '--istio-version', version];
  return { dir, ...within(dir, await aloft([...all, ...args])) };
};

const known = { cluster: 'istioVersion: "1.26"' };
const advice = `# Istio 1.26 to 1.31: what changes meaning
# in.yaml:1:1 CronJob report
#   since 1.27: annotation sidecar.istio.io/inject: "no" meant no, and means
#     nothing now: where the namespace is in the mesh, the Pod gets a sidecar
#     -> write "false" between quotes
`;
const counts = '1 object reviewed, 1 to change, 0 violations, 0 other documents\n';

describe('review --istio-version', () => {
  test('ends a diff with what changes meaning, and the diff still applies', async () => {
    const { dir, code, out, err } = await review('1.31', known);
    expect([code, err]).toEqual([0, counts]);
    expect(out.endsWith(advice)).toBe(true);
    const after = (await aloft(['review', join(dir, 'in.yaml'), '-o', 'yaml', '--policy', join(dir, 'policy.yaml')]))
      .out;
    await writeFile(join(dir, 'the.diff'), out.replaceAll(/^(\+.*?) # tracer-env: .*$/gm, '$1'));
    for (const [program, ...args] of [
      ['git', 'apply', '-p0', '--check', 'the.diff'],
      ['patch', '--fuzz=0', '--strip=0', '--input=the.diff'],
    ] as const) {
      const applied = spawnSync(program, args, { cwd: dir, encoding: 'utf8' });
      if (applied.error !== undefined) continue; // The machine has no such program.
      expect([applied.status, applied.stderr]).toEqual([0, '']);
      if (program === 'patch') expect(await readFile(join(dir, 'in.yaml'), 'utf8')).toBe(after);
    }
  });

  test('is a message beside YAML', async () => {
    const { code, out, err } = await review('1.31', { ...known, args: ['-o', 'yaml'] });
    expect([code, err]).toEqual([0, advice + counts]);
    expect(out).not.toContain('Istio 1.26');
  });

  test('is a field in JSON', async () => {
    const { code, out } = await review('1.31', { ...known, args: ['-o', 'json'] });
    expect(code).toBe(0);
    expect(JSON.parse(out).upgrade).toEqual({
      from: '1.26',
      to: '1.31',
      items: [
        {
          file: 'in.yaml',
          line: 1,
          column: 1,
          object: { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'report' },
          advice: [
            {
              change: 'inject-no',
              since: '1.27',
              about: 'annotation sidecar.istio.io/inject: "no"',
              meaning: expect.stringContaining('meant no'),
              action: 'write "false" between quotes',
              source: expect.stringContaining('istio/istio#56737'),
            },
          ],
        },
      ],
    });
    expect(JSON.parse((await aloft(['review', '-', '-o', 'json'], { stdin: cronJob })).out)).not.toHaveProperty(
      'upgrade',
    );
  });

  test('never decides the exit code', async () => {
    const input = cronJob.replace('corp/report:1', 'corp/report').replace('"no"', '"off"');
    expect(await review('1.31', { ...known, input })).toMatchObject({ code: 0 });
    expect(await review('1.31', { ...known, args: ['--check'] })).toMatchObject({ code: 1 });
  });

  test.each([
    ['nothing changes', '1.26', known],
    ['the rules have put it right', '1.31', { ...known, input: cronJob.replace('"no"', '"false"') }],
  ])('says so where %s', async (_, version, given) => {
    const { code, out } = await review(version, given);
    expect(code).toBe(0);
    expect(out).toContain(`# Istio 1.26 to ${version}: nothing changes meaning for the objects reviewed\n`);
  });

  test("looks at objects as aloft leaves them: an agent's no is mended", async () => {
    const input = cronJob.replace('corp/report:1', 'datadog/agent:7');
    const dir = await folders.create({ 'in.yaml': input });
    const { out } = await aloft(['review', join(dir, 'in.yaml'), '--istio-version', '1.26..1.31']);
    expect(out).toContain('# Istio 1.26 to 1.31: nothing changes meaning');
  });

  test.each([
    ['1.24..1.31', {}],
    ['v1.24.6..1.31.0-rc.0', known],
  ])('takes both versions: %s', async (version, given) => {
    const { code, out } = await review(version, given);
    expect([code, out.includes('# Istio 1.24 to 1.31: what changes meaning\n')]).toEqual([0, true]);
  });

  test('leaves ambient out where there is none', async () => {
    const input = cronJob.replace('          containers:', '          hostNetwork: true\n          containers:');
    const both = await review('1.27', { ...known, input });
    const sidecar = await review('1.27', { cluster: `${known.cluster}, dataPlaneMode: sidecar`, input });
    expect([both.out, sidecar.out].map((out) => out.includes('hostNetwork: true kept'))).toEqual([true, false]);
  });

  test('does not take a request about something else for a Pod', async () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { annotations: { 'sidecar.istio.io/inject': 'no' } },
    };
    const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
    const request = { uid: 'x', kind, operation: 'CREATE', namespace: 'shop', object };
    const input = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
    const { code, out } = await review('1.31', { ...known, input });
    expect([code, out]).toEqual([0, '# Istio 1.26 to 1.31: nothing changes meaning for the objects reviewed\n']);
  });

  test.each([
    ['1.31', {}, 'upgrade from which version? Set spec.cluster.istioVersion in the policy, or write FROM..1.31'],
    ['1.25', known, 'expected a version from 1.26 on, got 1.25: advice is for upgrades'],
    ['newest', known, 'expected a version of Istio such as 1.31, or two such as 1.28..1.31, got "newest"'],
    ['1..1.31', known, 'expected a version of Istio such as 1.31, or two such as 1.28..1.31, got "1..1.31"'],
    [
      '1.2..1.3..1.4',
      known,
      'expected a version of Istio such as 1.31, or two such as 1.28..1.31, got "1.2..1.3..1.4"',
    ],
  ])('is a wrong command line: %s', async (version, given, message) => {
    const { code, out, err } = await review(version, given);
    expect([code, out, err]).toEqual([2, '', `aloft: --istio-version: ${message}\n`]);
  });
});
