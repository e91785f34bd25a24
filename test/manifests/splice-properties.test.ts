import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import type { Replacement } from '../../src/manifests/edits.js';
import { planEdits } from '../../src/manifests/plan.js';
import { isAsMeant, readsAs } from '../../src/manifests/proof.js';
import { readManifests } from '../../src/manifests/read.js';
import { applyToText } from '../../src/manifests/splice.js';
import { choice, decorate, decorated, operationsOf, root, style } from './arbitraries.js';

let runs = 0;
let reprints = 0;

test('the new text holds exactly what JSON Patch makes of the old one', () => {
  fc.assert(
    fc.property(
      root,
      style,
      decorate,
      fc.array(choice, { maxLength: 6 }),
      (value, { print, isBlock }, decoration, choices) => {
        const [manifest, ...others] = readManifests('x.yaml', decorated(print(value), decoration));
        fc.pre(
          manifest !== undefined &&
            others.length === 0 &&
            manifest.problems.length === 0 &&
            manifest.value !== undefined,
        );
        const source = manifest.value;
        fc.pre(source !== null && typeof source === 'object');
        const operations = operationsOf(source, choices);
        const { text: after, insertions, reprinted } = applyToText(manifest, operations);
        const expected = jsonPatch.applyPatch(
          structuredClone(source),
          structuredClone(operations),
          true,
          true,
          false,
        ).newDocument;
        const [again, ...more] = readManifests('x.yaml', after);
        expect(more).toEqual([]);
        expect(again?.problems).toEqual([]);
        expect(JSON.parse(JSON.stringify(again?.value))).toEqual(JSON.parse(JSON.stringify(expected)));
        runs++;
        if (reprinted) reprints++;
        if (operations.length === 0) expect(after).toBe(manifest.text);
        const touchesInline = /\{\}|\[\]|- - /.test(manifest.text);
        if (!reprinted && isBlock && !touchesInline && operations.every(({ op }) => op === 'add')) {
          const dropped = new Set(
            insertions.flatMap(({ line, lines }) => Array.from({ length: lines }, (_, index) => line + index)),
          );
          const kept = after.split('\n').filter((_, index) => !dropped.has(index + 1));
          // A file without a line end gets one before what is added, and with it its carriage return.
          expect(kept.join('\n').replace(/\r$/, '')).toBe(manifest.text.replace(/\r$/, ''));
        }
      },
    ),
    { numRuns: 3000 },
  );
  expect(runs).toBeGreaterThan(1500);
  expect(reprints / runs).toBeLessThan(0.05);
});

/** How a text that is put in may come out wrong. */
const damages: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.slice(1),
  (text) => ` ${text}`,
  (text) => text.replace(/^ +/, ''),
  (text) => text.replace(/\n */, '\n'),
  (text) => text.replace(/\n/, '\n  '),
  (text) => text.replace(/: .*/, ': other'),
  (text) => text.slice(0, text.indexOf('\n') + 1),
  (text) => text.trimEnd(),
  (text) => text + text,
  () => '',
];

const applied = (text: string, edits: readonly Replacement[]): string =>
  edits.reduceRight((all, { from, to, text: own }) => all.slice(0, from) + own + all.slice(to), text);

test('of a text that came out wrong, the changed part says so as the whole does', () => {
  let wrong = 0;
  fc.assert(
    fc.property(
      root,
      style,
      decorate,
      fc.array(choice, { minLength: 1, maxLength: 2 }),
      fc.nat(),
      fc.nat(),
      (value, { print }, decoration, choices, which, how) => {
        const [manifest] = readManifests('x.yaml', decorated(print(value), decoration));
        fc.pre(typeof manifest?.value === 'object' && manifest.value !== null);
        const { text: before, document, value: source } = manifest;
        const operations = operationsOf(source, choices);
        const good = applyToText(manifest, operations);
        fc.pre(good.edits.length > 0 && good.reprinted === undefined);
        const damage = damages[how % damages.length] ?? String;
        const edits = good.edits.map((edit, index) =>
          index === which % good.edits.length ? { ...edit, text: damage(edit.text) } : edit,
        );
        const after = applied(before, edits);
        const plan = planEdits(document, source, operations);
        const isRight = readsAs(after, plan.after);
        expect(isAsMeant({ before, after, edits }, plan)).toBe(isRight);
        if (!isRight) wrong++;
      },
    ),
    { numRuns: 3000 },
  );
  expect(wrong).toBeGreaterThan(500);
});
