import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { registry } from '../../src/rules/registry.js';
import { aloft, createFolders, within } from '../support/commands.js';
import { agentPod, policyText } from '../support/manifests.js';

const folders = createFolders();
afterAll(folders.remove);

async function validate(files: Readonly<Record<string, string>>) {
  const dir = await folders.create(files);
  return within(dir, await aloft(['policy', 'validate', ...Object.keys(files).map((file) => `${dir}/${file}`)]));
}

describe('policy validate', () => {
  test('names each good policy', async () => {
    const files = {
      'one.yaml': policyText('  rules: [{rule: tracer-env}]\n'),
      'two.json': JSON.stringify(parse(policyText('  rules: []\n'))),
      // A truth value to YAML 1.1, and so to kubectl.
      'off.yaml': policyText('  rules: [{rule: tracer-env, mode: off}]\n'),
    };
    const valid = (file: string, rules: string): string => `${file}: policy "test" is valid, with ${rules}\n`;
    expect(await validate(files)).toEqual({
      code: 0,
      out: valid('one.yaml', '1 rule') + valid('two.json', '0 rules') + valid('off.yaml', '1 rule'),
      err: '',
    });
  });

  test('says everything that is wrong with every file at once, in the order of its lines', async () => {
    const files = {
      'bad.yaml': policyText(
        '  rules:\n    - rule: tracer-env\n      mod: warn\n      mode: loud\n    - rule: nothing\nmore: 1\n',
      ),
      'good.yaml': policyText('  rules: []\n'),
      'pod.yaml': agentPod,
    };
    const { code, out, err } = await validate(files);
    expect(code).toBe(2);
    expect(out).toBe('good.yaml: policy "test" is valid, with 0 rules\n');
    const places = err.split('\n').map((line) => /^aloft: (\S+):(\d+):(\d+) (\S+): /.exec(line)?.slice(1, 5).join(' '));
    expect(places.slice(0, 4)).toEqual([
      'bad.yaml 7 7 spec.rules[0].mod',
      'bad.yaml 8 7 spec.rules[0].mode',
      'bad.yaml 9 7 spec.rules[1].rule',
      'bad.yaml 10 1 more',
    ]);
    expect(places.slice(4)).toContain('pod.yaml 1 1 apiVersion');
  });

  test.each<[string, string, string]>([
    ['broken YAML', 'a: [\n', 'p.yaml:'],
    ['an empty file', '', 'p.yaml:1:1: expected a Policy, got an empty file'],
    ['the same key twice', policyText('  rules: []\n  rules: []\n'), 'p.yaml:6:3: the key "rules" is there twice'],
    ['one name twice', policyText('  rules: [{rule: tracer-env}, {rule: tracer-env}]\n'), 'p.yaml:5:'],
  ])('refuses %s', async (_, text, message) => {
    const { code, out, err } = await validate({ 'p.yaml': text });
    expect([code, out]).toEqual([2, '']);
    expect(err.startsWith(`aloft: ${message}`)).toBe(true);
  });

  test('names a file that cannot be read', async () => {
    const dir = await folders.create();
    expect(within(dir, await aloft(['policy', 'validate', `${dir}/gone.yaml`]))).toMatchObject({
      code: 2,
      err: 'aloft: gone.yaml: cannot be read: no such file or folder\n',
    });
    expect((await aloft(['policy', 'validate', dir])).err).toBe(`aloft: ${dir}: cannot be read: it is a folder\n`);
  });
});

describe('policy default', () => {
  test('prints a policy that is valid, with every core rule', async () => {
    const { code, out, err } = await aloft(['policy', 'default']);
    expect([code, err]).toEqual([0, '']);
    expect(parse(out).spec.rules.map(({ rule }: { rule: string }) => rule)).toEqual([
      'agents-outside-mesh',
      'datadog-endpoint-checks',
      'tracer-env',
    ]);
    expect(await validate({ 'default.yaml': out })).toMatchObject({ code: 0 });
  });
});

describe('policy schema', () => {
  test('prints a JSON Schema that knows every rule and closes every object', async () => {
    const { code, out, err } = await aloft(['policy', 'schema']);
    expect([code, err]).toEqual([0, '']);
    const schema = JSON.parse(out);
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
    expect(schema.additionalProperties).toBe(false);
    for (const { id } of registry) expect(out).toContain(`"const": "${id}"`);
  });
});
