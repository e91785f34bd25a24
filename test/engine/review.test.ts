import { describe, expect, test } from '@jest/globals';
import { planPolicy } from '../../src/engine/plan.js';
import { codesOf, reasonsOf, type Step } from '../../src/engine/review.js';
import type { Edit } from '../../src/model/edit.js';
import { because } from '../../src/model/reason.js';
import { modes } from '../../src/policy/policy.js';
import { registry } from '../../src/rules/registry.js';
import { policyOf, reviewWith } from '../support/reviewing.js';
import { env, label, podOf, reviewBy, ruleFor, volume, wishing } from '../support/rules.js';

const outcomes = (steps: readonly Step[]) => steps.map(({ name, outcome }) => `${name} ${outcome}`);

describe('a plan', () => {
  test('has rules in the order of the registry, and entries of one rule in that of the policy', () => {
    const rules = [
      { rule: 'tracer-env', name: 'second' },
      { rule: 'datadog-endpoint-checks' },
      { rule: 'tracer-env', name: 'third' },
      { rule: 'agents-outside-mesh', name: 'first' },
    ];
    const plan = planPolicy(policyOf({ rules }), registry);
    expect(plan.Pod.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
    expect(plan.Service.map(({ name, rule }) => [name, rule])).toEqual([
      ['datadog-endpoint-checks', 'datadog-endpoint-checks'],
    ]);
  });

  test('leaves out what the policy does not list', () => {
    expect(planPolicy(policyOf({ rules: [] }), registry)).toEqual({ Pod: [], Service: [] });
  });

  test('prepares each entry once, with its own settings', () => {
    const seen: unknown[] = [];
    const prepare = (settings: unknown) => {
      seen.push(settings);
      return () => ({ edits: [] });
    };
    const rules = [
      { rule: 'words', settings: { word: 'a' } },
      { rule: 'words', name: 'more' },
    ];
    reviewBy([{ ...wishing('words'), prepare }], {}, { rules });
    expect(seen).toEqual([{ word: 'a' }, { word: 'none' }]);
  });
});

describe('rules', () => {
  test('run one after the other, each on the result of the one before', () => {
    const seen: unknown[] = [];
    const look = ruleFor('look', (pod) => {
      seen.push(pod.metadata?.labels);
      return { skip: because('not-an-agent') };
    });
    const { steps } = reviewBy([wishing('one', label('a', '1')), look, wishing('two', label('b', '2'))], {});
    expect(seen).toEqual([{ a: '1' }]);
    expect(outcomes(steps)).toEqual(['one edited', 'look skipped', 'two edited']);
  });

  test('cannot change what they are given', () => {
    const pod = Object.freeze({ metadata: Object.freeze({ labels: Object.freeze({ x: 'y' }) }) });
    const { after } = reviewBy([wishing('one', label('a', '1'))], pod);
    expect(after).toEqual({ metadata: { labels: { x: 'y', a: '1' } } });
    expect(pod).toEqual({ metadata: { labels: { x: 'y' } } });
  });

  test('with nothing to do leave the very object', () => {
    const pod = podOf({}, { labels: { a: '1' } });
    const reviewed = reviewBy([wishing('one', label('a', '1'))], pod);
    expect(reviewed.after).toBe(pod);
    expect(reviewed.steps).toMatchObject([{ outcome: 'unchanged', edits: [], inPlace: [{ key: 'a' }], notes: [] }]);
  });

  test('come up against what the author decided', () => {
    const pod = podOf({ env: [{ name: 'TOKEN', value: 'secret' }] }, { labels: { a: '0' } });
    const wishes = [label('a', '1'), env('app', { name: 'TOKEN', value: 'x' })];
    const { steps } = reviewBy([wishing('one', ...wishes)], pod);
    expect(steps).toMatchObject([
      {
        outcome: 'unchanged',
        notes: [
          { code: 'author-decided', message: 'label a is set otherwise' },
          { code: 'author-decided', message: 'TOKEN is set in container app' },
        ],
      },
    ]);
    expect(JSON.stringify(steps)).not.toContain('secret');
  });

  test('are only asked where their scope lets them be', () => {
    const asked = ruleFor('asked', () => {
      throw new Error('must not be asked');
    });
    const spec = { rules: [{ rule: 'asked', match: { namespaces: ['other'] } }] };
    expect(reviewBy([asked], {}, spec).steps).toMatchObject([
      { outcome: 'skipped', reason: { code: 'namespace-out-of-scope' } },
    ]);
    const exempt = { rules: [{ rule: 'asked' }], exemptions: [{ rules: ['asked'], reason: 'INC-1' }] };
    expect(reviewBy([asked], {}, exempt).steps).toMatchObject([
      { reason: { code: 'exempt-by-policy', message: 'INC-1' } },
    ]);
    expect(reviewBy([asked], {}, exempt, { namespace: 'kube-system' }).steps).toMatchObject([
      { reason: { code: 'system-namespace' } },
    ]);
  });

  test('see the namespace labels that are known', () => {
    const spec = { rules: [{ rule: 'tracer-env', match: { namespaceLabels: { team: 'shop' } } }] };
    const known = { namespaceLabels: { team: 'billing' } };
    expect(reviewWith(spec, 'Pod', podOf(), known).steps).toMatchObject([
      { outcome: 'skipped', reason: { code: 'namespace-labels-out-of-scope' } },
    ]);
  });
});

describe('modes', () => {
  const editing = wishing('rule', label('a', '1'));
  const checking = ruleFor('rule', () => ({ violations: [because('not-an-agent', 'no')] }));
  const run = (rule: typeof editing, mode: string) => reviewBy([rule], {}, { rules: [{ rule: 'rule', mode }] });

  test.each([
    ['enforce', 'edited', 1],
    ['warn', 'edited', 1],
    ['audit', 'would-edit', 0],
    ['off', 'skipped', 0],
  ])('%s: an edit is %s', (mode, outcome, operations) => {
    const reviewed = run(editing, mode);
    expect(reviewed.steps).toMatchObject([{ mode, outcome }]);
    expect(reviewed.operations).toHaveLength(operations);
  });

  test.each([
    ['enforce', 'violated', 'not-an-agent'],
    ['warn', 'violated', 'not-an-agent'],
    ['audit', 'violated', 'not-an-agent'],
    ['off', 'skipped', 'rule-off'],
  ])('%s: a violation is %s', (mode, outcome, code) => {
    const { steps } = run(checking, mode);
    expect(steps).toMatchObject([{ mode, outcome }]);
    expect(steps.flatMap(reasonsOf)).toMatchObject([{ code }]);
  });

  test('are all in these tables', () => expect(modes).toEqual(['enforce', 'warn', 'audit', 'off']));

  test('audit leaves the object for the rules that follow', () => {
    const rules = [wishing('one', label('a', '1')), wishing('two', label('a', '2'))];
    const { after } = reviewBy(rules, {}, { rules: [{ rule: 'one', mode: 'audit' }, { rule: 'two' }] });
    expect(after).toEqual({ metadata: { labels: { a: '2' } } });
  });
});

describe('an exemption from what a rule finds under one code', () => {
  const codes = ['istio-port', 'istio-value', 'istio-port', 'istio-json'] as const;
  const rule = {
    ...ruleFor('lint', () => ({ violations: codes.map((code, index) => because(code, String(index))) })),
    finds: codes,
  };
  const spec = (...rules: readonly string[]) => ({
    rules: [{ rule: 'lint' }],
    exemptions: rules.length === 0 ? [] : [{ rules, reason: 'INC-1' }],
  });
  const exempted = (exempt: string) => podOf({}, { annotations: { 'aloft.dev/exempt': exempt } });
  const byAnnotation = (exempt: string) => ({
    code: 'exempt-by-annotation',
    message: `annotation aloft.dev/exempt: ${exempt}`,
    at: ['metadata', 'annotations', 'aloft.dev/exempt'],
  });
  const byPolicy = { code: 'exempt-by-policy', message: 'INC-1' };
  const told = (step: Step) => [
    ...reasonsOf(step).map(({ code, message }) => (step.outcome === 'violated' ? `${code} ${message}` : code)),
    ...('exempt' in step ? (step.exempt ?? []) : []),
  ];

  test.each<[string, string, readonly string[], readonly unknown[]]>([
    ['of the annotation', 'lint/istio-port', [], ['istio-value 1', 'istio-json 3', byAnnotation('lint/istio-port')]],
    ['of the policy', '', ['lint/istio-json'], ['istio-port 0', 'istio-value 1', 'istio-port 2', byPolicy]],
    ['of both', 'lint/istio-value', ['lint/istio-port'], ['istio-json 3', byAnnotation('lint/istio-value'), byPolicy]],
    [
      'of the annotation, which comes first',
      'lint/istio-value, lint/istio-port',
      ['lint/istio-port'],
      ['istio-json 3', byAnnotation('lint/istio-value, lint/istio-port')],
    ],
    ['of nothing that is there', 'lint/istio-prt', [], codes.map((code, index) => `${code} ${index}`)],
    ['of all of it', 'lint/istio-value', ['lint/istio-port', 'lint/istio-json'], ['exempt-by-annotation']],
    ['of all of it, by the policy', '', codes.map((code) => `lint/${code}`), ['exempt-by-policy']],
  ])('%s', (_, annotation, rules, expected) => {
    const { steps } = reviewBy([rule], exempted(annotation), spec(...rules));
    expect(steps.flatMap(told)).toEqual(expected);
  });

  test('is among the codes of the step, and leaves a step that finds nothing more to be skipped', () => {
    const [some] = reviewBy([rule], exempted('lint/istio-port'), spec()).steps;
    expect(some && codesOf(some)).toEqual(['exempt-by-annotation', 'istio-json', 'istio-value']);
    const [none] = reviewBy([rule], exempted(''), spec(...codes.map((code) => `lint/${code}`))).steps;
    expect(none).toMatchObject({ outcome: 'skipped', reason: byPolicy });
  });

  test('hides no others, however many there are: only what is left is cut', () => {
    const many = [...Array<'istio-port'>(30).fill('istio-port'), ...Array<'istio-json'>(30).fill('istio-json')];
    const busy = { ...ruleFor('lint', () => ({ violations: many.map((code) => because(code)) })), finds: codes };
    const [step] = reviewBy([busy], exempted('lint/istio-port'), spec()).steps;
    expect(step && reasonsOf(step).map(({ code }) => code)).toEqual(Array(20).fill('istio-json'));
  });
});

describe('faults of ours', () => {
  const broken = ruleFor('broken', () => {
    throw new Error('boom');
  });

  test('a rule that throws costs its own edits and nothing else', () => {
    const { steps, after, fault } = reviewBy(
      [wishing('one', label('a', '1')), broken, wishing('two', label('b', '2'))],
      {},
    );
    expect(outcomes(steps)).toEqual(['one edited', 'broken failed', 'two edited']);
    expect(steps[1]).toMatchObject({
      reason: { code: 'rule-failed', message: 'broken stopped' },
      error: new Error('boom'),
    });
    expect(after).toEqual({ metadata: { labels: { a: '1', b: '2' } } });
    expect(fault).toBeUndefined();
  });

  test.each<[string, Edit]>([
    ['container that is not there', env('gone', { name: 'A', value: '1' })],
    ['init container that is a container', env('init:app', { name: 'A', value: '1' })],
  ])('an edit that names a %s costs all edits of its rule', (_, edit) => {
    const { steps, operations } = reviewBy(
      [wishing('one', label('a', '1'), edit), wishing('two', label('b', '2'))],
      podOf(),
    );
    expect(outcomes(steps)).toEqual(['one failed', 'two edited']);
    expect(operations.map(({ path }) => path)).toEqual(['/metadata/labels']);
  });

  test('an edit of no known kind fails', () => {
    const { steps } = reviewBy([wishing('one', { kind: 'taint' } as unknown as Edit)], {});
    expect(steps).toMatchObject([{ outcome: 'failed', error: { message: 'unknown edit {"kind":"taint"}' } }]);
  });

  test('a patch that does not apply costs the whole patch: the object is left as it came', () => {
    const raw = { metadata: { labels: { a: '0' } } };
    // No rule wishes for a volume in a Pod without a spec; one that did could not be helped.
    const rules = [wishing('one', label('b', '1')), wishing('two', volume('v', '/run/v'))];
    const { steps, operations, after, fault } = reviewBy(rules, raw);
    expect(outcomes(steps)).toEqual(['one edited', 'two edited']);
    expect(operations).toEqual([]);
    expect(after).toBe(raw);
    expect(fault).toMatchObject({ reason: { code: 'patch-failed' }, error: expect.any(Error) });
  });

  test.each<[unknown, (string | number)[], string]>([
    [null, [], 'expected an object, got null'],
    [[], [], 'expected an object, got a list'],
    [{ spec: { containers: [{}] } }, ['spec', 'containers', 0, 'name'], 'expected a string, got nothing'],
  ])('an object that is none, %j, is seen by no rule', (raw, at, message) => {
    const reviewed = reviewBy([broken], raw);
    expect(reviewed).toEqual({
      kind: 'Pod',
      steps: [],
      operations: [],
      after: raw,
      fault: { reason: { code: 'malformed-object', message }, at },
    });
  });
});

test('the codes of a step are each there once, in order, whatever came of the edits', () => {
  const step: Step = {
    rule: 'r',
    name: 'r',
    mode: 'enforce',
    outcome: 'edited',
    edits: [
      { ...label('a', '1'), reason: because('service-identity') },
      { ...label('b', '1'), reason: because('agent-address') },
    ],
    inPlace: [{ ...label('c', '1'), reason: because('service-identity') }],
    notes: [because('author-decided')],
  };
  expect(codesOf(step)).toEqual(['agent-address', 'author-decided', 'service-identity']);
  expect(codesOf({ ...step, outcome: 'skipped', reason: because('mirror-pod') })).toEqual(['mirror-pod']);
});
