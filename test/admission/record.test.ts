import { describe, expect, test } from '@jest/globals';
import type { AdmissionRequest } from '../../src/admission/admission-review.js';
import type { Admission } from '../../src/admission/admit.js';
import { createRecorder } from '../../src/admission/record.js';
import type { Review, Step } from '../../src/engine/review.js';
import type { Edit } from '../../src/model/edit.js';
import { because } from '../../src/model/reason.js';
import { createLogger, type Level } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { cart, uid } from '../support/admission.js';

const request: AdmissionRequest = {
  apiVersion: 'admission.k8s.io/v1',
  uid,
  kind: { group: '', version: 'v1', kind: 'Pod' },
  subResource: '',
  operation: 'CREATE',
  namespace: 'shop',
  name: 'cart-',
  dryRun: false,
  object: cart,
};

const edit: Edit = { kind: 'label', key: 'k', value: 'v', reason: because('policy-env') };
const head = { rule: 'a', name: 'a-1', mode: 'enforce' } as const;
const edited: Step = {
  ...head,
  outcome: 'edited',
  edits: [edit, edit],
  inPlace: [],
  notes: [because('author-decided')],
};
const skipped: Step = { ...head, name: 'b-1', outcome: 'skipped', reason: because('not-an-agent', 'said in full') };
const violated: Step = { ...head, name: 'c-1', outcome: 'violated', violations: [because('agent-address')] };
const failed: Step = {
  ...head,
  name: 'd-1',
  outcome: 'failed',
  reason: because('rule-failed'),
  error: new Error('boom'),
};

const reviewOf = (steps: readonly Step[], rest: Partial<Review> = {}): Review => ({
  kind: 'Pod',
  steps,
  operations: [],
  after: cart,
  ...rest,
});
const operations = [{ op: 'add', path: '/metadata/labels/k', value: 'v', because: [] }] as const;

function record(admission: Admission, { level = 'info', dryRun = false }: { level?: Level; dryRun?: boolean } = {}) {
  const log: string[] = [];
  const metrics = createMetrics('0.0.0');
  const recorder = createRecorder(createLogger(level, { write: (line) => void log.push(line) }), metrics);
  recorder({ ...request, dryRun }, admission, performance.now() - 5);
  const read = (name: string) => metrics.registry.getSingleMetricAsString(name);
  return { lines: log.map((line) => JSON.parse(line)), read };
}

const allowed = { uid, allowed: true };

test('one line says what was asked and what became of it, without the object', () => {
  const { lines } = record({ response: allowed, review: reviewOf([edited, skipped], { operations }) });
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      msg: 'reviewed',
      review: {
        uid,
        kind: 'Pod',
        namespace: 'shop',
        name: 'cart-',
        operation: 'CREATE',
        verdict: 'patched',
        operations: 1,
        ms: expect.any(Number),
      },
    },
  ]);
  expect(lines[0].review.ms).toBeGreaterThanOrEqual(5);
});

test('a dry run says so', () => {
  expect(record({ response: allowed }, { dryRun: true }).lines).toMatchObject([{ review: { dryRun: true } }]);
});

const fault = { reason: because('patch-failed'), error: new Error('boom') };
describe('the verdict', () => {
  test.each<[string, Admission]>([
    ['ignored', { response: allowed }],
    ['allowed', { response: allowed, review: reviewOf([]) }],
    ['allowed', { response: allowed, review: reviewOf([skipped]) }],
    ['patched', { response: allowed, review: reviewOf([edited], { operations }) }],
    ['refused', { response: { uid, allowed: false }, review: reviewOf([violated]) }],
    ['failed', { response: allowed, review: reviewOf([edited, failed], { operations }) }],
    ['failed', { response: { uid, allowed: false }, review: reviewOf([violated, failed]) }],
    ['failed', { response: allowed, review: reviewOf([], { fault }) }],
    ['failed', { response: allowed, faulty: true }],
  ])('is %s', async (verdict, admission) => {
    const { lines, read } = record(admission);
    expect(lines[0]).toMatchObject({ review: { verdict } });
    const kind = admission.review === undefined ? 'other' : 'Pod';
    expect(await read('aloft_reviews_total')).toMatch(new RegExp(`\\{kind="${kind}",verdict="${verdict}"\\} 1$`, 'm'));
    const seconds = await read('aloft_review_seconds');
    expect(seconds).toMatch(new RegExp(`_count\\{kind="${kind}"\\} 1$`, 'm'));
    // Five of them are thousandths.
    expect(seconds).toMatch(new RegExp(`_sum\\{kind="${kind}"\\} 0\\.0`, 'm'));
  });
});

test('every reason of every step is counted once', async () => {
  const { read } = record({ response: allowed, review: reviewOf([edited, skipped, violated]) });
  const counts = (await read('aloft_findings_total')).split('\n').filter((line) => !line.startsWith('#'));
  expect(counts).toEqual([
    'aloft_findings_total{kind="Pod",rule="a-1",outcome="edited",reason="author-decided"} 1',
    'aloft_findings_total{kind="Pod",rule="a-1",outcome="edited",reason="policy-env"} 1',
    'aloft_findings_total{kind="Pod",rule="b-1",outcome="skipped",reason="not-an-agent"} 1',
    'aloft_findings_total{kind="Pod",rule="c-1",outcome="violated",reason="agent-address"} 1',
  ]);
});

test('what failed has a line of its own, with the stack', () => {
  const { lines } = record({ response: allowed, review: reviewOf([failed], { fault }) });
  const err = { type: 'Error', message: 'boom', stack: expect.stringContaining('record.test') };
  expect(lines.slice(1)).toMatchObject([
    { level: 'error', msg: 'not reviewed', review: { uid }, reason: 'patch-failed', err },
    { level: 'error', msg: 'rule failed', review: { uid }, rule: 'd-1', reason: 'rule-failed', err },
  ]);
});

test('at debug every decision has a line, with codes in place of sentences, which may quote the object', () => {
  const { lines } = record({ response: allowed, review: reviewOf([edited, skipped]) }, { level: 'debug' });
  expect(lines.slice(1)).toMatchObject([
    {
      level: 'debug',
      msg: 'decided',
      review: { uid },
      rule: 'a-1',
      mode: 'enforce',
      outcome: 'edited',
      reasons: ['author-decided', 'policy-env'],
    },
    {
      level: 'debug',
      msg: 'decided',
      review: { uid },
      rule: 'b-1',
      mode: 'enforce',
      outcome: 'skipped',
      reasons: ['not-an-agent'],
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain('said in full');
});

test('at warn nothing is said of what went well', () => {
  expect(record({ response: allowed, review: reviewOf([skipped]) }, { level: 'warn' }).lines).toEqual([]);
});
