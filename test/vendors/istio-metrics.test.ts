import { describe, expect, test } from '@jest/globals';
import type { Pod, StringMap } from '../../src/model/kubernetes.js';
import { type IstioMetrics, type MixerMetrics, metricsOfIstio, mixerMetrics } from '../../src/vendors/istio-metrics.js';

const pod = (labels: StringMap, ...images: readonly string[]): Pod => ({
  metadata: { labels },
  spec: { containers: images.map((image, index) => ({ name: index === 0 ? 'main' : 'istio-proxy', image })) },
});

const say = (found: IstioMetrics | undefined): string => {
  if (found === undefined) return 'not Istio';
  return 'endpoint' in found ? `${found.endpoint.port}${found.endpoint.path}` : found.unserved.code;
};

const versions = ['0.2', '0.5', '0.8', '1.0', '1.1', '1.4'];

describe('the port of each release', () => {
  test.each<[string, StringMap, readonly string[]]>([
    ['pilot', { istio: 'pilot' }, ['-', '9093', '9093', '9093', '15014', '15014']],
    ['citadel', { istio: 'citadel' }, ['-', '-', '9093', '9093', '15014', '15014']],
    ['galley', { istio: 'galley' }, ['-', '-', '-', '9093', '15014', '15014']],
    ['policy', { istio: 'mixer', 'istio-mixer-type': 'policy' }, ['-', '-', '9093', '9093', '15014', '15014']],
    ['sidecar injector', { istio: 'sidecar-injector' }, ['-', '-', '-', '-', '15014', '15014']],
    ['gateway', { istio: 'ingressgateway' }, ['-', '-', '-', '-', '15090', '15090']],
    ['istiod', { app: 'istiod' }, ['15014', '15014', '15014', '15014', '15014', '15014']],
  ])('%s', (_, labels, ports) => {
    const found = versions.map((version) => metricsOfIstio(pod(labels, `istio/any:${version}.9`), undefined, 'mesh'));
    expect(found.map((one) => (one && 'endpoint' in one ? String(one.endpoint.port) : '-'))).toEqual(ports);
  });

  test.each<[string, StringMap, string, Record<MixerMetrics, string>]>([
    ['mixer', { istio: 'mixer' }, '0.7.1', { mesh: '42422/metrics', own: '9093/metrics', envoy: '9102/metrics' }],
    [
      'telemetry of 1.0',
      { istio: 'mixer', 'istio-mixer-type': 'telemetry' },
      '1.0.9',
      { mesh: '42422/metrics', own: '9093/metrics', envoy: 'no-istio-metrics' },
    ],
    [
      'telemetry of 1.4',
      { istio: 'mixer', 'istio-mixer-type': 'telemetry' },
      '1.4.9',
      { mesh: '42422/metrics', own: '15014/metrics', envoy: 'no-istio-metrics' },
    ],
  ])('%s', (_, labels, version, expected) => {
    const found = mixerMetrics.map((mixer) => say(metricsOfIstio(pod(labels, `i/mixer:${version}`), undefined, mixer)));
    expect(found).toEqual(mixerMetrics.map((mixer) => expected[mixer]));
  });
});

describe('the version', () => {
  const pilot = { istio: 'pilot' };
  test.each<[string, readonly string[], string | undefined, string]>([
    ['is that of the tag', ['istio/pilot:1.0.2'], undefined, '9093/metrics'],
    ['is that of the tag, not of the policy', ['istio/pilot:1.0.2'], '1.4', '9093/metrics'],
    ['may have a v before it and words behind', ['istio/pilot:v1.3.8-distroless'], undefined, '15014/metrics'],
    ['may be that of the proxy', ['istio/pilot:latest', 'istio/proxyv2:1.3.8'], undefined, '15014/metrics'],
    ['is that of the policy where tags say nothing', ['istio/pilot:latest'], '1.0', '9093/metrics'],
    ['is no date', ['istio/pilot:2019.1.1'], undefined, 'istio-version-unknown'],
    ['is not that of a registry port', ['registry:1.2/istio/pilot'], undefined, 'istio-version-unknown'],
    ['is unknown for a digest', ['istio/pilot@sha256:1.4'], undefined, 'istio-version-unknown'],
    ['is unknown without an image', [], undefined, 'istio-version-unknown'],
  ])('%s', (_, images, ofPolicy, expected) => {
    expect(say(metricsOfIstio(pod(pilot, ...images), ofPolicy, 'mesh'))).toBe(expected);
  });

  test.each<[string, Pod]>([
    ['an image that is missing', { metadata: { labels: pilot }, spec: { containers: [{ name: 'discovery' }] } }],
    ['a spec that is missing', { metadata: { labels: pilot } }],
  ])('is not guessed from %s', (_, given) => {
    expect(say(metricsOfIstio(given, undefined, 'mesh'))).toBe('istio-version-unknown');
  });
});

test('a component of which no metrics are known says so', () => {
  expect(say(metricsOfIstio(pod({ app: 'istiocoredns' }, 'coredns/coredns:1.6.2'), '1.4', 'mesh'))).toBe(
    'no-istio-metrics',
  );
});
