import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../../src/model/kubernetes.js';
import type { Context } from '../../src/policy/context.js';
import type { Match } from '../../src/policy/policy.js';
import { everyRule, gateOf } from '../../src/policy/scope.js';
import { contextOf } from '../support/reviewing.js';

const said = (reason: { readonly code: string; readonly message: string } | undefined): string =>
  reason === undefined ? 'in scope' : `${reason.code}: ${reason.message}`;

const cart: Pod = {
  metadata: {
    labels: { app: 'cart', tracing: 'on', constructor: 'x' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-7d4b9c6f5d', controller: true }],
  },
  spec: {
    initContainers: [{ name: 'wait' }],
    containers: [{ name: 'cart', image: 'registry.corp:5000/shop/cart:1.2.3@sha256:00' }],
  },
};

describe('what no policy can switch on', () => {
  test.each<[string, Partial<Context>, Pod, string]>([
    ['an application', {}, cart, 'in scope'],
    ['kube-system', { namespace: 'kube-system' }, cart, 'system-namespace: namespace kube-system'],
    ['kube-node-lease', { namespace: 'kube-node-lease' }, cart, 'system-namespace: namespace kube-node-lease'],
    ['kube-public, which is nothing special', { namespace: 'kube-public' }, cart, 'in scope'],
    ['our own namespace', { namespace: 'aloft-system' }, cart, 'own-namespace: namespace aloft-system'],
    [
      'a mirror Pod',
      {},
      { metadata: { annotations: { 'kubernetes.io/config.mirror': '' } } },
      'mirror-pod: the Pod mirrors a static Pod of a kubelet, which nobody can change through the API',
    ],
  ])('%s', (_, known, pod, expected) => expect(said(everyRule(pod, contextOf(known)))).toBe(expected));
});

describe('match', () => {
  const labelled = { namespaceLabels: { 'istio-injection': 'enabled', team: 'shop' } };
  const sentences: readonly [string, Match, Partial<Context>, string][] = [
    ['nothing asked for', {}, {}, 'in scope'],
    ['a namespace', { namespaces: ['shop'] }, {}, 'in scope'],
    ['one of several globs', { namespaces: ['pay*', 's?op'] }, {}, 'in scope'],
    [
      'another namespace',
      { namespaces: ['pay*', 'a'] },
      {},
      'namespace-out-of-scope: namespace shop matches none of pay*, a',
    ],
    ['no namespace', { namespaces: [] }, {}, 'namespace-out-of-scope: namespace shop matches none of '],
    ['labels of the namespace', { namespaceLabels: { 'istio-injection': 'e*', team: 'shop' } }, labelled, 'in scope'],
    [
      'another label of the namespace',
      { namespaceLabels: { team: 'pay*' } },
      labelled,
      'namespace-labels-out-of-scope: namespace shop: label team is shop, pay* is wanted',
    ],
    [
      'a label that the namespace lacks',
      { namespaceLabels: { toString: '*' } },
      labelled,
      'namespace-labels-out-of-scope: namespace shop: label toString is missing, * is wanted',
    ],
    [
      'labels of the namespace that are not known',
      { namespaceLabels: { team: '*' } },
      {},
      'namespace-labels-unknown: the labels of namespace shop are not known here',
    ],
    ['labels', { labels: { app: 'c*t', tracing: 'on', constructor: 'x' } }, {}, 'in scope'],
    ['another value', { labels: { tracing: 'off' } }, {}, 'labels-out-of-scope: label tracing is on, off is wanted'],
    ['a missing label', { labels: { team: '*' } }, {}, 'labels-out-of-scope: label team is missing, * is wanted'],
    ['the owner', { owners: ['ReplicaSet'] }, {}, 'in scope'],
    [
      'another owner',
      { owners: ['Job', 'CronJob'] },
      {},
      'owner-out-of-scope: owned by ReplicaSet, not by Job or CronJob',
    ],
    ['the image, whatever registry and version', { images: ['shop/cart'] }, {}, 'in scope'],
    ['an image by glob', { images: ['shop/*'] }, {}, 'in scope'],
    ['another image', { images: ['shop/check*', 'a'] }, {}, 'image-out-of-scope: no image matches shop/check*, a'],
    [
      'every part has to hold, and the first that does not is named',
      { namespaces: ['shop'], labels: { app: 'x' }, owners: ['Job'] },
      {},
      'labels-out-of-scope: label app is cart, x is wanted',
    ],
  ];
  test.each(sentences)('%s', (_, match, known, expected) => {
    expect(said(gateOf(match, 'Pod')(cart, contextOf(known)))).toBe(expected);
  });

  test('the workload counts as an owner, too', () => {
    const pod = { metadata: { ...cart.metadata, labels: { 'pod-template-hash': '7d4b9c6f5d' } } };
    expect(said(gateOf({ owners: ['Deployment'] }, 'Pod')(pod, contextOf()))).toBe('in scope');
    expect(said(gateOf({ owners: ['ReplicaSet'] }, 'Pod')(pod, contextOf()))).toBe('in scope');
    expect(said(gateOf({ owners: ['Job'] }, 'Pod')({}, contextOf()))).toBe(
      'owner-out-of-scope: owned by nothing, not by Job',
    );
  });

  test('a label points to where it is, or would be', () => {
    const [wrong, missing] = [{ tracing: 'off' }, { team: '*' }].map((labels) => gateOf({ labels }, 'Pod'));
    expect(wrong?.(cart, contextOf())?.at).toEqual(['metadata', 'labels', 'tracing']);
    expect(missing?.(cart, contextOf())?.at).toEqual(['metadata', 'labels', 'team']);
  });

  test('a Service runs no image, whatever its spec may hold', () => {
    const service = JSON.parse('{"spec":{"containers":{}}}');
    expect(said(gateOf({ images: ['*'] }, 'Service')(service, contextOf()))).toBe(
      'image-out-of-scope: no image matches *',
    );
  });
});
