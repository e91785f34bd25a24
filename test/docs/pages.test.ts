import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ownMetrics } from '../../scripts/metrics.ts';
import { isExcerpt, omission, type RunAloft, replay, sessionsOf, withBlocks } from '../../scripts/pages.ts';
import { referenceBlocks } from '../../scripts/reference.ts';
import { vendorBlocks } from '../../scripts/vendors.ts';
import { run } from '../../src/commands/program.js';
import { reasons } from '../../src/model/reason.js';
import { defaultPolicy } from '../../src/policy/default.js';
import { policyJsonSchema } from '../../src/policy/parse.js';
import { registry } from '../../src/rules/registry.js';
import { createCertificateMetrics } from '../../src/telemetry/certificate-metrics.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { istioChanges } from '../../src/vendors/istio-changes.js';
import { files, pages, readText, root } from './files.ts';

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

const text = new Map(pages.map((page) => [page, readText(page)]));
const everything = [...text.values()].join('\n');

describe.each([...text])('%s', (page, content) => {
  test('links to what exists', () => expect(linksOf(content).filter((link) => !leads(page, link))).toEqual([]));

  // `npm run docs` puts both right.
  test('has generated parts as they would be generated today', () => expect(content).toBe(withBlocks(content, blocks)));

  test('shows sessions as they run today', async () => {
    for (const session of sessionsOf(content)) {
      const real = await replay(session, aloft);
      if (!session.includes(omission)) expect(session).toBe(real);
      else expect(isExcerpt(session, real) ? real : session).toBe(real);
    }
  });
});

test.each([...blocks.keys()])('the generated part "%s" stands somewhere', (name) => {
  expect(everything).toContain(`<!-- generated: ${name} -->`);
});

test('every reason code is in reasons.md', () => {
  const page = text.get('docs/reference/reasons.md') ?? '';
  expect(Object.keys(reasons).filter((code) => !page.includes(`| \`${code}\` |`))).toEqual([]);
});

test('no command is shown that is not run: sessions are `console`, what cannot be shown is `sh`', () => {
  const other = [...everything.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].filter(([, kind]) => kind !== 'console');
  expect(other.filter(([, , body]) => /^\$ /m.test(body ?? ''))).toEqual([]);
});

test('every decision is in the list of decisions', () => {
  const list = text.get('docs/decisions/README.md') ?? '';
  const decisions = files.filter((path) => /^docs\/decisions\/\d{4}-/.test(path));
  expect(decisions.filter((path) => !list.includes(`](${path.slice('docs/decisions/'.length)})`))).toEqual([]);
});

const linksOf = (content: string): readonly string[] =>
  [...content.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);

/** Whether a link leads to a file, and to a heading in it; links to other sites are not followed. */
function leads(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(`${root}${target}`)) return false;
  return anchor === undefined || headingsOf(target).includes(anchor);
}

/** The headings of a page, as GitHub makes anchors of them. */
const headingsOf = (page: string): readonly string[] =>
  [...readText(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
