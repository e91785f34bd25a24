/** `npm run docs`: writes what the code says into the documentation, from what was just built. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from '../dist/commands/program.js';
import { reasons } from '../dist/model/reason.js';
import { defaultPolicy } from '../dist/policy/default.js';
import { policyJsonSchema } from '../dist/policy/parse.js';
import { registry } from '../dist/rules/registry.js';
import { createCertificateMetrics } from '../dist/telemetry/certificate-metrics.js';
import { createMetrics } from '../dist/telemetry/metrics.js';
import { istioChanges } from '../dist/vendors/istio-changes.js';
import { ownMetrics } from './metrics.ts';
import { type RunAloft, withBlocks, withSessions } from './pages.ts';
import { referenceBlocks } from './reference.ts';
import { vendorBlocks } from './vendors.ts';

const aloft: RunAloft = async (args) => {
  let output = '';
  const write = (text: string): void => {
    output += text;
  };
  const code = await run(args, { out: write, err: write, stdin: async () => '', colour: false });
  return { output, code };
};

const { registry: metrics } = createMetrics('');
createCertificateMetrics(metrics);

const help = async (args: readonly string[]): Promise<string> => (await aloft(args)).output;
const reference = await referenceBlocks({
  reasons,
  rules: registry,
  policySchema: policyJsonSchema(registry),
  defaultPolicy,
  metrics: ownMetrics(metrics),
  help,
});
const blocks = new Map([...reference, ...(await vendorBlocks(help, istioChanges))]);

for (const page of ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md')].sort()) {
  const before = readFileSync(page, 'utf8');
  const after = await withSessions(withBlocks(before, blocks), aloft);
  if (after !== before) writeFileSync(page, after);
  process.stdout.write(`${after === before ? 'as it was' : 'rewritten'}  ${page}\n`);
}
