import { describe, expect, test } from '@jest/globals';
import { because } from '../../src/model/reason.js';
import { widthOf } from '../../src/reports/columns.js';
import { createPaint } from '../../src/reports/paint.js';
import type { ReviewedObject, ReviewedRun } from '../../src/reports/reviewed.js';
import { tableReport } from '../../src/reports/table.js';
import {
  changeOf,
  emptyRun,
  fullRun,
  objectOf,
  plainStyle,
  problemOf,
  remarkOf,
  reviewTexts,
  runOf,
} from '../support/runs.js';

const textOf = (run: ReviewedRun, width = 80): string => tableReport(run, { ...plainStyle, width });
const rowOf = (object: ReviewedObject): readonly string[] =>
  textOf(runOf([object]), 200)
    .split('\n')[1]
    ?.split(/ {2,}/) ?? [];

test('has a row for each object, aligned', () => {
  const run = runOf([
    objectOf([remarkOf(), changeOf(), changeOf()]),
    objectOf([], { kind: 'Service', place: { file: 'shop/cart.yaml', line: 120, column: 1 } }),
  ]);
  expect(textOf(run, 120)).toBe(
    `RESULT     KIND        NAMESPACE  NAME  WHERE               RULES
violation  Deployment  shop       cart  shop/cart.yaml:1    annotation-lint: istio-port, tracer-env: +2
unchanged  Service     shop       cart  shop/cart.yaml:120
`,
  );
});

test.each([
  [
    'a violation, whatever else',
    objectOf([changeOf(), remarkOf(), remarkOf({ level: 'warning' })]),
    'violation',
    'tracer-env: +1, annotation-lint: istio-port',
  ],
  [
    'a warning',
    objectOf([changeOf(), remarkOf({ level: 'warning' })]),
    'warning',
    'tracer-env: +1, annotation-lint: istio-port',
  ],
  ['changes', objectOf([changeOf(), changeOf()]), 'changed', 'tracer-env: +2'],
  [
    'what only another mode would change',
    objectOf([changeOf({ level: 'note' })]),
    'unchanged',
    'tracer-env: +1 (audit)',
  ],
  [
    'several reasons of one rule',
    objectOf([remarkOf(), remarkOf(), remarkOf({ reason: because('istio-value') })]),
    'violation',
    'annotation-lint: istio-port istio-value',
  ],
])('%s', (_, object, result, rules) => {
  const row = rowOf(object);
  expect([row[0], row[5]]).toEqual([result, rules]);
});

test('a fault of aloft is an error', () => {
  const object = objectOf([]);
  expect(rowOf({ ...object, review: { ...object.review, fault: { reason: because('patch-failed') } } })[0]).toBe(
    'error',
  );
});

test('an exempt object says so, and from which rule', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {aloft.dev/exempt: "annotation-lint"}}\nspec: {containers: []}\n';
  const run = reviewTexts(
    { 'a.yaml': text },
    { rules: [{ rule: 'annotation-lint' }, { rule: 'agents-outside-mesh' }] },
  );
  expect(textOf(run).split('\n')[1]).toMatch(/^exempt +Pod +default +a +a\.yaml:1 +annotation-lint: exempt$/);
});

test('what could not be reviewed is a row with the message', () => {
  expect(textOf(runOf([], { problems: [problemOf(), { file: 'gone.yaml', message: 'no such file' }] }))).toBe(
    `RESULT  KIND  NAMESPACE  NAME  WHERE          RULES
error   -     -          -     broken.yaml:2  a flaw
error   -     -          -     gone.yaml      no such file
`,
  );
});

describe('a width', () => {
  const long = runOf([
    objectOf(
      [
        remarkOf({ rule: 'datadog-endpoint-checks' }),
        changeOf(),
        changeOf({ rule: 'agents-outside-mesh', name: 'agents-outside-mesh' }),
      ],
      {
        kind: 'StatefulSet',
        namespace: 'payments-and-settlements-production',
        name: 'istio-ingressgateway-with-a-very-long-name',
        place: { file: 'a/deep/folder/of/somebody/else/deployment.yaml', line: 12345, column: 1 },
      },
    ),
    objectOf([], { name: '日本語のポッド名前はとても長い', namespace: '🐕🐕🐕🐕🐕🐕🐕🐕🐕🐕' }),
  ]);

  test.each([80, 100, 140])('of %i columns is kept, and nothing but the head of a place is left out', (width) => {
    const lines = textOf(long, width).split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    const cells = lines.slice(1).map((line) => line.split(/ {2,}/));
    expect(cells.flat().join('')).toContain('StatefulSet');
    const starts = columnStarts(lines[0] ?? '');
    const column = (at: number): string =>
      lines
        .slice(1)
        .map((line) => sliceColumns(line, starts[at] ?? 0, starts[at + 1] ?? width).trim())
        .join('');
    expect(column(2)).toBe('payments-and-settlements-production🐕🐕🐕🐕🐕🐕🐕🐕🐕🐕');
    expect(column(3)).toBe('istio-ingressgateway-with-a-very-long-name日本語のポッド名前はとても長い');
    expect(column(5).replaceAll(' ', '')).toBe(
      'datadog-endpoint-checks:istio-port,tracer-env:+1,agents-outside-mesh:+1',
    );
    expect(column(4)).toMatch(/^…?[\w/.]*t\.yaml:12345…?[\w/.]*t?\.yaml:1$/);
  });

  test('is taken from the widest column', () => {
    const run = runOf([
      objectOf([], { kind: 'StatefulSet', namespace: 'istio-system', name: 'a-long-name-'.repeat(9) }),
    ]);
    expect(textOf(run).split('\n')[1]).toBe(
      'unchanged  StatefulSet  istio-system  a-long-name-a-     shop/cart.yaml:1',
    );
  });

  test('without an end leaves each object whole, in one line', () => {
    const [, first, second, ...rest] = textOf(long, Number.POSITIVE_INFINITY).split('\n');
    expect(first?.split(/ {2,}/)).toEqual([
      'violation',
      'StatefulSet',
      'payments-and-settlements-production',
      'istio-ingressgateway-with-a-very-long-name',
      'a/deep/folder/of/somebody/else/deployment.yaml:12345',
      'datadog-endpoint-checks: istio-port, tracer-env: +1, agents-outside-mesh: +1',
    ]);
    expect(second).toMatch(/^unchanged .* shop\/cart\.yaml:1$/);
    expect(rest).toEqual(['']);
  });

  test('less than a table needs breaks nothing', () => {
    expect(textOf(long, 1).split('\n').length).toBeGreaterThan(5);
  });
});

test.each([
  ['', 0],
  ['plain', 5],
  ['…', 1],
  ['日本', 4],
  ['한', 2],
  ['🐕', 2],
  ['👩‍👩‍👧', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['ﬀ', 1],
  ['Ａ', 2],
])('%j takes %i columns', (text, width) => expect(widthOf(text)).toBe(width));

test('nothing in a name moves the cursor', () => {
  const text = textOf(
    runOf([objectOf([], { name: 'a\u001b[2Jb\nc\td\u202e', place: { file: 'x\r.yaml', line: 1, column: 1 } })]),
  );
  expect(text.split('\n')).toHaveLength(3);
  expect(text).toContain('a\u241b[2Jb c d\u27e8U+202E\u27e9');
  expect(text).toContain('x\u240d.yaml:1');
});

test('colours tell how grave a row is, and do not move a column', () => {
  const coloured = tableReport(fullRun, { ...plainStyle, paint: createPaint(true) });
  expect(coloured).toContain('\u001b[31mviolation\u001b[39m');
  expect(coloured).toContain('\u001b[33mwarning  \u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves.
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(textOf(fullRun));
});

test('a run without objects is no table', () => expect(textOf(emptyRun)).toBe(''));

test('is the same every time', () => expect(textOf(fullRun)).toBe(textOf(structuredClone(fullRun))));

/** Where in a header each column begins. */
const columnStarts = (header: string): readonly number[] => [...header.matchAll(/\S+/g)].map(({ index }) => index);

/** A part of a line by the columns of a terminal. */
function sliceColumns(line: string, from: number, to: number): string {
  let at = 0;
  let part = '';
  for (const { segment } of new Intl.Segmenter('en').segment(line)) {
    if (at >= from && at < to) part += segment;
    at += widthOf(segment);
  }
  return part;
}
