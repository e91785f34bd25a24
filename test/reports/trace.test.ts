import { describe, expect, test } from '@jest/globals';
import { dryRun } from '../../src/commands/dry-run/dry-run.js';
import type { Finding } from '../../src/model/finding.js';
import { because } from '../../src/model/reason.js';
import { explainJson } from '../../src/reports/explain-json.js';
import { causes, type ExplainedLive, type Explanation, verdicts } from '../../src/reports/explained.js';
import { createPaint } from '../../src/reports/paint.js';
import { objectsOf } from '../../src/reports/reviewed.js';
import { traceReport } from '../../src/reports/trace.js';
import { readText } from '../docs/files.ts';
import { planOf, ruleOf } from '../support/admission.js';
import { podText } from '../support/manifests.js';
import { today } from '../support/reviewing.js';
import { explanationOf, traceOf } from '../support/tracing.js';

const labelled = (): Finding => ({ edits: [{ kind: 'label', key: 'k', value: 'v', reason: because('policy-env') }] });
const skipped = (): Finding => ({ skip: because('not-an-agent') });

const runBy = (find: () => Finding, text = podText()) =>
  dryRun([{ file: 'live:shop/pod/cart', text }], {
    plan: planOf([{ rule: 'made-up', mode: 'enforce' }], [ruleOf('made-up', find)]),
    today,
    namespace: 'shop',
  });

const created = '2026-01-01T00:00:00Z';
const asLive = (find: () => Finding, live: Partial<ExplainedLive>): Partial<Explanation> => ({
  items: objectsOf(runBy(find)).map((object) => ({
    object,
    live: { created, verdict: 'missing', causes: [], ...live },
  })),
});
const traceLive = (find: () => Finding, live: Partial<ExplainedLive>, width?: number): string =>
  traceOf(runBy(find), asLive(find, live), width);

describe('an object of a cluster', () => {
  test('is called by its name, and says since when it is there', () => {
    expect(traceLive(skipped, { verdict: 'nothing-wanted' })).toBe(`Pod cart
  namespace shop, created 2026-01-01T00:00:00Z
  made-up (enforce): skipped
    - not-an-agent: nothing in the labels or images says that the Pod is a
      monitoring agent
        labels: none
        images: shop/cart:1 in app
  => no rule is to add anything to it
`);
  });

  test('says what is missing, why, and what to do', () => {
    const why = [
      { code: 'created-before', isSure: true, message: 'it is older' },
      { code: 'call-failed', isSure: false, message: 'a call failed' },
    ] as const;
    expect(traceLive(labelled, { causes: why, next: 'make it anew' })).toContain(`  made-up (enforce): missing
    + label k: "v"
        policy-env: the policy's \`settings.env\` asks for this variable
  => why it is missing:
    ! created-before: it is older
    ? call-failed: a call failed
    > make it anew
`);
  });

  test('may lack something for no cause that can be seen', () => {
    expect(traceLive(labelled, {})).toContain('  => it is missing, and nothing that can be seen here explains why\n');
  });

  test('whose template is edited lacks nothing', () => {
    expect(traceLive(labelled, { verdict: 'template' })).toContain('  made-up (enforce): edited\n');
  });

  test('has colours for a person', () => {
    const run = runBy(labelled);
    const coloured = traceReport(explanationOf(run, asLive(labelled, {})), { paint: createPaint(true), width: 80 });
    expect(coloured).toContain('\u001b[31mmissing\u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(traceLive(labelled, {}));
  });
});

describe('before the objects of a cluster stands', () => {
  const head = (policy: object, cluster: object): string => {
    const { policy: known } = explanationOf(runBy(skipped));
    const more = {
      policy: { ...known, ...policy },
      cluster: { context: 'prod', missingRights: [], ...cluster },
      items: [],
    };
    return traceOf(runBy(skipped), more);
  };

  test('which cluster, which policy, which configurations', () => {
    const configurations = [
      { name: 'aloft', created },
      { name: 'aloft-two', created },
    ];
    expect(head({ source: 'ConfigMap a/b', changed: created }, { configurations })).toBe(`context prod
policy "test", ConfigMap a/b, last changed 2026-01-01T00:00:00Z
webhook configuration aloft, created 2026-01-01T00:00:00Z
webhook configuration aloft-two, created 2026-01-01T00:00:00Z
`);
  });

  test('what is not known', () => {
    const missingRights = ['list secrets'];
    expect(
      head({ source: 'the embedded policy', instead: 'there is no ConfigMap a/b' }, { missingRights }),
    ).toBe(`context prod
policy "test", the embedded policy: there is no ConfigMap a/b (--policy names
  another)
missing right, which would tell more: list secrets
`);
  });

  test('that aloft is not installed', () => {
    expect(head({}, { configurations: [] })).toContain('\nno webhook configuration of aloft\n');
  });
});

describe('what nobody can see shows', () => {
  const hostile = 'a\u001b[2Jb\n  => c\u202e';
  const shown = 'a␛[2Jb => c⟨U+202E⟩';

  test('in names, and does not pass for a line of ours', () => {
    const text = podText(`  namespace: ${JSON.stringify(hostile)}\n`).replace(
      'name: cart',
      `name: ${JSON.stringify(hostile)}`,
    );
    expect(traceOf(runBy(skipped, text)).split('\n').slice(0, 2)).toEqual([
      `live:shop/pod/cart:1:1 Pod ${shown}`,
      `  namespace ${shown}`,
    ]);
  });

  test('in reasons', () => {
    expect(traceOf(runBy(() => ({ skip: because('mesh-gateway', hostile) })))).toContain(
      `    - mesh-gateway: ${shown}\n`,
    );
  });

  test('in edits and why, also in a value that keeps its lines', () => {
    const edit = { kind: 'annotation', key: hostile, reason: because('policy-env', hostile) } as const;
    const find = (): Finding => ({
      edits: [
        { ...edit, key: 'k', value: 'a\u202e' },
        { ...edit, value: `${hostile}\r\n` },
      ],
    });
    expect(traceOf(runBy(find))).toContain(`    + annotation k: "a⟨U+202E⟩"
        policy-env: ${shown}
    + annotation ${shown}: |
          a␛[2Jb
            => c⟨U+202E⟩␍
        policy-env: ${shown}
`);
  });

  test('in causes, and in what to do', () => {
    const why = [{ code: 'object-changed', isSure: false, message: hostile }] as const;
    expect(traceLive(labelled, { causes: why, next: hostile })).toContain(
      `    ? object-changed: ${shown}\n    > ${shown}\n`,
    );
  });
});

test('a wide terminal is made use of, a narrow one too', () => {
  const widest = (width: number): number =>
    Math.max(
      ...traceLive(skipped, { verdict: 'as-wanted' }, width)
        .split('\n')
        .map((line) => line.length),
    );
  expect(widest(200)).toBeGreaterThan(80);
  expect(widest(50)).toBeLessThanOrEqual(50);
});

test('for programs, of an object of a cluster', () => {
  const explanation = explanationOf(runBy(labelled), {
    ...asLive(labelled, { causes: [{ code: 'not-ready', isSure: false, message: 'nobody' }], next: 'wait' }),
    cluster: { context: 'prod', missingRights: ['list secrets'] },
  });
  expect(JSON.parse(explainJson(explanation))).toMatchObject({
    policy: { name: 'test', source: 'policy.yaml' },
    cluster: { context: 'prod', missingRights: ['list secrets'] },
    items: [
      {
        live: {
          created,
          verdict: 'missing',
          causes: [{ code: 'not-ready', sure: false, message: 'nobody' }],
          next: 'wait',
        },
      },
    ],
  });
});

test.each([...Object.entries(verdicts), ...Object.entries(causes)])('%s is in the reference', (code, meaning) => {
  expect(readText('docs/reference/explain.md')).toContain(`| \`${code}\` | ${meaning} |\n`);
});
