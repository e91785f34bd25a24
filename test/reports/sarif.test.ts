import { describe, expect, test } from '@jest/globals';
import { because, type ReasonCode, reasons } from '../../src/model/reason.js';
import type { ReviewedRun } from '../../src/reports/reviewed.js';
import { uriOf } from '../../src/reports/source-path.js';
import { changeOf, emptyRun, fullRun, objectOf, problemOf, remarkOf, runOf, suppressionOf } from '../support/runs.js';
import { logOf, type Result, resultsOf, sarifOf } from '../support/sarif.js';
import { sarifErrors } from '../support/schemas.js';

describe('the schema of SARIF 2.1.0 has nothing against', () => {
  test.each([
    ['a run without any input', emptyRun],
    ['a run with something of everything', fullRun],
  ])('%s', (_, run) => expect(sarifErrors(sarifOf(run))).toEqual([]));

  test('what GitHub requires, either: results, rules and a version are always there', () => {
    const { results, tool, invocations } = logOf(emptyRun);
    expect({ results, rules: tool.driver.rules, version: tool.driver.version }).toEqual({
      results: [],
      rules: [],
      version: '1.2.3',
    });
    expect(invocations).toEqual([
      { executionSuccessful: true, toolExecutionNotifications: [], toolConfigurationNotifications: [] },
    ]);
  });

  test('and it has something against a fault', () => {
    const broken = sarifOf(fullRun)
      .replace('"startLine": 6', '"startLine": -1')
      .replace('"uri": "missing.yaml"', '"uri": "a b"');
    expect(sarifErrors(broken)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('must be >= 1'),
        expect.stringContaining('must match format "uri-reference"'),
      ]),
    );
  });
});

test.each([
  ['violation', 'error'],
  ['warning', 'warning'],
  ['change', 'note'],
  ['note', 'note'],
] as const)('a %s is an %s', (level, expected) => {
  const [result] = resultsOf(
    runOf([objectOf([level === 'change' || level === 'note' ? changeOf({ level }) : remarkOf({ level })])]),
  );
  expect(result?.level).toBe(expected);
});

test.each([
  ['a violation', remarkOf(), 'Deployment cart: "http" is no port'],
  [
    'a change',
    changeOf(),
    'Deployment cart: aloft adds env DD_ENTITY_ID = from metadata.uid in app: the Pod by its UID',
  ],
  [
    'what only another mode would change',
    changeOf({ level: 'note' }),
    'Deployment cart: aloft would add env DD_ENTITY_ID = from metadata.uid in app (the mode is audit): the Pod by its UID',
  ],
  [
    "a rule under the policy's name",
    remarkOf({ name: 'lint-payments' }),
    'Deployment cart: lint-payments: "http" is no port',
  ],
  ['lines', remarkOf({ reason: because('istio-port', 'one:\n  two') }), 'Deployment cart: one: two'],
])('says %s in one line', (_, remark, expected) => {
  expect(resultsOf(runOf([objectOf([remark])]))[0]?.message).toEqual({ text: expected });
});

describe('rules', () => {
  const { tool, results } = logOf(fullRun);
  const rules: readonly Record<string, unknown>[] = tool.driver.rules;

  test('are those of the results, sorted, and each result leads to its own', () => {
    expect(rules.map(({ id }) => id)).toEqual([...new Set(results.map(({ ruleId }: Result) => ruleId))].sort());
    for (const { ruleId, ruleIndex } of results as readonly Result[]) expect(rules[ruleIndex]?.['id']).toBe(ruleId);
  });

  test('say what the code means, how grave it is, and what to do', () => {
    expect(rules.find(({ id }) => id === 'annotation-lint/istio-port')).toEqual({
      id: 'annotation-lint/istio-port',
      name: 'AnnotationLintIstioPort',
      shortDescription: { text: reasons['istio-port'].meaning },
      fullDescription: { text: reasons['istio-port'].meaning },
      help: {
        text: expect.stringContaining('aloft.dev/exempt: "annotation-lint"'),
        markdown: expect.stringContaining('aloft explain'),
      },
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['kubernetes', 'istio'], precision: 'high', 'problem.severity': 'error' },
    });
  });

  test('are as grave as the rule means it, whatever mode the policy chose', () => {
    const levelOf = (code: ReasonCode, level: 'warning' | 'note') => {
      const remark =
        level === 'note' ? changeOf({ level, reason: because(code) }) : remarkOf({ level, reason: because(code) });
      return logOf(runOf([objectOf([remark])])).tool.driver.rules[0].defaultConfiguration.level;
    };
    expect([
      levelOf('istio-port', 'warning'),
      levelOf('already-injected', 'warning'),
      levelOf('entity-id', 'note'),
    ]).toEqual(['error', 'warning', 'note']);
  });
});

describe('the file of a result', () => {
  test.each([
    ['shop/cart.yaml', 'shop/cart.yaml', '%SRCROOT%'],
    ['./shop/cart.yaml', 'shop/cart.yaml', '%SRCROOT%'],
    ['../shop/cart.yaml', '../shop/cart.yaml', '%SRCROOT%'],
    ['a b#c%d?e/ü:1.yaml', 'a%20b%23c%25d%3Fe/%C3%BC%3A1.yaml', '%SRCROOT%'],
    ['half a \ud800.yaml', 'half%20a%20%EF%BF%BD.yaml', '%SRCROOT%'],
    ['/srv/a b.yaml', 'file:///srv/a%20b.yaml', undefined],
    ['<stdin>', 'stdin', '%SRCROOT%'],
  ])('%s is %s', (file, uri, uriBaseId) => {
    const text = sarifOf(runOf([objectOf([remarkOf({ place: { file, line: 2, column: 3 } })])]));
    const { description: _, ...location } =
      JSON.parse(text).runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    expect(location).toEqual(uriBaseId === undefined ? { uri } : { uri, uriBaseId });
    expect(sarifErrors(text)).toEqual([]);
  });

  test.each([
    ['C:\\shop\\a b.yaml', 'file:///C:/shop/a%20b.yaml'],
    ['.\\shop\\cart.yaml', 'shop/cart.yaml'],
    ['\\\\host\\share\\a.yaml', 'file://host/share/a.yaml'],
  ])('on Windows, %s is %s', (file, uri) => expect(uriOf(file, '\\')).toBe(uri));

  test('is the source, and where it was rendered is beside it', () => {
    const place = {
      file: 'chart/templates/cart.yaml',
      line: 9,
      column: 5,
      rendered: { file: '<stdin>', line: 120, column: 5 },
    };
    const [result] = resultsOf(runOf([objectOf([remarkOf({ place })])]));
    expect(result?.locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'chart/templates/cart.yaml' },
      region: { startLine: 9, startColumn: 5 },
    });
    expect(result?.relatedLocations).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: 'stdin' }, region: { startLine: 120, startColumn: 5 } } },
    ]);
  });
});

describe('what could not be reviewed', () => {
  const { invocations, results } = logOf(
    runOf([], { problems: [problemOf(), { file: 'gone.yaml', message: 'no such file' }] }),
  );

  test('is a result of its own, at its line as far as there is one', () => {
    expect(results.map(({ ruleId, level }: Result) => [ruleId, level])).toEqual([
      ['input/unreadable', 'error'],
      ['input/unreadable', 'error'],
    ]);
    expect(results.map(({ locations }: Result) => locations[0].physicalLocation.region)).toEqual([
      { startLine: 2, startColumn: 3 },
      undefined,
    ]);
  });

  test('makes the run one that did not succeed, and says why', () => {
    expect(invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'a flaw' } },
        { level: 'error', message: { text: 'no such file' } },
      ],
    });
  });
});

test('a fault of aloft is a result, and the run did not succeed', () => {
  const object = objectOf([]);
  const fault = { reason: because('patch-failed') };
  const { results, invocations, tool } = logOf(runOf([{ ...object, review: { ...object.review, fault } }]));
  expect(results).toMatchObject([{ ruleId: 'review/patch-failed', level: 'warning' }]);
  expect(invocations[0].executionSuccessful).toBe(false);
  expect(tool.driver.rules[0].help.text).toContain('Please report it');
});

test('an object that is malformed is told of with the input, and not again', () => {
  const object = objectOf([]);
  const fault = { reason: because('malformed-object'), at: ['spec'] };
  expect(resultsOf(runOf([{ ...object, review: { ...object.review, fault } }]))).toEqual([]);
});

test('an exemption is told of; one that is wrong is a result at its place, where that is known', () => {
  const place = { file: 'policy.yaml', line: 9, column: 7 };
  const suppressions = [
    suppressionOf({ used: true, objects: 1, reason: 'legacy', place }),
    suppressionOf(),
    suppressionOf({ place }),
    suppressionOf({ by: 'policy', place }),
    suppressionOf({ by: 'policy', place, expired: true }),
    suppressionOf({ by: 'policy', place, expired: true, objects: 1 }),
  ];
  const { invocations, results } = logOf(runOf([], { suppressions }));
  expect(results.map(({ ruleId, message }: Result) => [ruleId, message.text])).toEqual([
    ['exemption/unused', 'unused exemption by annotation from tracer-env: nothing here needs it'],
    ['exemption/expired', 'expired exemption by policy from tracer-env: it would have covered 1 object'],
  ]);
  const [{ toolConfigurationNotifications: told }] = invocations;
  expect(told).toHaveLength(6);
  expect(told[0].message.text).toBe('exemption by annotation from tracer-env (legacy): 1 object');
});

describe('a fingerprint', () => {
  const fingerprints = (run: ReviewedRun) =>
    resultsOf(run).map(({ partialFingerprints }) => partialFingerprints['aloft/v1']);
  const at = (line: number, edit = 'env DD_VERSION = "1" in app') =>
    runOf([objectOf([changeOf({ edit, place: { file: 'a.yaml', line, column: 1 } })])]);

  test('stays when lines move, and when a release changes the value', () => {
    expect(fingerprints(at(1))).toEqual(fingerprints(at(99)));
    expect(fingerprints(at(1))).toEqual(fingerprints(at(1, 'env DD_VERSION = "2: = in b" in app')));
  });

  test.each([
    ['container', objectOf([changeOf({ edit: 'env DD_ENTITY_ID = from metadata.uid in other' })])],
    ['variable', objectOf([changeOf({ edit: 'env DD_SERVICE = from metadata.uid in app' })])],
    ['object', objectOf([changeOf()], { name: 'other' })],
    ['namespace', objectOf([changeOf()], { namespace: 'other' })],
    ['kind', objectOf([changeOf()], { kind: 'StatefulSet' })],
    ['file', objectOf([changeOf({ place: { file: 'other.yaml', line: 6, column: 7 } })])],
    ['rule of the policy', objectOf([changeOf({ name: 'other' })])],
    ['reason', objectOf([changeOf({ reason: because('agent-address') })])],
    ['field', objectOf([changeOf({ reason: because('entity-id', undefined, ['spec']) })])],
  ])('tells another %s apart', (_, other) => {
    expect(fingerprints(runOf([objectOf([changeOf()])]))).not.toEqual(fingerprints(runOf([other])));
  });

  test('is never there twice, even for what is', () => {
    const all = fingerprints(runOf([objectOf([remarkOf(), remarkOf()]), objectOf([remarkOf()])]));
    expect(new Set(all).size).toBe(3);
  });
});

test('keeps the gravest of more results than GitHub takes, in their order, and says so', () => {
  const many = Array.from({ length: 25_000 }, () => changeOf());
  const { results, invocations } = logOf(
    runOf([objectOf([...many, remarkOf(), changeOf(), remarkOf({ level: 'warning' })])]),
  );
  expect(results).toHaveLength(25_000);
  expect(results.slice(-2).map(({ level }: Result) => level)).toEqual(['error', 'warning']);
  expect(invocations[0].toolExecutionNotifications).toEqual([
    { level: 'warning', message: { text: '3 results are left out, the least grave: GitHub takes 25000 at most' } },
  ]);
});

test('is the same every time', () => expect(sarifOf(fullRun)).toBe(sarifOf(structuredClone(fullRun))));
