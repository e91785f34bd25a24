import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../../src/model/kubernetes.js';
import { istioFaults } from '../../src/vendors/istio-annotations.js';
import {
  type Exclusion,
  excludedPorts,
  excludedRanges,
  extendList,
  outboundCapture,
} from '../../src/vendors/istio-capture.js';

type Row = readonly [authors: string, wanted: readonly string[], list: string | undefined];

const ports: readonly Row[] = [
  ['', ['8126'], '8126'],
  [' ', ['8126'], '8126'],
  ['9092', ['8126', '4317'], '9092,8126,4317'],
  ['9092, 8080 ,9092', ['8126'], '9092,8080,8126'],
  ['8126', ['8126'], '8126'],
  ['9092, 8126', ['8126'], '9092, 8126'],
  ['08126', ['8126'], '08126'],
  ['', ['8126', '8126'], '8126'],
  ['0,65535', ['8126'], '0,65535,8126'],
  ['65536', ['8126'], undefined],
  ['8080,', ['8126'], undefined],
  ['*', ['8126'], undefined],
  ['http', ['8126'], undefined],
  ['-1', ['8126'], undefined],
];

const ranges: readonly Row[] = [
  ['', ['10.0.0.0/8'], '10.0.0.0/8'],
  ['10.96.0.1/32', ['10.0.0.0/8'], '10.96.0.1/32,10.0.0.0/8'],
  ['FD00::/8', ['fd00::/8'], 'FD00::/8'],
  ['10.0.0.0/8,10.0.0.0/8', ['::/0'], '10.0.0.0/8,::/0'],
  ['10.0.0.0/8, 10.1.0.0/16', ['::/0'], undefined],
  ['10.0.0.1', ['::/0'], undefined],
  ['10.0.0.0/8,', ['::/0'], undefined],
  ['*', ['::/0'], undefined],
];

describe.each<[string, Exclusion, readonly Row[]]>([
  ['ports', excludedPorts, ports],
  ['ranges', excludedRanges, ranges],
])('a list of %s', (_, exclusion, rows) => {
  test.each(rows)('"%s" with %j becomes %j', (authors, wanted, list) => {
    expect(extendList(authors, wanted, exclusion)).toBe(list);
  });

  test.each(rows)('"%s" with %j is one that Istio takes, or was none before', (authors, wanted) => {
    const list = extendList(authors, wanted, exclusion);
    const pod: Pod = { metadata: { annotations: { [exclusion.key]: list ?? authors } } };
    expect(istioFaults(pod, undefined).length > 0).toBe(list === undefined);
  });
});

test.each<[string, Readonly<Record<string, string>>, string, readonly number[]]>([
  ['everything', {}, 'all', []],
  ['everything, said so', { includeOutboundIPRanges: '*' }, 'all', []],
  ['nothing', { includeOutboundIPRanges: '' }, 'none', []],
  ['some ranges', { includeOutboundIPRanges: '10.0.0.0/8' }, 'listed', []],
  ['some ports', { includeOutboundIPRanges: '', includeOutboundPorts: '80, 8126,x' }, 'none', [80, 8126]],
])('the author has %s captured', (_, annotations, among, captured) => {
  const entries = Object.entries(annotations).map(([key, value]) => [`traffic.sidecar.istio.io/${key}`, value]);
  const capture = outboundCapture({ metadata: { annotations: Object.fromEntries(entries) } });
  expect([capture.ranges, [...capture.ports]]).toEqual([among, captured]);
});
