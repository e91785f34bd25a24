import { describe, expect, test } from '@jest/globals';
import { proxyConfigFault } from '../../src/vendors/istio-proxy-config.js';

describe('proxy.istio.io/config is taken:', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['null', 'null'],
    ['a comment', '# later'],
    ['JSON', '{"holdApplicationUntilProxyStarts":true,"proxyMetadata":{"DD_ENV":"prod"}}'],
    ['YAML', 'holdApplicationUntilProxyStarts: true\nproxyMetadata:\n  DD_ENV: prod\n  PORT: "8126"\n'],
    ['a field in the spelling of protobuf', 'hold_application_until_proxy_starts: true'],
    ['the tracer at the node', 'tracing:\n  sampling: 10\n  datadog:\n    address: $(HOST_IP):8126\n'],
    ['an address with a name', 'tracing: { zipkin: { address: zipkin.istio-system.svc.cluster.local.:9411 } }'],
    ['an IPv6 address', 'tracing: { zipkin: { address: "[fd00::1]:9411" } }'],
    ['numbers between quotes', 'concurrency: "2"\nstatusPort: "15020"\ntracing: { sampling: "1.5" }'],
    ['durations', 'drainDuration: 1m30s\nterminationDrainDuration: 500ms'],
    ['a field that is not set', 'proxyMetadata: null\ntracing:'],
    ['a field that nobody knows', 'fieldOfTomorrow: [1, 2]'],
    ['the last of two equal keys', 'concurrency: x\nconcurrency: 2'],
    ['the first of two documents', 'concurrency: 2\n---\nconcurrency: x'],
    ['a time of day, which Go leaves a text', 'proxyMetadata: { A: 12:30:45, B: 2026-11-21 }'],
    ['lists', 'extraStatTags: [a]\nproxyStatsMatcher: { inclusionRegexps: [".*"] }'],
    ['names of modes, or their numbers', 'interceptionMode: TPROXY\ntracingServiceName: 1'],
  ])('%s', (_, text) => expect(proxyConfigFault(text)).toBeUndefined());
});

describe('proxy.istio.io/config is refused:', () => {
  test.each<[string, string]>([
    ['holdApplicationUntilProxyStarts: true\n proxyMetadata: {}', 'is no YAML: mind indentation, colons and quotes'],
    ['tracing: {', 'is no YAML: mind indentation, colons and quotes'],
    ['true', 'it is true or false: write an object'],
    ['- a', 'it is a list: write an object'],
    [
      'holdApplicationUntilProxyStarts: "true"',
      'holdApplicationUntilProxyStarts is a text: write true or false, without quotes',
    ],
    ['proxyMetadata: { DD_PORT: 8126 }', 'proxyMetadata.DD_PORT is a number: write it in quotes'],
    ['proxyMetadata: { DNS: yes }', 'proxyMetadata.DNS is true or false: write it in quotes'],
    ['proxy_metadata: { A: true }', 'proxy_metadata.A is true or false: write it in quotes'],
    ['proxyMetadata: [A=b]', 'proxyMetadata is a list: write an object'],
    ['concurrency: two', 'concurrency is a text: write a whole number'],
    ['concurrency: 1.5', 'concurrency is a number: write a whole number'],
    ['tracing: { sampling: many }', 'tracing.sampling is a text: write a number'],
    ['tracing: datadog', 'tracing is a text: write an object'],
    ['tracing: { datadog: { address: agent } }', 'tracing.datadog.address is a text: write host:port'],
    ['tracing: { datadog: { address: "http://agent:8126" } }', 'tracing.datadog.address is a text: write host:port'],
    ['tracing: { zipkin: { address: "fd00::1:9411" } }', 'tracing.zipkin.address is a text: write host:port'],
    ['tracing: { zipkin: { address: "zipkin:0" } }', 'tracing.zipkin.address is a text: write host:port'],
    ['tracing: { zipkin: { address: "zip_kin:9411" } }', 'tracing.zipkin.address is a text: write host:port'],
    ['discoveryAddress: ""', 'discoveryAddress is a text: write host:port'],
    ['envoyMetricsService: { address: metrics }', 'envoyMetricsService.address is a text: write host:port'],
    ['statusPort: 0', 'statusPort is a number: write a port from 1 to 65535'],
    ['proxyAdminPort: 70000', 'proxyAdminPort is a number: write a port from 1 to 65535'],
    ['drainDuration: 45', 'drainDuration is a number: write a duration of whole seconds, such as 30s'],
    ['drainDuration: 500ms', 'drainDuration is a text: write a duration of whole seconds, such as 30s'],
    ['drainDuration: -1s', 'drainDuration is a text: write a duration of whole seconds, such as 30s'],
    ['terminationDrainDuration: 30 s', 'terminationDrainDuration is a text: write a duration such as 30s'],
    ['interceptionMode: redirect', 'interceptionMode is a text: write REDIRECT or TPROXY or NONE'],
    ['extraStatTags: a,b', 'extraStatTags is a text: write a list'],
    ['serviceCluster: ""', 'serviceCluster is a text: write a text that is not empty'],
  ])('%j', (text, fault) => expect(proxyConfigFault(text)).toBe(fault));

  test('without a word of what stands there, which may be a token', () => {
    const fault = proxyConfigFault('tracing: { lightstep: { address: collector, accessToken: s3cret } }');
    expect(fault).toBe('tracing.lightstep.address is a text: write host:port');
  });

  test.each([
    ['too deep', '['.repeat(16_000)],
    ['too deep, closed', `a: ${'['.repeat(8000)}${']'.repeat(8000)}`],
    [
      'a bomb',
      `a: &a [x]\n${'bcdefghi'
        .split('')
        .map((l, i) => `${l}: &${l} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
        .join('\n')}`,
    ],
  ])('%s', (_, text) => expect(proxyConfigFault(text)).toContain('is no YAML'));
});

test('what is too long to be read in time is left to Istio', () => {
  expect(proxyConfigFault(`${'['.repeat(16_384)}`)).toContain('is no YAML');
  expect(proxyConfigFault(`${'['.repeat(16_385)}`)).toBeUndefined();
});
