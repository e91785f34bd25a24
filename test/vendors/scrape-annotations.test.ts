import { describe, expect, test } from '@jest/globals';
import type { StringMap } from '../../src/model/kubernetes.js';
import {
  annotatedEndpoint,
  authorsScrape,
  scrapeAnnotations,
  scrapeReaders,
} from '../../src/vendors/scrape-annotations.js';

const { prometheus, dynatrace } = scrapeReaders;
const own = { port: 15014, path: '/metrics' };

describe('what the author decided', () => {
  test.each<[string, StringMap, string | undefined]>([
    ['nothing', {}, undefined],
    ['the same', { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15014' }, undefined],
    ['a default', { 'prometheus.io/path': '/metrics', 'prometheus.io/scheme': 'http' }, undefined],
    ['the same in another spelling', { 'prometheus-io/scrape': 'true' }, undefined],
    ['not to be scraped', { 'prometheus.io/scrape': 'false' }, 'prometheus.io/scrape'],
    ['what Prometheus does not take for true', { 'prometheus.io/scrape': 'True' }, 'prometheus.io/scrape'],
    ['another port', { 'prometheus.io/port': '8080' }, 'prometheus.io/port'],
    ['another path, in another spelling', { 'prometheus-io_path': '/m' }, 'prometheus-io_path'],
    ['TLS', { 'prometheus.io/scheme': 'https' }, 'prometheus.io/scheme'],
    ['to be scraped slowly', { 'prometheus.io/scrape-slow': 'true' }, 'prometheus.io/scrape-slow'],
    ['a parameter, which goes with any endpoint', { 'prometheus.io/param_a': 'b' }, undefined],
    ["something in another reader's words", { 'metrics.dynatrace.com/scrape': 'false' }, undefined],
  ])('%s', (_, annotations, expected) => {
    expect(authorsScrape(annotations, prometheus, scrapeAnnotations(prometheus, own))).toBe(expected);
  });

  test.each<[string, StringMap, string | undefined]>([
    ['plain HTTP', { 'metrics.dynatrace.com/secure': 'false' }, undefined],
    ['TLS', { 'metrics.dynatrace.com/secure': 'true' }, 'metrics.dynatrace.com/secure'],
    ['a filter, which goes with any endpoint', { 'metrics.dynatrace.com/filter': '{}' }, undefined],
  ])('%s, for Dynatrace', (_, annotations, expected) => {
    expect(authorsScrape(annotations, dynatrace, scrapeAnnotations(dynatrace, own))).toBe(expected);
  });

  test('another path than the one that is wanted', () => {
    const wanted = scrapeAnnotations(prometheus, { port: 15020, path: '/stats/prometheus' });
    expect(authorsScrape({ 'prometheus.io/path': '/metrics' }, prometheus, wanted)).toBe('prometheus.io/path');
  });
});

describe('the endpoint that is annotated', () => {
  test.each<[string, StringMap, string | undefined]>([
    ['port and path', { scrape: 'true', port: '15020', path: '/stats/prometheus' }, '15020/stats/prometheus'],
    ['the path by default', { scrape: 'true', port: '15014' }, '15014/metrics'],
    ['no port', { scrape: 'true' }, undefined],
    ['a port that is none', { scrape: 'true', port: 'http' }, undefined],
    ['not to be scraped', { scrape: 'false', port: '15014' }, undefined],
    ['a port alone', { port: '15014' }, undefined],
  ])('%s', (_, given, expected) => {
    for (const prefix of ['prometheus.io/', 'prometheus-io/']) {
      const annotations = Object.fromEntries(Object.entries(given).map(([name, value]) => [prefix + name, value]));
      const found = annotatedEndpoint(annotations);
      expect(found && `${found.port}${found.path}`).toBe(expected);
    }
  });
});
