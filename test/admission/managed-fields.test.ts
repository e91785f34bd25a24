import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutManagedFields } from '../../src/admission/managed-fields.js';

const cut = (json: string): string => withoutManagedFields(Buffer.from(json)).toString();

describe('managedFields', () => {
  test.each<[string, string, string]>([
    ['as Go writes them', '{"a":1,"managedFields":[{"manager":"x"}]}', '{"a":1}'],
    ['before another member', '{"a":1,"managedFields":[],"b":2}', '{"a":1,"b":2}'],
    ['with lists within', '{"a":1,"managedFields":[[[]],{"b":[1]}],"c":[2]}', '{"a":1,"c":[2]}'],
    ['with brackets and quotes in texts', String.raw`{"a":1,"managedFields":["]","\"]","\\"],"b":2}`, '{"a":1,"b":2}'],
    ['with keys that are JSON themselves', String.raw`{"a":1,"managedFields":[{"k:{\"n\":\"[\"}":{}}]}`, '{"a":1}'],
    ['beyond ASCII', '{"a":"ü","managedFields":["ü😀]"],"b":"😀"}', '{"a":"ü","b":"😀"}'],
  ])('%s are left out', (_, json, expected) => {
    expect(cut(json)).toBe(expected);
  });

  test('are left out once: the object stands before the one that it replaces', () => {
    const twice = '{"object":{"a":1,"managedFields":[1]},"oldObject":{"a":1,"managedFields":[1]}}';
    expect(cut(twice)).toBe('{"object":{"a":1},"oldObject":{"a":1,"managedFields":[1]}}');
  });

  test.each<[string, string]>([
    ['that are not there', '{"a":1}'],
    ['in a text', JSON.stringify({ a: 'x,"managedFields":["y"]' })],
    ['in the name of a member', JSON.stringify({ a: 1, ',"managedFields': ['y'] })],
    ['that are no list', '{"a":1,"managedFields":null}'],
    ['that stand first, where Go never writes them', '{"managedFields":[1],"a":1}'],
    ['without an end', '{"a":1,"managedFields":[{"b":"c]'],
    ['at the very end', '{"a":1,"managedFields":['],
    ['whose text ends in half an escape', '{"a":1,"managedFields":["\\'],
  ])('%s stay', (_, json) => {
    expect(cut(json)).toBe(json);
  });

  test('whatever is in them and around them, everything else stays', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        (own, list, last) => {
          const { managedFields: _, ...rest } = own;
          const around = { first: rest, last };
          const json = JSON.stringify({ first: rest, managedFields: list, last });
          expect(JSON.parse(cut(json))).toEqual(JSON.parse(JSON.stringify(around)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('whatever bytes come, what is left is a start and an end of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const start = Buffer.from('{"a":1');
        const rest = Buffer.concat([Buffer.from(',"managedFields":['), bytes]);
        const left = withoutManagedFields(Buffer.concat([start, rest]));
        expect(left.subarray(0, start.length)).toEqual(start);
        const end = left.subarray(start.length);
        expect(rest.subarray(rest.length - end.length)).toEqual(end);
      }),
      { numRuns: 2000 },
    );
  });
});
