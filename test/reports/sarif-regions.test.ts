import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import { objectsOf, type ReviewedRun } from '../../src/reports/reviewed.js';
import { readFixtures } from '../support/fixtures.js';
import { everyRule, reviewFixture, reviewTexts } from '../support/runs.js';
import { type Location, resultsOf, sarifOf } from '../support/sarif.js';
import { sarifErrors } from '../support/schemas.js';

const written = `apiVersion: v1
kind: Pod
metadata:
  name: cart
  annotations:
    traffic.sidecar.istio.io/excludeOutboundPorts: "http" # wrong
    'ad.datadoghq.com/app.checks': '{'
spec:
  containers: [{name: app, image: "shop/cart:1"}]
`;

describe('a region', () => {
  test.each([
    ['in YAML', { 'a.yaml': written }],
    ['with CRLF and a byte order mark', { 'a.yaml': `\uFEFF${written.replaceAll('\n', '\r\n')}` }],
    [
      'in JSON on one line with another value',
      {
        'a.json':
          '{"kind":"x"} {"apiVersion":"v1","kind":"Pod","metadata":{"name":"cart","annotations":{"traffic.sidecar.istio.io/excludeOutboundPorts":"http"}},"spec":{"containers":[]}}',
      },
    ],
    [
      'in a List',
      { 'a.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${written.trimEnd().replaceAll('\n', '\n  ')}\n` },
    ],
    [
      'on the first line, behind a byte order mark',
      {
        'a.yaml':
          '\uFEFF{apiVersion: v1, kind: Pod, metadata: {annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: http}}, spec: {containers: []}}',
      },
    ],
    ['behind an anchor', { 'a.yaml': written.replace('excludeOutboundPorts: ', 'excludeOutboundPorts: &a ') }],
  ])('%s holds the key that is talked of, and nothing of its value', (_, texts) => {
    const run = reviewTexts(texts, { rules: [{ rule: 'annotation-lint' }] });
    const result = resultsOf(run).find(({ ruleId }) => ruleId === 'annotation-lint/istio-port');
    expect(readBack(texts, result?.locations[0])?.replaceAll(/["']/g, '')).toBe(
      'traffic.sidecar.istio.io/excludeOutboundPorts',
    );
    expect(sarifOf(run)).not.toContain('# wrong');
  });

  test.each([
    ['a quoted key', "metadata: {labels: {'a: b, c''s': 7}}", "'a: b, c''s'", true],
    ['a key with an escape in it', 'metadata: {labels: {"a\\": b": 7}}', '"a\\": b"', true],
    ['a value, which may be a secret', 'spec: {containers: [hunter2]}', 'hunter2', false],
    ['a list', 'spec: {containers: [[]]}', '[', false],
  ])('of %s is all of it; the snippet is there for a key only', (_, line, expected, isKey) => {
    const texts = { 'a.yaml': `apiVersion: v1\nkind: Pod\n${line}\n` };
    const [result] = resultsOf(reviewTexts(texts, { rules: [{ rule: 'annotation-lint' }] }));
    expect(readBack(texts, result?.locations[0])).toBe(expected);
    expect(result?.locations[0].physicalLocation.region?.snippet).toEqual(isKey ? { text: expected } : undefined);
  });

  test('of a quoted key ends behind the quote', () => {
    const result = resultsOf(reviewTexts({ 'a.yaml': written }, { rules: [{ rule: 'annotation-lint' }] })).find(
      ({ ruleId }) => ruleId.includes('datadog'),
    );
    expect(readBack({ 'a.yaml': written }, result?.locations[0])).toBe("'ad.datadoghq.com/app.checks'");
  });
});

const fixtures = readFixtures();
const inputs = fixtures.map(
  (fixture) =>
    [
      `${fixture.rule}/${fixture.name}`,
      fixture,
      readFileSync(new URL('input.yaml', fixture.expectedFile), 'utf8'),
    ] as const,
);

let checked = 0;

describe('every region is read back', () => {
  test.each(inputs)('%s', (name, fixture, text) => {
    const texts = { [`${name}/input.yaml`]: text };
    const run = reviewFixture(fixture, text);
    expect(sarifErrors(sarifOf(run))).toEqual([]);
    checkRegions(texts, run);
  });

  // The tests of a file run in their order.
  test('and there are many', () => expect(checked).toBeGreaterThan(300));
});

const corpus = new URL('../../../shared/corpus/', import.meta.url);

(existsSync(corpus) ? describe : describe.skip)("every region in other people's manifests is read back", () => {
  const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.yaml')) : [];
  test.each(files)('%s', (file) => {
    const texts = { [file]: readFileSync(new URL(file, corpus), 'utf8') };
    const run = reviewTexts(texts, everyRule);
    expect(resultsOf(run).length).toBeGreaterThan(0);
    expect(sarifErrors(sarifOf(run))).toEqual([]);
    checkRegions(texts, run);
  });
});

const unquoted = (token: string): string => token.replace(/^(["'])(.*)\1$/s, '$2');

/** What a region covers in its file's text, read with nothing but its numbers. */
function readBack(texts: Readonly<Record<string, string>>, location: Location | undefined): string | undefined {
  const { artifactLocation, region } = location?.physicalLocation ?? {};
  const line = texts[artifactLocation?.uri ?? '']?.replace(/^\uFEFF/, '').split('\n')[(region?.startLine ?? 0) - 1];
  return line?.slice((region?.startColumn ?? 0) - 1, (region?.endColumn ?? 0) - 1);
}

/** The last step of each remark's path: the key that it is about, if the text has it. */
const talkedOf = (run: ReviewedRun): readonly (readonly [string, string])[] =>
  objectsOf(run).flatMap(({ remarks }) =>
    remarks.flatMap(({ place, reason: { at } }) => {
      const last = at?.at(-1);
      return typeof last === 'string' ? [[`${place.line}:${place.column}`, last] as const] : [];
    }),
  );

/** Each region is a key or an element of a list as the YAML parser finds them, from its beginning to its end. */
function checkRegions(texts: Readonly<Record<string, string>>, run: ReviewedRun): void {
  const keys = new Map(Object.entries(texts).flatMap(([, text]) => [...startsIn(text)]));
  for (const [position, key] of talkedOf(run)) {
    const there = [...keys.values()].some((token) => unquoted(token) === key);
    if (there) expect(unquoted(keys.get(position) ?? '')).toBe(key);
  }
  const starts = new Map(Object.entries(texts).map(([file, text]) => [file, startsIn(text)]));
  for (const {
    locations: [location],
  } of resultsOf(run)) {
    const { artifactLocation, region } = location.physicalLocation;
    const start = starts.get(artifactLocation.uri)?.get(`${region?.startLine}:${region?.startColumn}`);
    expect(start).toBeDefined();
    expect(readBack(texts, location)).toBe(start);
    expect(region?.endLine).toBe(region?.startLine);
    if (region?.snippet !== undefined) expect(region.snippet.text).toBe(start);
    checked++;
  }
}

/** The text of every key, and the beginning of every value, by its line and column. */
function startsIn(text: string): ReadonlyMap<string, string> {
  const lines = new LineCounter();
  const found = new Map<string, string>();
  const add = (node: unknown): void => {
    const [from, to] = (node as Node | null)?.range ?? [];
    if (from === undefined || to === undefined) return;
    const { line, col } = lines.linePos(from);
    // Of a collection in brackets only the bracket; a block begins with its first key, which comes later.
    found.set(`${line}:${col}`, isScalar(node) ? text.slice(from, to) : text.slice(from, from + 1));
  };
  for (const document of parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false })) {
    add(document.contents);
    visit(document, {
      Map: (_, map) => {
        for (const { key } of map.items) add(key);
      },
      Seq: (_, seq) => {
        for (const item of seq.items) if (!(isMap(item) || isSeq(item)) || item.flow) add(item);
      },
    });
  }
  return found;
}
