import { dryRun } from '../../src/commands/dry-run/dry-run.js';
import { planPolicy } from '../../src/engine/plan.js';
import type { Review, Step } from '../../src/engine/review.js';
import { because } from '../../src/model/reason.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { createPaint } from '../../src/reports/paint.js';
import type {
  InputProblem,
  Remark,
  ReviewedObject,
  ReviewedRun,
  Style,
  Suppression,
} from '../../src/reports/reviewed.js';
import { registry } from '../../src/rules/registry.js';
import type { Fixture } from './fixtures.js';
import { policyOf, today } from './reviewing.js';

/** A pipe of 80 columns. */
export const plainStyle: Style = { paint: createPaint(false), width: 80, version: '1.2.3' };

/** A remark; a violation unless a test says otherwise. */
export const remarkOf = (own: Partial<Remark> = {}): Remark => ({
  level: 'violation',
  rule: 'annotation-lint',
  name: own.rule ?? 'annotation-lint',
  reason: because('istio-port', '"http" is no port'),
  place: { file: 'shop/cart.yaml', line: 6, column: 7 },
  ...own,
});

/** A change, as `tracer-env` makes it. */
export const changeOf = (own: Partial<Remark> = {}): Remark =>
  remarkOf({
    level: 'change',
    rule: 'tracer-env',
    reason: because('entity-id', 'the Pod by its UID'),
    edit: 'env DD_ENTITY_ID = from metadata.uid in app',
    ...own,
  });

/** An object that these remarks are on, and the steps that led to them. */
export function objectOf(remarks: readonly Remark[], own: Partial<ReviewedObject> = {}): ReviewedObject {
  const steps = [...new Set(remarks.map(({ name }) => name))].map((name) =>
    stepOf(remarks.filter((remark) => remark.name === name)),
  );
  const review: Review = { kind: 'Pod', steps, operations: [], after: {} };
  const because_ = { at: '', rule: 'tracer-env', reason: because('entity-id') };
  const place = { file: 'shop/cart.yaml', line: 1, column: 1 };
  const operation = { op: 'add', path: '/spec', value: 1, because: [because_], place } as const;
  return {
    place,
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'cart',
    namespace: 'shop',
    path: [],
    review,
    operations: remarks.some(({ level }) => level === 'change') ? [operation] : [],
    remarks,
    response: { uid: 'dry-run', allowed: true },
    ...own,
  };
}

function stepOf(remarks: readonly Remark[]): Step {
  const [first = remarkOf()] = remarks;
  const head = { rule: first.rule, name: first.name, mode: first.level === 'note' ? 'audit' : 'enforce' } as const;
  if (first.edit === undefined)
    return { ...head, outcome: 'violated', violations: remarks.map(({ reason }) => reason) };
  const edits = remarks.map(({ reason }) => ({ kind: 'label', key: 'k', value: 'v', reason }) as const);
  return { ...head, outcome: first.level === 'note' ? 'would-edit' : 'edited', edits, inPlace: [], notes: [] };
}

/** A run over one file with these objects. */
export const runOf = (objects: readonly ReviewedObject[], own: Partial<ReviewedRun> = {}): ReviewedRun => ({
  manifests: objects.length === 0 ? [] : [{ file: 'shop/cart.yaml', text: '', startLine: 1, hasValue: true, objects }],
  problems: [],
  suppressions: [],
  ...own,
});

export const emptyRun: ReviewedRun = runOf([]);

/** Something of each kind that a report can hold, in words that no format takes as they are. */
export const fullRun: ReviewedRun = runOf(
  [
    objectOf([
      remarkOf({ reason: because('istio-port', 'a "port", 100% <wrong>: & \u0001\u001b[31m]]>\nnext line') }),
      remarkOf({ reason: because('istio-value', 'second'), place: { file: 'shop/cart.yaml', line: 7, column: 7 } }),
      changeOf(),
      changeOf({
        reason: because('agent-address', 'the node’s agent 🐕'),
        edit: 'env DD_AGENT_HOST = from status.hostIP in app',
      }),
    ]),
    objectOf([remarkOf({ level: 'warning' })], { name: 'warned', kind: 'Pod' }),
    objectOf([changeOf({ level: 'note' })], { name: 'audited' }),
    objectOf([], { name: 'quiet', kind: 'Service' }),
  ],
  {
    problems: [
      { file: 'broken, 50%:#1.yaml', line: 3, column: 5, message: 'flow sequence is not closed' },
      { file: 'missing.yaml', message: 'no such file' },
    ],
    suppressions: [
      suppressionOf({ used: true, objects: 2 }),
      suppressionOf({ place: { file: 'policy.yaml', line: 9, column: 7 } }),
      suppressionOf({ by: 'policy', expired: true, objects: 1, place: { file: 'policy.yaml', line: 12, column: 7 } }),
    ],
  },
);

/** An exemption that covers nothing. */
export function suppressionOf(own: Partial<Suppression> = {}): Suppression {
  return { by: 'annotation', rules: ['tracer-env'], reason: '', objects: 0, used: false, expired: false, ...own };
}

/** Texts reviewed by real rules under a policy's `spec`. */
export function reviewTexts(texts: Readonly<Record<string, string>>, spec: object): ReviewedRun {
  const plan = planPolicy(policyOf(spec), registry);
  const sources = Object.entries(texts).map(([file, text]) => ({ file, text }));
  return dryRun(sources, { plan, today, namespace: 'default' });
}

/** Every rule there is, with its default settings. */
export const everyRule = { rules: [...new Set(registry.map(({ id }) => id))].map((rule) => ({ rule })) };

/** A fixture's input reviewed under its policy. */
export function reviewFixture({ rule, name, policy }: Fixture, text: string): ReviewedRun {
  const parsed = policy === undefined ? { value: policyOf({ rules: [{ rule }] }) } : parsePolicy(policy, registry);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const sources = [{ file: `${rule}/${name}/input.yaml`, text }];
  return dryRun(sources, { plan: planPolicy(parsed.value, registry), today, namespace: 'default' });
}

/** What is wrong with the input, of a run. */
export const problemOf = (own: Partial<InputProblem> = {}): InputProblem => ({
  file: 'broken.yaml',
  line: 2,
  column: 3,
  message: 'a flaw',
  ...own,
});
