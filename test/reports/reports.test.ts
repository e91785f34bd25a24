import { describe, expect, test } from '@jest/globals';
import { dryRun } from '../../src/commands/dry-run/dry-run.js';
import type { Finding } from '../../src/model/finding.js';
import { because } from '../../src/model/reason.js';
import type { Mode } from '../../src/policy/policy.js';
import { diffReport } from '../../src/reports/diff.js';
import { jsonReport } from '../../src/reports/json.js';
import { createPaint } from '../../src/reports/paint.js';
import { objectsOf, type ReviewedRun } from '../../src/reports/reviewed.js';
import { summaryReport } from '../../src/reports/summary.js';
import { tally } from '../../src/reports/tally.js';
import { traceReport } from '../../src/reports/trace.js';
import { yamlReport } from '../../src/reports/yaml.js';
import { planOf, ruleOf } from '../support/admission.js';
import { configMap, deployment, podText } from '../support/manifests.js';
import { today } from '../support/reviewing.js';

const plain = createPaint(false);
const style = { paint: plain, width: 80, version: '0.0.0' };

/** Manifests reviewed by one made-up rule. */
function reviewBy(find: () => Finding, mode: Mode, ...texts: readonly string[]) {
  const plan = planOf([{ rule: 'made-up', mode }], [ruleOf('made-up', find)]);
  const sources = texts.map((text, index) => ({ file: `${index}.yaml`, text }));
  return dryRun(sources, { plan, today, namespace: 'default', needsText: true });
}

/** What `aloft explain` shows of a run. */
const traceOf = (run: ReviewedRun): string => {
  const places = { entryOf: () => undefined, partOf: () => undefined };
  const policy = { name: 'test', source: 'policy.yaml', places };
  return traceReport(
    { policy, items: objectsOf(run).map((object) => ({ object })), decidedAt: () => undefined },
    style,
  );
};

const violated = (): Finding => ({ violations: [because('agent-address', 'no agent is near')] });
const boom = (): never => {
  throw new Error('made to fail');
};
const labelled = (): Finding => ({ edits: [{ kind: 'label', key: 'k', value: 'v', reason: because('policy-env') }] });

describe('a violation', () => {
  test.each<[Mode, number, string]>([
    ['enforce', 1, 'violation'],
    ['warn', 0, 'warning'],
    ['audit', 0, 'warning'],
  ])('in mode %s counts %i, and is a %s beside the counts', (mode, violations, word) => {
    const run = reviewBy(violated, mode, podText());
    expect(tally(run)).toEqual({
      objects: 1,
      changed: 0,
      violations,
      warnings: 1 - violations,
      audited: 0,
      untouched: 0,
    });
    expect(summaryReport(run)).toBe(
      `0.yaml:1:1: ${word}: Pod cart: made-up: no agent is near\n1 object reviewed, 0 to change, ${violations} violation${violations === 1 ? '' : 's'}${violations === 1 ? '' : ', 1 warning'}, 0 other documents\n`,
    );
    expect(traceOf(run)).toContain(`  made-up (${mode}): violation\n    - agent-address: no agent is near\n`);
    expect(diffReport(run, style)).toBe('');
    expect(JSON.parse(jsonReport(run, style)).items[0].findings).toEqual([
      {
        rule: 'made-up',
        name: 'made-up',
        mode,
        outcome: 'violated',
        reasons: [{ code: 'agent-address', message: 'no agent is near' }],
      },
    ]);
  });

  test('through the Pods of a workload is that of the workload', () => {
    expect(summaryReport(reviewBy(violated, 'enforce', configMap, deployment))).toBe(
      '1.yaml:2:1: violation: Deployment cart: made-up: no agent is near\n1 object reviewed, 0 to change, 1 violation, 1 other document\n',
    );
  });
});

describe('several violations of one rule', () => {
  const run = reviewBy(
    () => ({ violations: [because('agent-address', 'no agent is near'), because('agent-socket', 'nor a socket')] }),
    'enforce',
    podText(),
  );

  test('count one by one, each in a line of its own', () => {
    expect(tally(run).violations).toBe(2);
    expect(summaryReport(run)).toBe(
      '0.yaml:1:1: violation: Pod cart: made-up: no agent is near\n0.yaml:1:1: violation: Pod cart: made-up: nor a socket\n1 object reviewed, 0 to change, 2 violations, 0 other documents\n',
    );
  });

  test('are all in the trace and in the JSON', () => {
    expect(traceOf(run)).toContain(
      'violation\n    - agent-address: no agent is near\n    - agent-socket: nor a socket\n',
    );
    expect(JSON.parse(jsonReport(run, style)).items[0].findings[0].reasons).toEqual([
      { code: 'agent-address', message: 'no agent is near' },
      { code: 'agent-socket', message: 'nor a socket' },
    ]);
  });
});

describe('a rule that fails', () => {
  const run = reviewBy(boom, 'enforce', podText());
  test('is a warning beside the counts', () => {
    expect(summaryReport(run)).toBe(
      '0.yaml:1:1: warning: Pod cart: made-up: made-up stopped\n1 object reviewed, 0 to change, 0 violations, 1 warning, 0 other documents\n',
    );
  });
  test('is named a fault of aloft in the trace', () => {
    expect(traceOf(run)).toContain('made-up (enforce): failed, a fault of aloft\n    - rule-failed: made-up stopped\n');
  });
  test('leaves the manifest as it is, and its error out of the report', () => {
    expect(yamlReport(run, style)).toBe(podText());
    expect(jsonReport(run, style)).not.toContain('made to fail');
  });
});

describe('counts', () => {
  test.each<[readonly string[], string]>([
    [[], '0 objects reviewed, 0 to change, 0 violations, 0 other documents\n'],
    [
      ['# nothing\n---\n'],
      '0 objects reviewed, 0 to change, 0 violations, 0 other documents, 1 file without an object\n',
    ],
    [
      ['', podText(), 'a: [\n', '# nothing\n---\n'],
      '1 object reviewed, 1 to change, 0 violations, 0 other documents, 2 files without an object\n',
    ],
    [[`# nothing\n---\n${configMap}`], '0 objects reviewed, 0 to change, 0 violations, 1 other document\n'],
    [[podText()], '1 object reviewed, 1 to change, 0 violations, 0 other documents\n'],
    [
      [podText(), podText(), configMap, `${configMap}---\n${configMap}`],
      '2 objects reviewed, 2 to change, 0 violations, 3 other documents\n',
    ],
  ])('%#', (texts, line) => {
    expect(summaryReport(reviewBy(labelled, 'enforce', ...texts))).toBe(line);
  });
});

describe('colours', () => {
  test('are there, or not', () => {
    expect(createPaint(true).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(plain.red('x')).toBe('x');
  });
});

test('the trace keeps the lines of a value that has several', () => {
  const value = 'tracing:\n  sampling: 10\n';
  const annotated = (): Finding => ({
    edits: [{ kind: 'annotation', key: 'proxy.istio.io/config', value, reason: because('policy-env', 'why') }],
  });
  expect(traceOf(reviewBy(annotated, 'enforce', podText()))).toContain(
    '    + annotation proxy.istio.io/config: |\n          tracing:\n            sampling: 10\n        policy-env: why\n',
  );
});
