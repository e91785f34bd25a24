import { describe, expect, test } from '@jest/globals';
import { matchesAny, matchesGlob } from '../../src/model/glob.js';
import { matchesRepository, parseImage } from '../../src/model/image.js';
import { asciiJson, asRecord, asText, isRecord, valueAt } from '../../src/model/json.js';
import { showPath } from '../../src/model/problem.js';

describe('a glob', () => {
  test.each<[string, string, boolean]>([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything/at.all', true],
    ['a*', 'a', true],
    ['a*c', 'abc', true],
    ['a*c', 'abcd', false],
    ['a*b*c', 'a-b-b-c', true],
    ['*ab', 'aab', true],
    ['**', 'x', true],
    ['?', 'x', true],
    ['?', '', false],
    ['a?c', 'abc', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['payments-*', 'payments-eu', true],
    ['payments-*', 'payments', false],
  ])('%s on "%s": %s', (glob, text, expected) => expect(matchesGlob(glob, text)).toBe(expected));

  test('never stalls, however many stars', () => {
    expect(matchesGlob('*a'.repeat(50), 'a'.repeat(5000).concat('b'))).toBe(false);
  });

  test('one of several is enough', () => {
    expect(matchesAny(['a', 'b*'], 'bc')).toBe(true);
    expect(matchesAny([], 'bc')).toBe(false);
  });
});

describe('an image', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  test.each([
    ['redis', { repository: 'redis' }],
    ['redis:7', { repository: 'redis', tag: '7' }],
    ['docker.io/library/redis:7-alpine', { repository: 'docker.io/library/redis', tag: '7-alpine' }],
    ['localhost:5000/redis', { repository: 'localhost:5000/redis' }],
    ['localhost:5000/redis:7', { repository: 'localhost:5000/redis', tag: '7' }],
    [`gcr.io/a/b@${digest}`, { repository: 'gcr.io/a/b', digest }],
    [`gcr.io/a/b:1@${digest}`, { repository: 'gcr.io/a/b', tag: '1', digest }],
    ['', { repository: '' }],
    ['a:', { repository: 'a' }],
    ['a@', { repository: 'a' }],
    ['@:/', { repository: '', digest: ':/' }],
  ])('"%s"', (reference, expected) => expect(parseImage(reference)).toEqual(expected));

  test.each<[string, string, boolean]>([
    ['datadog/agent', 'datadog/agent', true],
    ['datadog/agent', 'docker.io/datadog/agent', true],
    ['datadog/agent', 'mirror.corp:5000/docker.io/datadog/agent', true],
    ['datadog/agent', 'my-datadog/agent', false],
    ['datadog/agent', 'datadog/agent-dev', false],
    ['datadog/*', 'gcr.io/datadog/agent', true],
    ['agent', 'gcr.io/datadog/agent', true],
    ['*', '', true],
  ])('%s is the repository %s: %s', (glob, repository, expected) => {
    expect(matchesRepository(glob, repository)).toBe(expected);
  });
});

describe('JSON', () => {
  test.each<[string, unknown, boolean]>([
    ['an object', {}, true],
    ['a list', [], false],
    ['null', null, false],
    ['a text', 'a', false],
    ['nothing', undefined, false],
  ])('%s is a record: %s', (_, value, expected) => {
    expect(isRecord(value)).toBe(expected);
    expect(asRecord(value)).toEqual({});
  });

  test('text is text, and anything else is none', () => {
    expect([asText('a'), asText(1), asText(null)]).toEqual(['a', '', '']);
  });

  test.each<[string, object, string]>([
    ['ASCII as it is', { a: 'b~ ', c: [1, null] }, '{"a":"b~ ","c":[1,null]}'],
    ['control characters escaped as ever', ['\n\u0000'], String.raw`["\n\u0000"]`],
    ['whatever is beyond it escaped', { ü: 'é😀' }, String.raw`{"\u00fc":"\u00e9\ud83d\ude00"}`],
  ])('ASCII JSON has %s', (_, value, expected) => {
    expect(asciiJson(value)).toBe(expected);
    expect(JSON.parse(asciiJson(value))).toEqual(value);
  });

  test('a path leads to own members only', () => {
    const value = JSON.parse('{"a":[{"__proto__":{"b":1}}],"s":"text"}');
    expect(valueAt(value, ['a', 0, '__proto__', 'b'])).toBe(1);
    expect(valueAt(value, [])).toBe(value);
    for (const path of [['a', 1], ['a', 'length', 'x'], ['constructor'], ['s', 0], ['a', 0, 'b', 'c']]) {
      expect(valueAt(value, path)).toBeUndefined();
    }
  });

  test.each([
    [[], ''],
    [['spec', 'rules', 2, 'match'], 'spec.rules[2].match'],
    [[0, 'a'], '[0].a'],
  ])('the path %j reads %s', (path, expected) => expect(showPath(path)).toBe(expected));
});
