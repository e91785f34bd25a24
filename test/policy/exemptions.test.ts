import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../../src/model/kubernetes.js';
import type { ReasonCode } from '../../src/model/reason.js';
import { exemptEntries, exemptionsFrom, exemptReason } from '../../src/policy/exemptions.js';
import type { Exemption } from '../../src/policy/policy.js';
import { contextOf } from '../support/reviewing.js';

const cart: Pod = { metadata: { labels: { app: 'cart' } } };
const annotated = (exempt: string, reason?: string): Pod => ({
  metadata: {
    annotations: { 'aloft.dev/exempt': exempt, ...(reason === undefined ? {} : { 'aloft.dev/exempt-reason': reason }) },
  },
});

const exemption = (part: Partial<Exemption>): Exemption => ({ rules: ['lint'], match: {}, reason: 'INC-1', ...part });

/** Which exemption an object has from the rule `lint`, which the policy calls `checks`. */
const found = (pod: Pod, exemptions: readonly Exemption[] = [], code?: ReasonCode): string => {
  const own = exemptionsFrom({ rule: 'lint', name: 'checks' }, exemptions, 'Pod');
  const ref = own.find(pod, contextOf(), code);
  return ref === undefined ? 'none' : `${ref.by} ${ref.index}`;
};

describe('from the rule as a whole, by the annotation', () => {
  test.each<[string, string]>([
    ['lint', 'annotation 0'],
    ['checks', 'annotation 0'],
    ['*', 'annotation 0'],
    ['a, checks ,b', 'annotation 1'],
    [', ,lint', 'annotation 0'],
    ['other,lint,*', 'annotation 1'],
    ['other', 'none'],
    ['lint-payments', 'none'],
    ['lin', 'none'],
    ['lint*', 'none'],
    ['LINT', 'none'],
    ['lint/istio-port', 'none'],
    ['checks/', 'none'],
    ['*/istio-port', 'none'],
    ['/', 'none'],
    ['', 'none'],
  ])('"%s"', (value, expected) => expect(found(annotated(value))).toBe(expected));
});

describe('from the rule as a whole, by the policy', () => {
  test.each<[string, Partial<Exemption>, string]>([
    ['by the rule, for good', {}, 'policy 0'],
    ['by its name', { rules: ['other', 'checks'] }, 'policy 0'],
    ['of everything', { rules: ['*'] }, 'policy 0'],
    ['of another rule', { rules: ['other'] }, 'none'],
    ['of what it finds under one code', { rules: ['lint/istio-port'] }, 'none'],
    ['on its last day', { expires: '2026-11-21' }, 'policy 0'],
    ['on the day after', { expires: '2026-11-20' }, 'none'],
    ['where it holds', { match: { labels: { app: 'cart' } } }, 'policy 0'],
    ['where it does not', { match: { labels: { app: 'checkout' } } }, 'none'],
  ])('%s', (_, part, expected) => expect(found(cart, [exemption(part)])).toBe(expected));

  test('the first that holds counts, and the annotation comes before it', () => {
    const exemptions = [exemption({ expires: '2020-01-01' }), exemption({ rules: ['other'] }), exemption({})];
    expect(found(cart, exemptions)).toBe('policy 2');
    expect(found(annotated('lint'), exemptions)).toBe('annotation 0');
  });
});

describe('from what the rule finds under one code', () => {
  test.each<[string, string]>([
    ['lint/istio-port', 'annotation 0'],
    ['checks/istio-port', 'annotation 0'],
    ['a, lint/istio-value, lint/istio-port ', 'annotation 2'],
    ['lint/istio-value', 'none'],
    ['lint/istio-port/x', 'none'],
    ['lint/', 'none'],
    ['/istio-port', 'none'],
    ['other/istio-port', 'none'],
    ['*/istio-port', 'none'],
    ['istio-port', 'none'],
    // The whole rule is another question, which is asked first.
    ['lint', 'none'],
    ['*', 'none'],
  ])('the annotation "%s"', (value, expected) => expect(found(annotated(value), [], 'istio-port')).toBe(expected));

  test.each<[string, Partial<Exemption>, string]>([
    ['by the rule', { rules: ['lint/istio-port'] }, 'policy 0'],
    ['by its name', { rules: ['lint/istio-value', 'checks/istio-port'] }, 'policy 0'],
    ['another code', { rules: ['lint/istio-value'] }, 'none'],
    ['another rule', { rules: ['other/istio-port'] }, 'none'],
    ['the whole rule', { rules: ['lint'] }, 'none'],
    ['on the day after', { rules: ['lint/istio-port'], expires: '2026-11-20' }, 'none'],
    ['where it does not hold', { rules: ['lint/istio-port'], match: { namespaces: ['pay*'] } }, 'none'],
  ])('the policy: %s', (_, part, expected) => expect(found(cart, [exemption(part)], 'istio-port')).toBe(expected));
});

describe('the reason', () => {
  const because = (pod: Pod, ...exemptions: readonly Exemption[]) => {
    const own = exemptionsFrom({ rule: 'lint', name: 'checks' }, exemptions, 'Pod');
    const ref = own.find(pod, contextOf());
    return ref && own.reasonFor(pod, ref);
  };
  const at = ['metadata', 'annotations', 'aloft.dev/exempt'];

  test.each<[string, Pod, string]>([
    ['nothing more', annotated('lint, other'), 'annotation aloft.dev/exempt: lint, other'],
    [
      'what its author says',
      annotated('lint', 'legacy tracer, see OPS-12'),
      'annotation aloft.dev/exempt: lint (legacy tracer, see OPS-12)',
    ],
    ['in one line', annotated('lint', ' legacy\n  tracer\n'), 'annotation aloft.dev/exempt: lint (legacy tracer)'],
    ['nothing but space', annotated('lint', ' \n'), 'annotation aloft.dev/exempt: lint'],
  ])('of an annotation: %s', (_, pod, message) => {
    expect(because(pod)).toEqual({ code: 'exempt-by-annotation', message, at });
  });

  test.each<[string, Partial<Exemption>, string]>([
    ['for good', {}, 'INC-1'],
    ['with its last day', { expires: '2026-12-31' }, 'INC-1 (until 2026-12-31)'],
  ])('of the policy: %s', (_, part, message) => {
    expect(because(cart, exemption({ rules: ['other'], reason: 'x' }), exemption(part))).toEqual({
      code: 'exempt-by-policy',
      message,
    });
  });
});

test('one that has expired is found as such, and only then', () => {
  const own = (expires?: string) =>
    exemptionsFrom({ rule: 'lint', name: 'lint' }, [exemption(expires === undefined ? {} : { expires })], 'Pod');
  expect(own('2026-11-20').findExpired(cart, contextOf())).toEqual({ by: 'policy', index: 0 });
  expect(own('2026-11-21').findExpired(cart, contextOf())).toBeUndefined();
  expect(own().findExpired(cart, contextOf())).toBeUndefined();
  expect(own('2026-11-20').findExpired(annotated('lint'), contextOf(), 'istio-port')).toBeUndefined();
});

test('an annotation without entries names nothing, and a reason alone exempts from nothing', () => {
  expect(exemptEntries(annotated(' , ,'))).toEqual([]);
  expect(exemptEntries({})).toEqual([]);
  expect(exemptReason({})).toBe('');
});
