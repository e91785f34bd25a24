import { expect, test } from '@jest/globals';
import type { Operation } from '../../src/engine/operation.js';
import { readManifests } from '../../src/manifests/read.js';
import { applyToText, type Spliced } from '../../src/manifests/splice.js';

/** A case of splicing: the text before, the operations, the text after. */
export type Row = [name: string, before: string, operations: Operation[], after: string];

export const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
export const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });

/** Writes operations into the first manifest of a text. */
export function splice(text: string, operations: readonly Operation[]): Spliced {
  const [manifest] = readManifests('x.yaml', text);
  if (!manifest) throw new Error('no manifest');
  expect(manifest.problems).toEqual([]);
  return applyToText(manifest, operations);
}

/** Tests that each row comes out as it says, without the document being printed anew. */
export function testSplicing(title: string, rows: readonly Row[]): void {
  test.each(rows)(`${title}: %s`, (_, before, operations, after) => {
    const spliced = splice(before, operations);
    expect(spliced.text).toBe(after);
    expect(spliced.reprinted).toBeUndefined();
  });
}
