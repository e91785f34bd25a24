import { deepStrictEqual } from 'node:assert';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planPolicy } from '../../src/engine/plan.js';
import { review, type Step } from '../../src/engine/review.js';
import {
  annotationSuppressions,
  exemptionsOf,
  misplacedSuppressions,
  policySuppressions,
} from '../../src/engine/suppressions.js';
import type { Kind, Pod } from '../../src/model/kubernetes.js';
import { because, type ReasonCode } from '../../src/model/reason.js';
import type { Exemption, Policy } from '../../src/policy/policy.js';
import { registry } from '../../src/rules/registry.js';
import { pods, services } from '../support/arbitraries.js';
import { contextOf, policyOf, today } from '../support/reviewing.js';
import { label, podOf, ruleFor, wishing } from '../support/rules.js';

const finding = (...codes: readonly ReasonCode[]) =>
  ruleFor('finds', () => ({ violations: codes.map((code) => because(code)) }));
const edits = wishing('edits', label('a', '1'));
const looksAway = ruleFor('looks-away', () => ({ skip: because('not-an-agent') }));
const stops = ruleFor('stops', () => {
  throw new Error('boom');
});
const failsToEdit = wishing('fails-to-edit', { kind: 'taint' } as never);
const finds = { ...finding('istio-port', 'istio-value'), finds: ['istio-port', 'istio-value', 'istio-json'] as const };
const rules = [edits, finds, looksAway, stops, failsToEdit];

type Spec = { readonly rules?: readonly object[]; readonly exemptions?: readonly object[] };

/** What comes of exemptions for one Pod: entries of its annotation that are used, then indexes of the policy's. */
function used(annotation: string, { exemptions = [], ...spec }: Spec = {}, labels: Pod['metadata'] = {}) {
  const all = rules.map(({ id }) => ({ rule: id }));
  const policy = policyOf({ rules: all, ...spec, exemptions }, rules);
  const annotations = annotation === '' ? {} : { 'aloft.dev/exempt': annotation };
  const found = exemptionsOf('Pod', podOf({}, { ...labels, annotations }), contextOf(), planPolicy(policy, rules));
  if (found === undefined) return 'none';
  const entries = found.entries.flatMap(({ names, used: isUsed }) => (isUsed ? [names] : []));
  return { entries, used: found.used, missed: found.missed };
}

describe('an entry of an annotation is used where a rule would have acted:', () => {
  test.each<[string, string, readonly string[]]>([
    ['it would have edited', 'edits', ['edits']],
    ['it would have found something wrong', 'finds', ['finds']],
    ['it has nothing to say', 'looks-away', []],
    ['it stops', 'stops,fails-to-edit', []],
    ['nobody knows it', 'edit, ghost/istio-port', []],
    ['all of them', '*', ['*']],
    ['what it finds under one code', 'finds/istio-value', ['finds/istio-value']],
    ['a code under which it finds nothing', 'finds/istio-json', []],
    ['a code that nobody knows', 'finds/istio-prt', []],
    ['only the first of several', 'edits, edits, *', ['edits', '*']],
    ['the whole rule before its codes', 'finds/istio-port,finds', ['finds']],
    ['each for what it is about', 'edits,looks-away,finds/istio-port', ['edits', 'finds/istio-port']],
  ])('%s', (_, annotation, entries) => expect(used(annotation)).toEqual({ entries, used: [], missed: [] }));

  test('not where the object has what the rule wants', () => {
    expect(used('edits', {}, { labels: { a: '1' } })).toMatchObject({ entries: [] });
    expect(used('edits', {}, { labels: { a: '2' } })).toMatchObject({ entries: [] });
  });

  test.each<[string, object]>([
    ['the rule is off', { rule: 'edits', mode: 'off' }],
    ['it does not look at the object', { rule: 'edits', match: { labels: { app: 'x' } } }],
  ])('not where %s', (_, entry) => expect(used('*', { rules: [entry] })).toMatchObject({ entries: [] }));

  test('also in mode audit, where a report would say what would be done', () => {
    expect(used('*', { rules: [{ rule: 'edits', mode: 'audit' }] })).toMatchObject({ entries: ['*'] });
  });
});

describe('an exemption of the policy is used where a rule would have acted:', () => {
  const exempt = (...exemptions: readonly Partial<Exemption>[]) => ({
    exemptions: exemptions.map((one) => ({ rules: ['*'], reason: 'INC-1', ...one })),
  });
  const expires = '2026-11-20';

  test.each<[string, readonly Partial<Exemption>[], readonly number[], readonly number[]]>([
    ['all of them', [{}], [0], []],
    ['the first that holds', [{ match: { labels: { app: 'x' } } }, {}, {}], [1], []],
    ['one for each rule', [{ rules: ['finds'] }, { rules: ['edits'] }, {}], [0, 1], []],
    ['one that has nothing to say', [{ rules: ['looks-away'] }], [], []],
    ['one under one code', [{ rules: ['finds/istio-port'] }], [0], []],
    ['under a code where there is nothing', [{ rules: ['finds/istio-json'] }], [], []],
    ['one that has expired', [{ expires }], [], [0]],
    ['one that has expired, beside one that holds', [{ expires }, {}], [1], []],
    ['one that has expired, in part beside one that holds', [{ expires }, { rules: ['edits'] }], [1], [0]],
    ['one under one code that has expired', [{ rules: ['finds/istio-port'], expires }], [], [0]],
    [
      'one that has expired, where others hold for all it was about',
      [{ rules: ['finds'], expires }, { rules: ['finds/istio-port', 'finds/istio-value'] }],
      [1],
      [],
    ],
    ['one that has expired and has nothing to say', [{ rules: ['looks-away'], expires }], [], []],
  ])('%s', (_, exemptions, own, missed) => {
    expect(used('', exempt(...exemptions))).toEqual({ entries: [], used: own, missed });
  });

  test('the annotation comes first', () => {
    expect(used('edits', exempt({ rules: ['edits'] }))).toEqual({ entries: ['edits'], used: [], missed: [] });
  });
});

test('nothing is asked where there is no exemption', () => {
  const asked = ruleFor('asked', () => {
    throw new Error('must not be asked');
  });
  const policy = policyOf({ rules: [{ rule: 'asked' }] }, [asked]);
  expect(exemptionsOf('Pod', podOf(), contextOf(), planPolicy(policy, [asked]))).toBeUndefined();
  expect(used('')).toBe('none');
  expect(exemptionsOf('Pod', null, contextOf(), planPolicy(policyOf({ rules: [] }), registry))).toBeUndefined();
});

test('rules see what those before them have made of the object', () => {
  const late = ruleFor('late', ({ metadata }) =>
    metadata?.labels?.['a'] === '1' ? { edits: [label('b', '1')] } : { skip: because('not-an-agent') },
  );
  const of = (exempt: string) => {
    const object = podOf({}, { annotations: { 'aloft.dev/exempt': exempt } });
    const policy = policyOf({ rules: [{ rule: 'edits' }, { rule: 'late' }] }, [edits, late]);
    return exemptionsOf('Pod', object, contextOf(), planPolicy(policy, [edits, late]))?.entries.map(
      ({ used: is }) => is,
    );
  };
  expect(of('late')).toEqual([true]);
  expect(of('edits,late')).toEqual([true, false]);
});

describe('over a run', () => {
  const exemption = (part: Partial<Exemption>): Exemption => ({ rules: ['*'], match: {}, reason: 'a', ...part });
  const nothing = { entries: [], reason: '', used: [], missed: [] };

  test('every exemption of the policy is told, in its order, with how many objects it is about', () => {
    const exemptions = [
      exemption({}),
      exemption({ rules: ['a', 'b/c'], reason: 'b', expires: today }),
      exemption({ expires: '2026-11-20' }),
      exemption({ expires: '2026-11-20' }),
    ];
    const objects = [
      { ...nothing, used: [1] },
      { ...nothing, used: [1], missed: [2] },
    ];
    expect(policySuppressions(exemptions, objects, today)).toEqual([
      { by: 'policy', index: 0, rules: ['*'], reason: 'a', objects: 0, used: false, expired: false },
      { by: 'policy', index: 1, rules: ['a', 'b/c'], reason: 'b', objects: 2, used: true, expired: false },
      { by: 'policy', index: 2, rules: ['*'], reason: 'a', objects: 1, used: false, expired: true },
      { by: 'policy', index: 3, rules: ['*'], reason: 'a', objects: 0, used: false, expired: true },
    ]);
  });

  test('every entry of an annotation is told by itself, with the reason that stands beside it', () => {
    const entries = [
      { names: '*', used: true },
      { names: 'ghost', used: false },
    ];
    expect(annotationSuppressions({ ...nothing, entries, reason: 'OPS-12' })).toEqual([
      { by: 'annotation', rules: ['*'], reason: 'OPS-12', objects: 1, used: true, expired: false },
      { by: 'annotation', rules: ['ghost'], reason: 'OPS-12', objects: 0, used: false, expired: false },
    ]);
  });
});

test.each<[string, unknown, readonly unknown[]]>([
  [
    'each entry, none of them used',
    { 'aloft.dev/exempt': 'tracer-env,*', 'aloft.dev/exempt-reason': 'OPS-12' },
    ['tracer-env', '*'].map((rule) => ({
      by: 'annotation',
      rules: [rule],
      reason: 'OPS-12',
      objects: 0,
      used: false,
      expired: false,
    })),
  ],
  ['no annotation', {}, []],
  ['an annotation that is no text', { 'aloft.dev/exempt': ['*'], 'aloft.dev/exempt-reason': 1 }, []],
  ['annotations that are no map', 'x', []],
  ['no annotations', undefined, []],
])('an annotation on a workload itself exempts from nothing: %s', (_, annotations, expected) => {
  expect(misplacedSuppressions({ metadata: { annotations } })).toEqual(expected);
});

/** What a review does, and what it finds wrong; why it leaves something alone does not count. */
const does = (steps: readonly Step[]) =>
  steps.flatMap((step): readonly unknown[] => {
    if (step.outcome === 'violated') return [step.name, ...step.violations];
    return 'edits' in step && step.edits.length > 0 ? [step.name, ...step.edits] : [];
  });

const everyRule = [...new Set(registry.map(({ id }) => id))].map((rule) => ({ rule }));
const policies = [
  [],
  [{ rules: ['*'], match: { labels: { app: 'c*' } } }, { rules: ['tracer-env', 'agent-egress'] }],
  [{ rules: ['tracer-env'], expires: '2026-11-20' }, { rules: ['annotation-lint/datadog-unreadable', 'proxy-logs'] }],
  [{ rules: ['annotation-lint/istio-inject-value'] }, { rules: ['annotation-lint'], match: { images: ['nginx'] } }],
].map((exemptions) => policyOf({ rules: everyRule, exemptions: exemptions.map((one) => ({ ...one, reason: 'a' })) }));

const planOf = (policy: Policy, exemptions: readonly Exemption[]) =>
  planPolicy({ ...policy, spec: { ...policy.spec, exemptions } }, registry);
const plans = policies.map((policy) => ({ policy, plan: planOf(policy, policy.spec.exemptions) }));

const annotations = [
  '*',
  'tracer-env',
  'ghost',
  '',
  'annotation-lint/istio-inject-value, agents-outside-mesh,tracer-env',
];

const objects = fc.oneof(
  { weight: 5, arbitrary: pods.map((object) => ({ kind: 'Pod' as Kind, object })) },
  { weight: 1, arbitrary: services.map((object) => ({ kind: 'Service' as Kind, object })) },
);

test('what is not used can go without a trace, and what is used cannot', () => {
  let [gone, needed] = [0, 0];
  fc.assert(
    fc.property(
      fc.constantFrom(...plans),
      objects,
      fc.constantFrom(...annotations),
      ({ policy, plan }, { kind, object: bare }, annotation) => {
        const object = exempting(bare, annotation);
        const { exemptions } = policy.spec;
        const found = exemptionsOf(kind, object, contextOf(), plan);
        if (found === undefined) return;
        const names = found.entries.flatMap((entry) => (entry.used ? [entry.names] : []));
        const kept = exemptions.filter((_, index) => found.used.includes(index));
        const before = does(review(kind, object, contextOf(), plan).steps);
        const after = does(review(kind, exempting(bare, names.join()), contextOf(), planOf(policy, kept)).steps);
        deepStrictEqual(after, before);
        gone += found.entries.length + exemptions.length - names.length - kept.length;
        if (names.length + kept.length === 0) return;
        needed += 1;
        expect(does(review(kind, exempting(bare, ''), contextOf(), planOf(policy, [])).steps)).not.toEqual(before);
      },
    ),
    { numRuns: 1000 },
  );
  expect(Math.min(gone, needed)).toBeGreaterThan(100);
});

/** The object with an annotation that names this, if it has any annotations. */
function exempting(object: unknown, names: string): unknown {
  const copy = JSON.parse(JSON.stringify(object));
  if (copy.metadata?.annotations != null) copy.metadata.annotations['aloft.dev/exempt'] = names;
  return copy;
}
