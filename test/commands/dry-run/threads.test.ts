import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { carryOut } from '../../../src/commands/dry-run/job.js';
import { loadPolicy } from '../../../src/commands/policy-file.js';
import { jsonReport } from '../../../src/reports/json.js';
import { createPaint } from '../../../src/reports/paint.js';
import { registry } from '../../../src/rules/registry.js';
import { createFolders } from '../../support/commands.js';
import { agentPod, brokenYaml, configMap, deployment } from '../../support/manifests.js';
import { build, start } from '../../support/program.js';
import { policyOf } from '../../support/reviewing.js';

const folders = createFolders();
beforeAll(build, 60_000);
afterAll(folders.remove);

/** Larger than one thread is given: with a document that is broken, a key twice, and comments of its own before each. */
const documents = Array.from({ length: 6000 }, (_, index) =>
  index === 4321
    ? brokenYaml
    : index === 5001
      ? deployment.replace('  namespace', '  namespace: a\n  namespace')
      : `# ${index}\n${[deployment, agentPod, configMap][index % 3]?.replace('name: ', `name: n${index}-`)}# ${'x'.repeat(200)}\n`,
);

test('several threads say what one says, in the same order and at the same lines', async () => {
  const dir = await folders.create({ 'a.yaml': documents.join('---\n'), 'b.yaml': agentPod });
  const loaded = await loadPolicy(undefined);
  if ('problems' in loaded) throw new Error(loaded.problems.join());
  const { policy } = loaded;
  const job = {
    policy,
    today: '2026-01-01',
    namespace: 'default',
    sourceRoots: [],
    namespaceLabels: new Map(),
    needsText: false,
  };
  const sources = [
    { file: 'a.yaml', text: documents.join('---\n') },
    { file: 'b.yaml', text: agentPod },
  ];
  const expected = jsonReport(
    carryOut(job, sources, () => undefined),
    {
      paint: createPaint(false),
      width: 80,
      version: '',
    },
  );
  const program = start(['review', 'a.yaml', 'b.yaml', '-o', 'json'], { cwd: dir });
  expect(await program.ended).toEqual({ code: 2, signal: null });
  expect(program.out() === expected).toBe(true);
  expect(program.err()).toMatch(
    /^aloft: a\.yaml:\d+:\d+: .*\na\.yaml:\d+:3: warning: .* twice.*\n4000 objects reviewed/,
  );
}, 60_000);

test('a policy with every rule can be handed to a thread', () => {
  const rules = [...new Set(registry.map(({ id }) => id))].map((rule) => ({ rule }));
  const policy = policyOf({ rules });
  expect(structuredClone(policy)).toEqual(policy);
});
