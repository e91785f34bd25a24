import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../../src/model/kubernetes.js';
import type { ReasonCode } from '../../src/model/reason.js';
import { istioFaults } from '../../src/vendors/istio-annotations.js';

const podWith = (annotations: Readonly<Record<string, string>>, rest: Pod = {}): Pod => ({
  metadata: { annotations, ...rest.metadata },
  spec: { containers: [{ name: 'app' }], ...rest.spec },
});
const codes = (pod: Pod, version?: string): readonly ReasonCode[] => istioFaults(pod, version).map(({ code }) => code);

type Row = readonly [value: string, fault: ReasonCode | undefined];
const ok = undefined;

/** The validators of `facts/mesh.md` §2, and the values on either side of what each accepts. */
const validators: readonly (readonly [key: string, rows: readonly Row[]])[] = [
  [
    'traffic.sidecar.istio.io/includeOutboundIPRanges',
    [
      ['*', ok],
      ['', ok],
      ['10.0.0.0/8', ok],
      ['10.1.2.3/8,fd00::/8', ok],
      ['10.0.0.0/8, 172.16.0.0/12', 'istio-ip-range'],
      ['10.0.0.1', 'istio-ip-range'],
      ['*,10.0.0.0/8', 'istio-ip-range'],
    ],
  ],
  [
    'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    [
      ['', ok],
      ['169.254.169.254/32', ok],
      ['::/0', ok],
      ['::1/128', ok],
      ['1:2:3:4:5:6:7:8/64', ok],
      ['::ffff:10.0.0.0/104', ok],
      ['0.0.0.0/0', ok],
      ['*', 'istio-ip-range'],
      [' ', 'istio-ip-range'],
      ['10.0.0.0/8,', 'istio-ip-range'],
      [',10.0.0.0/8', 'istio-ip-range'],
      ['10.0.0.0/33', 'istio-ip-range'],
      ['10.0.0.0/08', 'istio-ip-range'],
      ['10.0.0.0/', 'istio-ip-range'],
      ['10.0.0.0/-1', 'istio-ip-range'],
      ['10.0.0/8', 'istio-ip-range'],
      ['010.0.0.0/8', 'istio-ip-range'],
      ['256.0.0.0/8', 'istio-ip-range'],
      ['fd00::/129', 'istio-ip-range'],
      ['fd00::1::/64', 'istio-ip-range'],
      ['1:2:3:4:5:6:7/64', 'istio-ip-range'],
      ['1:2:3:4:5:6:7:8:9/64', 'istio-ip-range'],
      ['1:2:3:4:5:6:7::8/64', 'istio-ip-range'],
      ['fe80::1%eth0/64', 'istio-ip-range'],
      ['12345::/16', 'istio-ip-range'],
      ['agent.datadoghq.com', 'istio-ip-range'],
    ],
  ],
  [
    'traffic.sidecar.istio.io/includeInboundPorts',
    [
      ['*', ok],
      ['', ok],
      ['80', ok],
      ['80, 8080', ok],
      ['*,80', 'istio-port'],
      ['80-90', 'istio-port'],
    ],
  ],
  [
    'traffic.sidecar.istio.io/excludeInboundPorts',
    [
      ['', ok],
      [' ', ok],
      ['8125,8126', ok],
      [' 8125 , 8126 ', ok],
      ['0', ok],
      ['65535', ok],
      ['*', 'istio-port'],
      ['8125,', 'istio-port'],
      ['65536', 'istio-port'],
      ['-1', 'istio-port'],
      ['+80', 'istio-port'],
      ['http', 'istio-port'],
      ['80 90', 'istio-port'],
    ],
  ],
  [
    'traffic.sidecar.istio.io/excludeOutboundPorts',
    [
      ['', ok],
      ['8126,4317', ok],
      ['*', 'istio-port'],
      ['8126;4317', 'istio-port'],
    ],
  ],
  // Not in the validator's map: what stands there is istio-iptables' business, when the Pod starts.
  ['traffic.sidecar.istio.io/includeOutboundPorts', [['a,b', ok]]],
  ['traffic.sidecar.istio.io/excludeInterfaces', [['eth1,net1', ok]]],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', [['net1', ok]]],
  ['sidecar.istio.io/proxyImage', [['registry.example.com/proxyv2:1', ok]]],
  [
    'sidecar.istio.io/interceptionMode',
    [
      ['REDIRECT', ok],
      ['TPROXY', ok],
      ['NONE', ok],
      ['redirect', 'istio-value'],
      ['', 'istio-value'],
    ],
  ],
  [
    'status.sidecar.istio.io/port',
    [
      ['15020', ok],
      ['0', ok],
      ['', 'istio-port'],
      ['70000', 'istio-port'],
      ['http', 'istio-port'],
    ],
  ],
  ...['initialDelaySeconds', 'periodSeconds', 'failureThreshold'].map((name): readonly [string, readonly Row[]] => [
    `readiness.status.sidecar.istio.io/${name}`,
    [
      ['1', ok],
      ['4294967295', ok],
      ['4294967296', 'istio-value'],
      ['1s', 'istio-value'],
      ['-1', 'istio-value'],
      ['', 'istio-value'],
    ],
  ]),
  ...['proxyCPU', 'proxyMemory', 'proxyCPULimit', 'proxyMemoryLimit'].map((name): readonly [string, readonly Row[]] => [
    `sidecar.istio.io/${name}`,
    [
      ['100m', ok],
      ['0.5', ok],
      ['128Mi', ok],
      ['1e3', ok],
      ['128MB', 'istio-value'],
      ['100 m', 'istio-value'],
      ['half', 'istio-value'],
      ['', 'istio-value'],
    ],
  ]),
  [
    'prometheus.istio.io/merge-metrics',
    [
      ...['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'].map((v): Row => [v, ok]),
      ...['yes', 'no', 'on', 'off', 'tRUE', ''].map((v): Row => [v, 'istio-value']),
    ],
  ],
  // Not refused, but what cannot be read leaves the default, and the default is yes.
  [
    'sidecar.istio.io/rewriteAppHTTPProbers',
    [
      ['false', ok],
      ['no', 'istio-ignored'],
    ],
  ],
  [
    'sidecar.istio.io/userVolume',
    [
      ['[{"name":"a","emptyDir":{}}]', ok],
      ['{"a":{"emptyDir":{}}}', ok],
      ["{'a':{}}", 'istio-json'],
    ],
  ],
  ['sidecar.istio.io/userVolumeMount', [['"a"', 'istio-json']]],
  [
    'apm.datadoghq.com/env',
    [
      ['{"DD_ENV":"prod","DD_TRACE_AGENT_PORT":8126}', ok],
      ['{}', ok],
      // Inner quotes have to arrive with a backslash before them.
      ['{"DD_TRACE_SAMPLING_RULES":"[{\\\\\\"sample_rate\\\\\\":0.1}]"}', ok],
      ['{"DD_TRACE_SAMPLING_RULES":"[{\\"sample_rate\\":0.1}]"}', 'istio-json'],
      ['{"A":"ends in \\\\"}', 'istio-json'],
      ['{"A":{"B":"c"}}', 'istio-json'],
      ['["A"]', 'istio-json'],
      ['DD_ENV=prod', 'istio-json'],
    ],
  ],
];

describe.each(validators)('%s', (key, rows) => {
  test.each(rows)('%j: %s', (value, fault) => {
    expect(codes(podWith({ [key]: value }))).toEqual(fault === undefined ? [] : [fault]);
  });
});

describe('a fault says what to write:', () => {
  test.each<[string, string, string]>([
    ['traffic.sidecar.istio.io/excludeOutboundIPRanges', '10.0.0.1', 'no prefix: write 10.0.0.1/32'],
    ['traffic.sidecar.istio.io/excludeOutboundIPRanges', 'fd00::1', 'no prefix: write fd00::1/128'],
    ['traffic.sidecar.istio.io/excludeOutboundIPRanges', '10.0.0.0/8, ::/0', 'take away the space around ::/0'],
    ['traffic.sidecar.istio.io/excludeOutboundIPRanges', '::/0,', 'take away the comma that is too many'],
    ['traffic.sidecar.istio.io/excludeOutboundPorts', '8126,x', '"x" is no port: write a number up to 65535'],
    ['prometheus.istio.io/merge-metrics', 'no', '"no" is no boolean: write "true" or "false"'],
  ])('%s: %s', (key, value, message) => {
    expect(istioFaults(podWith({ [key]: value }), undefined)).toMatchObject([{ message: `${key}: ${message}` }]);
  });
});

describe('what Istio never reads is not checked:', () => {
  const wrong = { 'traffic.sidecar.istio.io/excludeOutboundPorts': 'x', 'proxy.istio.io/config': '[' };
  test.each<[string, Pod]>([
    ['a Pod on the host network', podWith(wrong, { spec: { hostNetwork: true } })],
    ['a Pod whose annotation keeps the sidecar out', podWith({ ...wrong, 'sidecar.istio.io/inject': 'false' })],
    [
      'a Pod whose label keeps it out',
      podWith(wrong, { metadata: { annotations: wrong, labels: { 'sidecar.istio.io/inject': 'false' } } }),
    ],
  ])('%s', (_, pod) => expect(codes(pod)).toEqual([]));

  test('but it is where the label says yes', () => {
    const annotations = { ...wrong, 'sidecar.istio.io/inject': 'true' };
    expect(codes(podWith({}, { metadata: { annotations, labels: { 'sidecar.istio.io/inject': 'true' } } }))).toEqual([
      'istio-port',
      'istio-proxy-config',
    ]);
  });
});

describe('sidecar.istio.io/inject', () => {
  const inject = 'sidecar.istio.io/inject';
  const value = 'istio-inject-value';

  /** `facts/mesh.md` §1.1, values that count: the annotation's faults without a version, on 1.26, and on 1.27. */
  test.each<[string, ReasonCode | undefined, ReasonCode | undefined, ReasonCode | undefined]>([
    ['true', ok, ok, ok],
    ['false', ok, ok, ok],
    ['', ok, ok, ok],
    ['True', value, ok, value],
    ['yes', value, ok, value],
    ['y', value, ok, value],
    ['on', value, ok, value],
    ['False', value, ok, value],
    ['FALSE', value, ok, value],
    ['no', value, ok, value],
    ['0', value, ok, value],
    ['off', value, ok, value],
    // Meant as yes, read as no.
    ['1', value, value, value],
    ['enabled', value, value, value],
  ])('annotation %j: %s, on 1.26 %s, on 1.27 %s', (text, unknown, before, since) => {
    const pod = podWith({ [inject]: text });
    const all = [codes(pod), codes(pod, '1.26'), codes(pod, '1.27')];
    expect(all).toEqual([unknown, before, since].map((fault) => (fault === undefined ? [] : [fault])));
  });

  test.each<[string, string, ReasonCode | undefined]>([
    ['true', '1.26', ok],
    ['false', '1.26', ok],
    ['no', '1.26', ok],
    ['no', '1.27', value],
    // The webhooks compare with "true" to the letter.
    ['True', '1.26', value],
    ['yes', '1.20', value],
  ])('label %j on %s: %s', (text, version, fault) => {
    const pod = podWith({}, { metadata: { labels: { [inject]: text } } });
    expect(codes(pod, version)).toEqual(fault === undefined ? [] : [fault]);
  });

  test.each<[string, string, readonly ReasonCode[]]>([
    ['true', 'true', []],
    ['false', 'false', []],
    ['', 'false', ['istio-inject-conflict']],
    ['true', 'false', ['istio-inject-conflict']],
    ['false', 'true', ['istio-inject-conflict']],
  ])('label %j beside annotation %j', (label, annotation, faults) => {
    const metadata = { labels: { [inject]: label }, annotations: { [inject]: annotation } };
    expect(codes(podWith({}, { metadata }))).toEqual(faults);
  });

  test('a fault says what to write', () => {
    const of = (text: string, version?: string) => istioFaults(podWith({ [inject]: text }), version)[0]?.message;
    expect([of('False'), of('Yes'), of('no', '1.28'), of('enabled', '1.20')]).toEqual([
      'annotation sidecar.istio.io/inject: "False" is no up to 1.26, nothing since: write "false"',
      'annotation sidecar.istio.io/inject: "Yes" is yes up to 1.26, nothing since: write "true"',
      'annotation sidecar.istio.io/inject: "no" means nothing since Istio 1.27: write "false"',
      'annotation sidecar.istio.io/inject: "enabled" means no up to Istio 1.26: write "true"',
    ]);
  });
});

describe('ports to be scraped, merged into the proxy since 1.31', () => {
  const reserved = ['15000', '15001', '15004', '15006', '15008', '15021', '15053', '15090'];
  test.each<[string, ReasonCode | undefined]>([
    ...reserved.map((port): [string, ReasonCode] => [port, 'istio-scrape-port']),
    ['15020', ok],
    ['015020', 'istio-scrape-port'],
    ['8080', ok],
    ['15014', ok],
    ['http', 'istio-scrape-port'],
    ['70000', 'istio-scrape-port'],
    ['', ok],
  ])('prometheus.io/port: %j', (port, fault) => {
    const pod = podWith({ 'prometheus.io/port': port });
    expect(codes(pod, '1.31')).toEqual(fault === undefined ? [] : [fault]);
    expect([...codes(pod, '1.30'), ...codes(pod)]).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['asked for', { 'prometheus.io/scrape': 'true' }, 1],
    ['not asked for', { 'prometheus.io/scrape': 'false' }, 0],
    ['not to be merged', { 'prometheus.istio.io/merge-metrics': 'false' }, 0],
  ])('when scraping is %s', (_, annotations, count) => {
    expect(codes(podWith({ 'prometheus.io/port': '15090', ...annotations }), '1.31')).toHaveLength(count);
  });

  test('in every spelling that Prometheus takes for the same', () => {
    const pod = podWith({ 'prometheus-io/port': '15090', 'prometheus.io.port': 'x', 'prometheus.io/ports': 'x' });
    expect(codes(pod, '1.31')).toEqual(['istio-scrape-port', 'istio-scrape-port']);
  });

  test.each<[string, string | undefined, readonly ReasonCode[]]>([
    ['8080:/metrics,9090:/prom', '1.31', []],
    ['8080', '1.31', []],
    ['8080:/metrics', undefined, []],
    ['15020:/stats', '1.31', ['istio-scrape-port']],
    ['8080:/metrics,15090:/x,http:/y', '1.32', ['istio-scrape-port']],
    ['', undefined, ['istio-scrape-port']],
    ['8080:/metrics', '1.30', ['istio-ignored']],
  ])('prometheus.istio.io/scrape-targets: %j on %s', (targets, version, faults) => {
    expect(codes(podWith({ 'prometheus.istio.io/scrape-targets': targets }), version)).toEqual(faults);
  });
});

describe('ambient.istio.io/redirection', () => {
  test.each<[string, string | undefined, string | undefined, readonly ReasonCode[]]>([
    ['disabled', '1.22', undefined, ['istio-ignored']],
    ['disabled', '1.22', 'none', []],
    ['disabled', '1.21', undefined, []],
    ['disabled', undefined, undefined, []],
    ['enabled', '1.28', undefined, []],
  ])('%j on %s, with the label %s', (redirection, version, mode, faults) => {
    const labels = mode === undefined ? {} : { 'istio.io/dataplane-mode': mode };
    const annotations = { 'ambient.istio.io/redirection': redirection };
    expect(codes(podWith({}, { metadata: { annotations, labels } }), version)).toEqual(faults);
  });
});

test('keys that look like members of every object are no annotations', () => {
  expect(codes(podWith(JSON.parse('{"__proto__":"x","constructor":"y"}'), { metadata: {} }), '1.31')).toEqual([]);
});
