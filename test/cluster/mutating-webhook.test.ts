import { describe, expect, test } from '@jest/globals';
import {
  type Asked,
  callOf,
  changesOf,
  coversRequest,
  parseMutatingConfiguration,
} from '../../src/cluster/mutating-webhook.js';
import type { Json } from '../../src/model/json.js';

const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'], scope: 'Namespaced' };
const notOurs = {
  matchExpressions: [
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['aloft-system', 'kube-system'] },
  ],
};

const webhookOf = (wire: Json = {}) => {
  const entry = { name: 'pods.aloft.dev', rules: [rule], namespaceSelector: notOurs, ...wire };
  const [webhook] = parseMutatingConfiguration({ metadata: {}, webhooks: [entry] }).webhooks;
  if (webhook === undefined) throw new Error('no webhook');
  return webhook;
};

const asked = (more: Partial<Asked> = {}): Asked => ({
  group: '',
  version: 'v1',
  resource: 'pods',
  operation: 'CREATE',
  namespace: 'shop',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
  labels: { app: 'cart' },
  ...more,
});

describe('a webhook is called', () => {
  test.each<[string, Json, Partial<Asked>]>([
    ['as aloft installs it', {}, {}],
    ['for every operation', { rules: [{ ...rule, operations: ['*'] }] }, {}],
    ['for every resource', { rules: [{ ...rule, resources: ['*'] }] }, {}],
    ['for Pods and what is of them', { rules: [{ ...rule, resources: ['pods/*'] }] }, {}],
    [
      'for everything of everything',
      { rules: [{ ...rule, resources: ['*/*'], apiGroups: ['*'], apiVersions: ['*'] }] },
      {},
    ],
    ['where no scope is said', { rules: [{ ...rule, scope: undefined }] }, {}],
    ['by the second of its rules', { rules: [{ ...rule, resources: ['services'] }, rule] }, {}],
    ['where no selector is said', { namespaceSelector: undefined }, { namespaceLabels: undefined }],
    ['where labels cannot be read, and only the name counts', {}, { namespaceLabels: undefined }],
  ])('%s', (_, wire, more) => {
    expect(coversRequest(webhookOf(wire), asked(more))).toBe(true);
    expect(callOf(webhookOf(wire), asked(more))).toEqual({ called: 'yes' });
  });
});

describe('a webhook is not called', () => {
  const uncovered = 'its rules are not about CREATE of pods';
  test.each<[string, Json, Partial<Asked>, string]>([
    ['for another operation', { rules: [{ ...rule, operations: ['UPDATE'] }] }, {}, uncovered],
    ['for another resource', { rules: [{ ...rule, resources: ['services'] }] }, {}, uncovered],
    ['for what is of Pods only', { rules: [{ ...rule, resources: ['pods/exec'] }] }, {}, uncovered],
    ['for another group', { rules: [{ ...rule, apiGroups: ['apps'] }] }, {}, uncovered],
    ['for another version', { rules: [{ ...rule, apiVersions: ['v2'] }] }, {}, uncovered],
    ['for what has no namespace', { rules: [{ ...rule, scope: 'Cluster' }] }, {}, uncovered],
    ['without rules', { rules: undefined }, {}, uncovered],
    [
      'in a namespace that is left out',
      {},
      { namespace: 'kube-system', namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      'its namespaceSelector leaves out namespace kube-system: label kubernetes.io/metadata.name is "kube-system", and the selector says kubernetes.io/metadata.name notin (aloft-system,kube-system)',
    ],
    [
      'in a namespace that is left out by its name, whose labels cannot be read',
      {},
      { namespace: 'kube-system', namespaceLabels: undefined },
      'its namespaceSelector leaves out namespace kube-system: label kubernetes.io/metadata.name is "kube-system", and the selector says kubernetes.io/metadata.name notin (aloft-system,kube-system)',
    ],
    [
      'for an object without a label',
      { objectSelector: { matchLabels: { mesh: 'yes' } } },
      {},
      'its objectSelector leaves out the object: label mesh is missing, and the selector says mesh=yes',
    ],
  ])('%s', (_, wire, more, why) => {
    expect(callOf(webhookOf(wire), asked(more))).toEqual({ called: 'no', why });
  });
});

describe('nobody can tell here', () => {
  test.each<[string, Json, Partial<Asked>, string]>([
    [
      'what CEL says',
      {
        matchConditions: [
          { name: 'not-batch', expression: 'true' },
          { name: 'b', expression: 'false' },
        ],
      },
      {},
      'its matchConditions decide, in CEL: not-batch, b',
    ],
    [
      'what labels a namespace has that cannot be read',
      { namespaceSelector: { matchLabels: { team: 'a' } } },
      { namespaceLabels: undefined },
      'it chooses by labels of namespace shop, which cannot be read',
    ],
  ])('%s', (_, wire, more, why) => {
    expect(callOf(webhookOf(wire), asked(more))).toEqual({ called: 'perhaps', why });
  });
});

test('a configuration says when it was created, who changed it, and whether it is trusted', () => {
  const parsed = parseMutatingConfiguration({
    metadata: {
      name: 'aloft',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [
        { manager: 'helm', time: '2026-01-02T00:00:00Z', fieldsV1: { 'f:webhooks': {} } },
        { manager: 'aloft-certificates', time: '2026-01-03T00:00:00Z', fieldsV1: { 'f:metadata': {} } },
        { manager: 'older', fieldsV1: {} },
      ],
    },
    webhooks: [
      {
        name: 'a',
        clientConfig: { caBundle: 'QQ==', service: { namespace: 'x', name: 'y' } },
        failurePolicy: 'Ignore',
      },
      { name: 'b', clientConfig: { url: 'https://a.example' } },
    ],
  });
  expect(parsed.createdAt).toBe(Date.UTC(2026, 0, 1));
  expect(parsed.changes).toEqual([
    { manager: 'aloft-certificates', at: Date.UTC(2026, 0, 3), isOfMetadata: true },
    { manager: 'helm', at: Date.UTC(2026, 0, 2), isOfMetadata: false },
  ]);
  expect(parsed.webhooks).toMatchObject([
    { name: 'a', hasCaBundle: true, service: { namespace: 'x', name: 'y' }, failurePolicy: 'Ignore' },
    { name: 'b', hasCaBundle: false, failurePolicy: 'Fail' },
  ]);
  expect(parsed.webhooks[1]).not.toHaveProperty('service');
});

test('a change of the status alone is none of the object', () => {
  const managedFields = [{ manager: 'cloud', subresource: 'status', time: '2026-01-02T00:00:00Z' }];
  expect(changesOf({ metadata: { managedFields } })).toEqual([]);
});
