import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Plan, planPolicy } from '../../src/engine/plan.js';
import { reasonsOf, review } from '../../src/engine/review.js';
import type { Kind } from '../../src/model/kubernetes.js';
import { registry } from '../../src/rules/registry.js';
import { aloft, createFolders } from '../support/commands.js';
import { contextOf, policyOf } from '../support/reviewing.js';

const versions = [undefined, '1.5', '1.26', '1.27', '1.31'] as const;
const plans = new Map(
  versions.map((istioVersion) => {
    const policy = policyOf({ cluster: { istioVersion }, rules: [{ rule: 'annotation-lint' }] });
    return [istioVersion, planPolicy(policy, registry)] as const;
  }),
);

const lint = (kind: Kind, object: unknown, version?: (typeof versions)[number]) => {
  const [step] = review(kind, object, contextOf(), plans.get(version) as Plan).steps;
  if (step === undefined) throw new Error(`no rule for ${kind}`);
  if (step.outcome === 'failed') throw step.error;
  return step;
};

const podWith = (annotations: unknown, labels: unknown = {}) => ({
  metadata: { annotations, labels },
  spec: { containers: [{ name: 'app' }] },
});

const keys = [
  'sidecar.istio.io/inject',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'status.sidecar.istio.io/port',
  'readiness.status.sidecar.istio.io/periodSeconds',
  'sidecar.istio.io/interceptionMode',
  'sidecar.istio.io/proxyCPU',
  'sidecar.istio.io/userVolume',
  'proxy.istio.io/config',
  'prometheus.io/port',
  'prometheus.istio.io/scrape-targets',
  'ambient.istio.io/redirection',
  'apm.datadoghq.com/env',
  ...['app', 'service', 'endpoints', '', '__proto__'].flatMap((id) =>
    ['checks', 'check_names', 'init_configs', 'instances', 'logs', 'tags', 'resolve', 'check.id', 'exclude'].flatMap(
      (key) => [`ad.datadoghq.com/${id}.${key}`, `service-discovery.datadoghq.com/${id}.${key}`],
    ),
  ),
  'ad.datadoghq.com/tolerate-unready',
  'ad.datadoghq.com/',
];

/** What looks like a value, and what does not. */
const values = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '10.0.0.0/8',
        '::',
        '/',
        ',',
        ' ',
        '*',
        '15020',
        ':',
        '%%',
        '_',
        'host',
        '"',
        '{',
        '[',
        '}',
        ']',
        '\n',
        '-',
        '&a',
        '*a',
        '\\',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
  fc.json().map((inner) => `[${inner}]`),
  fc.json().map((inner) => `{"istio":{"instances":[${inner}],"Logs":${inner}}}`),
);

test('no value of any annotation stops it, and every message is one that can be shown', () => {
  const annotations = fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 6 });
  fc.assert(
    fc.property(
      annotations,
      fc.constantFrom(...versions),
      fc.constantFrom<Kind>('Pod', 'Service'),
      (given, istioVersion, kind) => {
        const object = { metadata: { annotations: JSON.parse(JSON.stringify(given)) }, spec: {} };
        const step = lint(kind, object, istioVersion);
        const reasons = reasonsOf(step);
        expect(reasons.length).toBeGreaterThan(0);
        for (const { message } of reasons) expect(message.length).toBeLessThan(400);
      },
    ),
    { numRuns: 5000 },
  );
});

test('of a thousand faults it names twenty', () => {
  const annotations = Object.fromEntries(
    Array.from({ length: 1000 }, (_, n) => [`ad.datadoghq.com/c${n}.checks`, '{}']),
  );
  expect(reasonsOf(lint('Pod', podWith(annotations)))).toHaveLength(20);
});

test('it takes no time to speak of on the worst that fits into annotations', () => {
  const room = 250_000;
  const worst: readonly [string, string][] = [
    ['ad.datadoghq.com/app.checks', `{"x":{"instances":[{"a":"%%${'a_'.repeat(room / 2)}"}]}}`],
    ['ad.datadoghq.com/app.checks', `{"x":{"instances":[${'1'.repeat(room)}]}}`],
    ['sidecar.istio.io/proxyCPU', `${'1'.repeat(room)}x`],
    ['proxy.istio.io/config', `drainDuration: ${'1'.repeat(16_000)}x`],
    ['traffic.sidecar.istio.io/excludeOutboundIPRanges', ':'.repeat(room)],
    ['prometheus.istio.io/scrape-targets', ','.repeat(room)],
    ['apm.datadoghq.com/env', `{"a":"${'\\\\'.repeat(room / 2)}\\""}`],
  ];
  for (const [key, value] of worst) {
    const startedAt = performance.now();
    lint('Pod', podWith({ [key]: value }), '1.31');
    // Quadratic, these take minutes.
    expect(performance.now() - startedAt).toBeLessThan(2000);
  }
});

describe('on the command line', () => {
  const folders = createFolders();
  afterAll(folders.remove);

  const pod = `apiVersion: v1
kind: Pod
metadata:
  name: cart
  annotations:
    traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.1
    ad.datadoghq.com/ap.logs: '[]'
spec:
  containers: [{ name: app, image: shop/cart:1 }]
`;
  const policy = (mode: string): string => `apiVersion: aloft.dev/v1alpha1
kind: Policy
metadata: { name: test }
spec: { rules: [{ rule: annotation-lint, mode: ${mode} }] }
`;

  test.each<[string, string, number, number]>([
    ['enforce', 'violation', 2, 1],
    ['warn', 'warning', 0, 0],
    ['audit', 'warning', 0, 0],
  ])('mode %s: each fault is a %s, %i of them count, the exit code is %i', async (mode, word, violations, code) => {
    const dir = await folders.create({ 'pod.yaml': pod, 'policy.yaml': policy(mode) });
    const ran = await aloft(['review', `${dir}/pod.yaml`, '--policy', `${dir}/policy.yaml`]);
    const at = (line: number) => `${dir}/pod.yaml:${line}:5: ${word}: Pod cart: annotation-lint`;
    const counted = `${violations} violations${violations === 0 ? ', 2 warnings' : ''}`;
    expect(ran).toEqual({
      code,
      out: '',
      err: [
        `${at(6)}: traffic.sidecar.istio.io/excludeOutboundIPRanges: no prefix: write 10.0.0.1/32`,
        `${at(7)}: ad.datadoghq.com/ap.logs: no container is called "ap", there is app`,
        `1 object reviewed, 0 to change, ${counted}, 0 other documents\n`,
      ].join('\n'),
    });
  });
});
