import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { planPolicy } from '../../src/engine/plan.js';
import { review } from '../../src/engine/review.js';
import type { Json } from '../../src/model/json.js';
import { asRecord, valueAt } from '../../src/model/json.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { registry } from '../../src/rules/registry.js';
import { proxyConfigFault } from '../../src/vendors/istio-proxy-config.js';
import { isSame, readYaml } from '../../src/vendors/yaml-text.js';
import { contextOf, policyOf, reviewWith } from '../support/reviewing.js';

const key = 'proxy.istio.io/config';
const envKey = 'apm.datadoghq.com/env';

type Annotations = { readonly [key: string]: string };

const podWith = (annotations: Annotations) => ({
  metadata: { name: 'cart', labels: { 'tags.datadoghq.com/env': 'prod' }, annotations },
  spec: { containers: [{ name: 'app', image: 'shop/cart:1.2' }] },
});
const policy = (settings: object = {}, cluster: object = {}) => ({
  cluster,
  rules: [{ rule: 'proxy-tracing', settings }],
});
const annotationsOf = (object: unknown) => asRecord(valueAt(object, ['metadata', 'annotations']));

test.each<[string, object | undefined, string]>([
  ['is not known', undefined, 'edited'],
  ['says nothing', {}, 'edited'],
  ['has sidecars', { 'istio-injection': 'enabled' }, 'edited'],
  ['has none', { 'istio-injection': 'disabled' }, 'skipped'],
])('a Pod whose namespace %s', (_, namespaceLabels, outcome) => {
  const known = namespaceLabels === undefined ? {} : { namespaceLabels: { ...namespaceLabels } };
  expect(reviewWith(policy(), 'Pod', podWith({}), known).steps).toMatchObject([{ outcome }]);
});

test("an add-on in Istio's namespace is none of the applications", () => {
  const { steps } = reviewWith(policy(), 'Pod', podWith({}), { namespace: 'istio-system' });
  expect(steps).toMatchObject([{ outcome: 'skipped', reason: { code: 'istio-component' } }]);
});

test('an annotation that takes too long to read is left alone', () => {
  const { steps } = reviewWith(policy(), 'Pod', podWith({ [key]: `# ${'x'.repeat(16_384)}` }));
  expect(steps).toMatchObject([{ outcome: 'skipped', reason: { code: 'proxy-config-closed' } }]);
});

describe('a policy that Istio would take for something else is an error:', () => {
  test.each<[string, object, string]>([
    ['no sampling', { sampling: 0 }, 'expected more than 0'],
    ['sampling above all', { sampling: 101 }, 'up to 100'],
    ['sampling without address', { sampling: 5, agent: { via: 'mesh' } }, "take away the mesh's own tracer"],
    ['an address for a name', { agent: { via: 'service', service: 'http://agent' } }, 'expected a DNS name'],
    ['an address with a port', { agent: { via: 'service', service: 'agent:8126' } }, 'without port'],
    ['an IPv6 address', { agent: { via: 'service', service: 'fd00::1' } }, 'expected a DNS name'],
    ['a name too long', { agent: { via: 'service', service: 'a'.repeat(254) } }, 'expected a DNS name'],
    ['a socket', { agent: { via: 'socket' } }, 'via'],
  ])('%s', (_, settings, message) => {
    const raw = {
      apiVersion: 'aloft.dev/v1alpha1',
      kind: 'Policy',
      metadata: { name: 'test' },
      spec: policy(settings),
    };
    const parsed = parsePolicy(raw, registry);
    expect(JSON.stringify('problems' in parsed ? parsed.problems : [])).toContain(message);
  });
});

const versions = ['1.0', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8', '1.9', '1.21', '1.22', '1.31'];

type Since = Readonly<Record<string, string>>;
const byEnv = { '1.3': 'env', '1.5': 'nothing' };

/** By reading Istio's sources of each release: validation.go, the injection template, tracing.go. */
describe.each<[string, object, Since]>([
  ['Datadog at the node', {}, { ...byEnv, '1.6': 'identity', '1.8': 'address' }],
  ['Datadog by its Service', { agent: { via: 'service', service: 'agent' } }, { ...byEnv, '1.6': 'address' }],
  ['Datadog by the mesh', { agent: { via: 'mesh' } }, { ...byEnv, '1.6': 'identity' }],
  ['a collector at the node', { vendor: 'opentelemetry' }, { '1.9': 'address' }],
  [
    'a collector by its Service',
    { vendor: 'opentelemetry', agent: { via: 'service', service: 'otel' } },
    { '1.6': 'address' },
  ],
  ['a collector by the mesh', { vendor: 'opentelemetry', agent: { via: 'mesh' } }, { '1.22': 'identity' }],
])('%s, by Istio release', (_, settings, since) => {
  const meansOf = (index: number) => since[versions.findLast((version, at) => at <= index && version in since) ?? ''];
  test.each(versions.map((version, index) => [version, meansOf(index) ?? 'nothing']))('%s: %s', (version, means) => {
    const spec = policy({ environment: 'prod', ...settings }, { istioVersion: version });
    const annotations = annotationsOf(reviewWith(spec, 'Pod', podWith({})).after);
    const config = asRecord(readYaml(String(annotations[key] ?? ''))?.value);
    const identity = key in annotations ? 'identity' : 'nothing';
    expect(envKey in annotations ? 'env' : 'tracing' in config ? 'address' : identity).toBe(means);
  });
});

/** What Istio's injection template makes of variables: each value between quotes, as it is. */
const rendered = (variables: Json): unknown =>
  parse(
    Object.entries(variables)
      .map(([name, value]) => `- name: ${name}\n  value: "${value}"\n`)
      .join(''),
  );

test("whatever an environment is called, Istio's template renders it as it is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
      fc.constantFrom('1.4', '1.31'),
      (environment, istioVersion) => {
        const settings = { environment, agent: { via: 'mesh' } };
        const pod = { spec: { containers: [{ name: 'app', image: 'cart' }] } };
        const annotations = annotationsOf(reviewWith(policy(settings, { istioVersion }), 'Pod', pod).after);
        const variables =
          istioVersion === '1.4'
            ? JSON.parse(String(annotations[envKey]))
            : parse(String(annotations[key])).proxyMetadata;
        expect(rendered(variables)).toEqual([{ name: 'DD_ENV', value: environment.toWellFormed() }]);
      },
    ),
    { numRuns: 500 },
  );
});

const scraps = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ': ',
  '\n',
  '  ',
  '# why\n',
  '&a ',
  '*a',
  '<<: *a\n',
  '---\n',
  '|\n',
  '"',
  "'",
  '!!binary ',
  'null',
  '\u0000',
  'tracing:\n',
  '  datadog:\n',
  '  zipkin: { address: a:1 }\n',
  'tracing: { sampling: 5 }\n',
  'tracing: {}\n',
  'sampling: 7\n',
  'proxyMetadata:\n',
  '  DD_ENV: test\n',
  '  A: b # c\n',
  'proxy_metadata: { A: b }\n',
  'concurrency: 2\n',
  '"tracing":',
  '"a":{"b":1}',
  '__proto__: 1\n',
];
const texts = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...scraps), { maxLength: 8 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.json() },
);
const plans = fc.constantFrom(
  ...[
    policy({ sampling: 10 }),
    policy({ agent: { via: 'mesh' } }),
    policy({ vendor: 'opentelemetry', environment: 'x', agent: { via: 'service', service: 'otel' } }),
    policy({ environment: 'x', agent: { via: 'mesh' } }, { istioVersion: '1.4' }),
  ].map((spec) => planPolicy(policyOf(spec), registry)),
);

/** Whether all that one value holds stands in another, but for members that are not in the first. */
const holds = (part: unknown, whole: unknown): boolean =>
  isPlainObject(part) && isPlainObject(whole)
    ? Object.keys(part).every((name) => Object.hasOwn(whole, name) && holds(part[name], whole[name]))
    : isSame(part, whole);
const isPlainObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

test('for any text in the annotations: nothing fails, all of the author stays, and a second run adds nothing', () => {
  let edited = 0;
  fc.assert(
    fc.property(texts, texts, plans, (config, env, plan) => {
      const first = review('Pod', podWith({ [key]: config, [envKey]: env }), contextOf(), plan);
      expect(first.steps).toMatchObject([{ outcome: expect.stringMatching(/^(edited|unchanged|skipped)$/) }]);
      if (first.steps[0]?.outcome !== 'edited') return;
      edited += 1;
      const after = annotationsOf(first.after);
      for (const [name, text] of [
        [key, config],
        [envKey, env],
      ] as const) {
        const own = after[name];
        if (own === text) continue;
        expect(holds(readYaml(text)?.value ?? {}, readYaml(String(own))?.value)).toBe(true);
        expect(String(own).split('# why')).toHaveLength(text.split('# why').length);
      }
      expect(proxyConfigFault(String(after[key]))).toBe(proxyConfigFault(config));
      expect(review('Pod', first.after, contextOf(), plan).operations).toEqual([]);
    }),
    { numRuns: 3000 },
  );
  expect(edited).toBeGreaterThan(100);
});
