import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Step } from '../../src/engine/review.js';
import { showPath } from '../../src/model/problem.js';
import { because } from '../../src/model/reason.js';
import { judge } from '../../src/suites/judge.js';
import type { Observed } from '../../src/suites/observe.js';
import type { Expectation } from '../../src/suites/schema.js';

const steps: readonly Step[] = [
  {
    rule: 'agents-outside-mesh',
    name: 'agents-outside-mesh',
    mode: 'enforce',
    outcome: 'skipped',
    reason: because('not-an-agent'),
  },
  {
    rule: 'tracer-env',
    name: 'tracer-env',
    mode: 'enforce',
    outcome: 'edited',
    edits: [
      {
        kind: 'env',
        container: { list: 'containers', name: 'app' },
        env: { name: 'DD_ENTITY_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
        reason: because('entity-id'),
      },
      { kind: 'label', key: 'a', value: 'b', reason: because('service-identity') },
      { kind: 'volume', volume: { name: 'socket', hostPath: { path: '/run' } }, reason: because('agent-socket') },
      {
        kind: 'volumeMount',
        container: { list: 'containers', name: 'app' },
        mount: { name: 'socket', mountPath: '/run' },
        reason: because('agent-socket'),
      },
    ],
    inPlace: [],
    notes: [because('author-decided')],
  },
  { rule: 'lint', name: 'lint', mode: 'audit', outcome: 'violated', violations: [because('istio-port')] },
];

/** What a run of aloft here has seen. */
const here: Observed = {
  operations: [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
  after: { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { a: 'b' } } },
  verdict: 'allowed',
  message: '',
  warnings: ['aloft lint: a port'],
  auditAnnotations: {},
  steps,
};

const { steps: _, ...unexplained } = here;
/** What a webhook that is somewhere else tells. */
const outside: Observed = {
  ...unexplained,
  auditAnnotations: {
    'agents-outside-mesh': 'not-an-agent',
    'tracer-env': 'agent-socket,author-decided,entity-id,service-identity',
    lint: 'istio-port',
    silent: '',
  },
};

const judged = (expected: string, observed: Parameters<typeof judge>[1], golden?: unknown) =>
  judge(parse(expected) as Expectation, observed, golden);

/** What fails, as a person reads it. */
const failuresOf = (...args: Parameters<typeof judged>): readonly string[] =>
  judged(...args).flatMap((check) => (check.is === 'failed' ? [`${showPath(check.path)}: ${check.message}`] : []));

const codes = 'agent-socket, author-decided, entity-id, service-identity';

describe('here, it is met that', () => {
  test.each([
    'after: { kind: Pod, apiVersion: v1, metadata: { labels: { a: b } } }',
    'patch: [{ value: { a: b }, path: /metadata/labels, op: add }]',
    'verdict: allowed',
    'message: ""',
    'warnings: ["aloft lint: a port"]',
    'rules: { agents-outside-mesh: skipped, tracer-env: edited, lint: violated }',
    'rules: { agents-outside-mesh: { outcome: skipped, reason: not-an-agent } }',
    'rules: { tracer-env: { reason: author-decided } }',
    'rules: { tracer-env: { reasons: [service-identity, entity-id, author-decided, agent-socket, agent-socket] } }',
    'rules: { lint: { outcome: violated, reasons: [istio-port], edits: [] } }',
    `rules:
  tracer-env:
    edits:
      - { kind: env, name: DD_ENTITY_ID, from: metadata.uid, container: app, reason: entity-id }
      - { kind: label, value: b }
      - { kind: volume, name: socket, from: /run }
      - { kind: volumeMount, name: /run, from: socket, container: app }`,
  ])('%s', (expected) => expect(failuresOf(expected, here)).toEqual([]));
});

describe('here, it is noticed that', () => {
  test.each<[string, ...string[]]>([
    ['unchanged: true', 'unchanged: not as expected'],
    ['after: { kind: Pod, apiVersion: v1 }', 'after: not as expected'],
    ['after: { kind: Pod, apiVersion: v1, metadata: { labels: { a: b, c: d } } }', 'after: not as expected'],
    ['after:', 'after: nothing is there yet: --update fills it'],
    ['patch:', 'patch: nothing is there yet: --update fills it'],
    ['patch: []', 'patch: not as expected'],
    ['patch: [{ op: replace, path: /metadata/labels, value: { a: b } }]', 'patch: not as expected'],
    ['patch: [{ op: add, path: /metadata/labels, value: { a: "b " } }]', 'patch: not as expected'],
    ['verdict: refused', 'verdict: expected refused, got allowed'],
    ['message: no', 'message: not as expected'],
    ['warnings: []', 'warnings: not as expected'],
    ['warnings: ["aloft lint"]', 'warnings: not as expected'],
    ['rules: { tracer-env: skipped }', `rules.tracer-env: expected skipped, got edited (${codes})`],
    [
      'rules: { tracer-env: { outcome: unchanged } }',
      `rules.tracer-env.outcome: expected unchanged, got edited (${codes})`,
    ],
    [
      'rules: { tracer-env: { reason: istio-port } }',
      `rules.tracer-env.reason: expected istio-port, got edited (${codes})`,
    ],
    [
      'rules: { tracer-env: { reasons: [entity-id] } }',
      `rules.tracer-env.reasons: expected entity-id, got edited (${codes})`,
    ],
    ['rules: { lint: { reasons: [] } }', 'rules.lint.reasons: expected no reason, got violated (istio-port)'],
    ['rules: { tracer-env: { edits: [] } }', 'rules.tracer-env.edits: not as expected'],
    [
      'rules: { tracer-env: { edits: [{ kind: env }, { kind: label, value: c }, { kind: volume }, { kind: volumeMount }] } }',
      'rules.tracer-env.edits: not as expected',
    ],
    ['rules: { lint: { edits: [{ kind: env }] } }', 'rules.lint.edits: not as expected'],
    [
      'rules: { tracer-envv: edited }',
      'rules.tracer-envv: the policy has no such rule for this object; did you mean "tracer-env"?',
    ],
    [
      'rules: { "*": { outcome: skipped } }',
      `rules.*.outcome: tracer-env: expected skipped, got edited (${codes})`,
      'rules.*.outcome: lint: expected skipped, got violated (istio-port)',
    ],
    ['{}', ': it expects nothing, so that it would always pass'],
    ['rules: {}', ': it expects nothing, so that it would always pass'],
  ])('%s', (expected, ...failures) => expect(failuresOf(expected, here)).toEqual(failures));
});

test('a rule that every case has is still missing where there is none', () => {
  expect(failuresOf('rules: { "*": skipped }', { ...here, steps: [] })).toEqual([
    'rules.*: the policy has no such rule for this object; there are: none',
  ]);
});

test('a golden file is compared by its value, and one that is missing is nothing to pass by', () => {
  const expected = 'afterFile: golden.yaml';
  expect(failuresOf(expected, here, here.after)).toEqual([]);
  expect(failuresOf(expected, here, { kind: 'Pod' })).toEqual(['afterFile: not as expected']);
  expect(failuresOf(expected, here)).toEqual(['afterFile: nothing is there yet: --update fills it']);
});

describe('an object that no rule could read', () => {
  const malformed: Observed = { ...here, operations: [], steps: [], warnings: ['aloft: spec: expected an object'] };

  test('does not pass for one that needs nothing', () => {
    expect(failuresOf('unchanged: true', malformed)).toEqual([
      ': no rule looked at the object, which only `warnings` can expect: aloft: spec: expected an object',
    ]);
  });

  test('can be expected', () => {
    expect(failuresOf('warnings: ["aloft: spec: expected an object"]', malformed)).toEqual([]);
  });
});

test('a fault of aloft fails whatever is expected, as does an answer that nobody can use', () => {
  const auditAnnotations = { 'tracer-env': 'rule-failed' };
  expect(failuresOf('verdict: allowed', { ...outside, auditAnnotations })).toEqual([
    ': a fault of aloft: tracer-env stopped',
  ]);
  expect(failuresOf('verdict: allowed', { problem: '/mutate: no' })).toEqual([': /mutate: no']);
  expect(failuresOf('{}', { problem: '/mutate: no' })).toEqual([': it expects nothing, so that it would always pass']);
});

describe('from outside of a webhook', () => {
  test.each<[string, string, ...string[]]>([
    ['patch: [{ op: add, path: /metadata/labels, value: { a: b } }]', 'met patch'],
    ['verdict: allowed', 'met verdict'],
    ['rules: { tracer-env: { reason: entity-id } }', 'met rules.tracer-env.reason'],
    [
      'rules: { agents-outside-mesh: { outcome: skipped, reason: not-an-agent } }',
      'unseen rules.agents-outside-mesh.outcome',
      'met rules.agents-outside-mesh.reason',
    ],
    ['rules: { silent: { reasons: [] } }', 'met rules.silent.reasons'],
    [
      'rules: { tracer-env: { outcome: skipped, reason: entity-id } }',
      'unseen rules.tracer-env.outcome',
      'failed rules.tracer-env.reason',
    ],
    ['rules: { tracer-env: { reasons: [entity-id] } }', 'failed rules.tracer-env.reasons'],
    [
      'rules: { tracer-env: { reason: istio-port, edits: [] } }',
      'failed rules.tracer-env.reason',
      'unseen rules.tracer-env.edits',
    ],
    ['rules: { other: edited }', 'failed rules.other'],
    ['{ verdict: allowed, rules: { other: { reason: rule-off } } }', 'unseen rules.other', 'met verdict'],
    ['rules: { tracer-env: { reason: rule-off } }', 'failed rules.tracer-env.reason'],
    ['rules: { tracer-env: edited }', 'unseen rules.tracer-env', 'failed '],
    ['rules: { other: { reason: rule-off } }', 'unseen rules.other', 'failed '],
  ])('%s', (expected, ...checks) => {
    expect(judged(expected, outside).map(({ is, path }) => `${is} ${showPath(path)}`)).toEqual(checks);
  });

  test('nothing can be edited by a patch that is not there', () => {
    expect(failuresOf('rules: { tracer-env: edited }', { ...outside, operations: [] })).toEqual([
      `rules.tracer-env: expected edited, got ${codes}`,
    ]);
  });

  test('a case of which nothing can be seen fails', () => {
    expect(failuresOf('rules: { tracer-env: edited }', outside)).toEqual([
      ': nothing of what it expects can be seen from outside of a webhook',
    ]);
  });
});
