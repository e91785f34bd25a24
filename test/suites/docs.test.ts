import { expect, test } from '@jest/globals';
import { asRecord, isRecord } from '../../src/model/json.js';
import { suiteJsonSchema } from '../../src/suites/parse.js';
import { readText } from '../docs/files.ts';

const page = readText('docs/reference/test-suite.md');

/** Every key that the schema has, and every word that it takes, but for those of Kubernetes and of reasons. */
function wordsOf(schema: unknown, name = ''): readonly string[] {
  if (!isRecord(schema) || name === 'reason' || name === 'reasons' || name === 'patch') return [];
  const { properties, items, anyOf, enum: words, additionalProperties } = schema;
  return [
    ...(Array.isArray(words) ? words.map(String) : []),
    ...Object.entries(asRecord(properties)).flatMap(([key, value]) => [key, ...wordsOf(value, key)]),
    ...[items, additionalProperties, ...(Array.isArray(anyOf) ? anyOf : [])].flatMap((inner) => wordsOf(inner, '')),
  ];
}

test('the page names everything that a suite may hold', () => {
  const words = [...new Set(wordsOf(suiteJsonSchema()))];
  expect(words).toEqual(expect.arrayContaining(['namespaceLabels', 'would-edit', 'afterFile', 'container']));
  expect(words.filter((word) => !page.includes(`\`${word}\``) && !page.includes(`${word}: `))).toEqual([]);
});
