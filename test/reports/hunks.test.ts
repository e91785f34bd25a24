import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Row } from '../../src/reports/hunks.js';
import { hunksByObject } from '../../src/reports/object-hunks.js';
import { objectsOf, type ReviewedRun } from '../../src/reports/reviewed.js';
import { visible } from '../../src/reports/visible.js';
import { readFixtures } from '../support/fixtures.js';
import { layouts } from '../support/layouts.js';
import { agentPod, configMap, deployment, podText } from '../support/manifests.js';
import { reviewFiles, tracing } from '../support/texts.js';

/** The lines of all objects, as `12 15  kept`, `12    -removed`, `   15 +added # rules`. */
const rowsOf = (run: ReviewedRun): readonly string[] =>
  [...hunksByObject(run.manifests).values()].flatMap((hunks) =>
    hunks.flatMap(({ skipped, rows }) => [`(${skipped})`, ...rows.map(show)]),
  );

function show(row: Row): string {
  if (row.kind === 'kept') return `${row.before} ${row.after}  ${row.text}`;
  if (row.kind === 'removed') return `${row.before} -${row.text}`;
  const why = row.why.map(({ rule }) => rule).join(', ');
  return `${row.after} +${row.text}${why === '' ? '' : ` # ${why}`}`;
}

describe('hunks', () => {
  test('show three lines around a change, and count the others', () => {
    expect(rowsOf(reviewFiles({ 'a.yaml': agentPod }, { rules: [{ rule: 'agents-outside-mesh' }] }))).toEqual([
      '(3)',
      '4 4    name: datadog',
      '5 5    labels:',
      '6 6      agent.datadoghq.com/component: agent',
      '7 +    sidecar.istio.io/inject: "false" # agents-outside-mesh',
      '8 +    istio.io/dataplane-mode: none # agents-outside-mesh',
      '9 +  annotations:',
      '10 +    sidecar.istio.io/inject: "false" # agents-outside-mesh',
      '7 11  spec:',
      '8 12    containers:',
      '9 13      - name: agent',
    ]);
  });

  test('number the lines of the file, which documents before have made longer', () => {
    const text = `${configMap}---\n${podText()}---\n${podText()}`;
    const rows = rowsOf(reviewFiles({ 'a.yaml': text }, tracing));
    const starts = rows.filter((row) => row.endsWith('containers:'));
    expect(starts).toEqual(['13 13    containers:', '22 37    containers:']);
  });

  test('of the objects in one document are told apart, and end where their object does', () => {
    const item = podText()
      .trimEnd()
      .split('\n')
      .map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
    const text = `kind: List\nitems:\n${[...item, ...item].join('\n')}\n`;
    const run = reviewFiles({ 'a.yaml': text }, tracing);
    const [first, second] = [...hunksByObject(run.manifests)].map(([object, hunks]) => ({
      line: object.place.line,
      numbers: hunks.flatMap(({ rows }) => rows.flatMap((row) => ('before' in row ? [row.before] : []))),
    }));
    expect(first).toEqual({ line: 3, numbers: [8, 9, 10] });
    expect(second).toEqual({ line: 11, numbers: [16, 17, 18] });
  });

  test('show what gives way, and why', () => {
    const pod = podText('  labels: {}\n', 'gcr.io/datadoghq/agent:7').replace(
      'labels: {}',
      'labels: { agent.datadoghq.com/component: agent }',
    );
    expect(rowsOf(reviewFiles({ 'a.yaml': pod }, { rules: [{ rule: 'agents-outside-mesh' }] }))).toEqual(
      expect.arrayContaining([
        '5 -  labels: { agent.datadoghq.com/component: agent }',
        '5 +  labels: { agent.datadoghq.com/component: agent, sidecar.istio.io/inject: "false", istio.io/dataplane-mode: none } # agents-outside-mesh',
      ]),
    );
  });

  test('give the reason where a text of several lines grows', () => {
    const config = '  annotations:\n    proxy.istio.io/config: |\n      concurrency: 2\n';
    const spec = { cluster: { istioVersion: '1.30' }, rules: [{ rule: 'proxy-tracing', settings: { sampling: 10 } }] };
    const env = '      env:\n        - { name: DD_ENV, value: prod }\n';
    const rows = rowsOf(reviewFiles({ 'a.yaml': podText(config) + env }, spec));
    expect(rows.filter((row) => row.includes(' # '))).toEqual(['8 +      tracing: # proxy-tracing']);
    expect(rows).toContain('7 7        concurrency: 2');
  });

  test('say nothing of a last line that only gets an end', () => {
    const rows = rowsOf(reviewFiles({ 'a.yaml': deployment.trimEnd() }, tracing));
    expect(rows.filter((row) => /^\d+ -/.test(row))).toEqual([]);
    expect(rows).toContain('15 15            image: shop/cart:1.2.3 # pinned');
  });

  test('are left out where an object stands on one long line', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', annotations: { a: 'x'.repeat(5000) } } };
    const text = JSON.stringify({ ...pod, spec: { containers: [{ name: 'a', image: 'b' }] } });
    const run = reviewFiles({ 'a.json': text }, tracing);
    expect(objectsOf(run)[0]?.operations).not.toEqual([]);
    expect(rowsOf(run)).toEqual([]);
  });

  test('have a reason for every operation, however the text is laid out', () => {
    const inputs = readFixtures().map(({ input }) => input);
    fc.assert(
      fc.property(layouts(inputs), ({ text }) => {
        const run = reviewFiles({ 'a.yaml': text }, tracing);
        const hunks = hunksByObject(run.manifests);
        for (const { objects, spliced } of run.manifests) {
          if (spliced === undefined || spliced.reprinted) continue;
          for (const object of objects.filter(({ operations }) => operations.length > 0)) {
            const rows = (hunks.get(object) ?? []).flatMap((hunk) => hunk.rows);
            const told = rows.flatMap((row) => (row.kind === 'added' ? row.why.map(({ message }) => message) : []));
            const wanted = object.operations.flatMap(({ because }) => because.map(({ reason }) => reason.message));
            expect(new Set(told)).toEqual(new Set(wanted));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('lead from the old text to the new one, however it is laid out', () => {
    const inputs = readFixtures().map(({ input }) => input);
    fc.assert(
      fc.property(layouts(inputs), ({ text }) => {
        const run = reviewFiles({ 'a.yaml': text }, tracing);
        const rows = [...hunksByObject(run.manifests).values()].flatMap((hunks) => hunks.flatMap((hunk) => hunk.rows));
        expect(carriedOut(text, rows)).toEqual(
          linesOf(run.manifests.map(({ text: own, spliced }) => spliced?.text ?? own).join('')),
        );
      }),
      { numRuns: 150 },
    );
  });
});

const linesOf = (text: string): string[] => text.replace(/\r?\n$/, '').split(/\r?\n/);

/** A text with the rows in the place of its lines. */
function carriedOut(text: string, rows: readonly Row[]): readonly string[] {
  const lines = linesOf(text);
  const result: string[] = [];
  let at = 1;
  for (const row of rows) {
    if (row.kind === 'added') {
      while (result.length < row.after - 1) result.push(lines[at++ - 1] ?? '?');
      result.push(row.text);
    } else {
      while (at < row.before) result.push(lines[at++ - 1] ?? '?');
      expect(lines[at++ - 1]).toBe(row.text);
      if (row.kind === 'removed') continue;
      result.push(row.text);
      expect(result).toHaveLength(row.after);
    }
  }
  return [...result, ...lines.slice(at - 1)];
}

describe('what nobody can see', () => {
  test.each([
    ['a tab and new lines stay', 'a\tb\nc', 'a\tb\nc'],
    ['a bell', 'a\u0007b', 'a␇b'],
    ['a carriage return', 'a\rb', 'a␍b'],
    ['delete', 'a\u007fb', 'a␡b'],
    ['the other way round', 'a\u202eb', 'a⟨U+202E⟩b'],
    ['an isolate', 'a\u2066b', 'a⟨U+2066⟩b'],
    ['a line separator', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['letters of all scripts, and emoji', 'äöü 日本 עברית 👩\u200d💻', 'äöü 日本 עברית 👩\u200d💻'],
  ])('is made visible: %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});
