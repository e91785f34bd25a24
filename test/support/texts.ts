import { dryRun } from '../../src/commands/dry-run/dry-run.js';
import { planPolicy } from '../../src/engine/plan.js';
import type { ReviewedRun } from '../../src/reports/reviewed.js';
import { registry } from '../../src/rules/registry.js';
import { policyOf, today } from './reviewing.js';

/** Files reviewed under a policy's `spec`, with what becomes of their texts. */
export function reviewFiles(texts: Readonly<Record<string, string>>, spec: object): ReviewedRun {
  const sources = Object.entries(texts).map(([file, text]) => ({ file, text }));
  return dryRun(sources, { plan: planPolicy(policyOf(spec), registry), today, namespace: 'default', needsText: true });
}

/** A tracer for everything: six variables for each container, each with its reason. */
export const tracing = { rules: [{ rule: 'tracer-env', settings: { environment: 'prod' } }] };

/** Values that have a meaning of their own in HTML, in Markdown, or where a comment is shown. */
export const hostile = [
  '</script><img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '@octocat and @org/team',
  'fixes #12, GH-12, octo/repo#12, !12, $12, ~bug, %12, &12, ^12',
  'https://example.com/x www.example.com a@example.com',
  '[click](https://example.com) ![](https://example.com/x.png)',
  '`code` ``` ~~~ *bold* _it_ ~~s~~ | cell | <!-- -->',
  ':100: :tada: $x^2$',
  '/close',
  'a\u202Eb\u0007c\u2028d\u0085e',
  'a\rb',
] as const;
