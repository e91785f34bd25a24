import { describe, expect, test } from '@jest/globals';
import type { EnvVar } from '../../src/model/kubernetes.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { registry } from '../../src/rules/registry.js';
import { reviewWith } from '../support/reviewing.js';

const env: readonly EnvVar[] = [{ name: 'DD_AGENT_HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }];
const pod = { metadata: { name: 'cart' }, spec: { containers: [{ name: 'app', image: 'shop/cart:1', env }] } };
const spec = { rules: [{ rule: 'agent-egress' }] };

test.each<[string, object | undefined, string]>([
  ['is not known', undefined, 'edited'],
  ['says nothing', {}, 'edited'],
  ['has sidecars', { 'istio-injection': 'enabled' }, 'edited'],
  ['has none', { 'istio-injection': 'disabled' }, 'skipped'],
])('a Pod whose namespace %s', (_, namespaceLabels, outcome) => {
  const known = namespaceLabels === undefined ? {} : { namespaceLabels: { ...namespaceLabels } };
  expect(reviewWith(spec, 'Pod', pod, known).steps).toMatchObject([{ outcome }]);
});

test("what stands in Istio's namespace is Istio's", () => {
  const { steps } = reviewWith(spec, 'Pod', pod, { namespace: 'istio-system' });
  expect(steps).toMatchObject([{ outcome: 'skipped', reason: { code: 'istio-component' } }]);
});

describe('a policy that would do harm is an error:', () => {
  test.each<[string, object, string]>([
    ['all HTTPS', { ports: [443] }, '443 is all of the web: expected `ipRanges`, or ServiceEntries of `aloft egress`'],
    ['all HTTP', { ports: [8126, 80] }, '80 is all of the web'],
    ['a range without prefix', { ipRanges: ['203.0.113.7'] }, 'no prefix: write 203.0.113.7/32'],
    ['a range with a space', { ipRanges: [' 10.0.0.0/8'] }, 'take away the space around 10.0.0.0/8'],
    ['two ranges in one', { ipRanges: ['10.0.0.0/8,10.1.0.0/16'] }, 'is no IP range such as 10.0.0.0/8'],
  ])('%s', (_, settings, message) => {
    const metadata = { name: 'test' };
    const rules = [{ rule: 'agent-egress', settings }];
    const raw = { apiVersion: 'aloft.dev/v1alpha1', kind: 'Policy', metadata, spec: { rules } };
    const parsed = parsePolicy(raw, registry);
    expect('problems' in parsed && parsed.problems).toMatchObject([{ message: expect.stringContaining(message) }]);
  });
});
