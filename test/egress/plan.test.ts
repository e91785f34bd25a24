import { describe, expect, test } from '@jest/globals';
import { readGiven } from '../../src/egress/given.js';
import { anyIstio } from '../../src/egress/istio-version.js';
import { type EgressRequest, planEgress } from '../../src/egress/plan.js';
import { endpoint, given } from './egress-requests.js';

const request = (endpoints: readonly string[], rest: Partial<EgressRequest> = {}): EgressRequest => ({
  name: 'test',
  namespace: 'mesh',
  exportTo: ['*'],
  api: anyIstio,
  routes: false,
  given: [],
  ...rest,
  endpoints: endpoints.map((text) => endpoint(text)),
});

/** A plan in a few lines: each object with its hosts or address and its ports; or what is wrong. */
function planned(asked: EgressRequest): readonly string[] {
  const plan = planEgress(asked);
  if ('problems' in plan) return plan.problems;
  return plan.planned.map(({ object }) => {
    if (object.kind === 'VirtualService') return `route ${object.metadata.name}: ${object.spec.hosts.join(' ')}`;
    const { hosts, addresses, ports, resolution } = object.spec;
    return `${object.metadata.name}: ${(addresses ?? hosts).join(' ')} ${ports.map(({ name }) => name).join(' ')} ${resolution}`;
  });
}

describe('endpoints become', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['one entry where ports are the same', ['b.com', 'a.com'], ['test-fqdn-443: a.com b.com tls-443 DNS']],
    ['one host where it is there twice', ['a.com', 'A.com.', 'https://a.com/x'], ['test-fqdn-443: a.com tls-443 DNS']],
    [
      'one entry with both ports of a host',
      ['a.com:9999', 'a.com'],
      ['test-fqdn-443-9999: a.com tls-443 tls-9999 DNS'],
    ],
    [
      'entries by ports, lowest first',
      ['z.com:80', 'b.com:6443', 'a.com:6443', 'c.com'].map((text) => (text.endsWith(':80') ? `http://${text}` : text)),
      [
        'test-fqdn-80: z.com http-80 DNS',
        'test-fqdn-443: c.com tls-443 DNS',
        'test-fqdn-6443: a.com b.com tls-6443 DNS',
      ],
    ],
    [
      'wildcards of their own, without resolution',
      ['*.a.com', 'b.a.com'],
      ['test-fqdn-443: b.a.com tls-443 DNS', 'test-wildcard-443: *.a.com tls-443 NONE'],
    ],
    [
      'an entry for each address, with the length of its family',
      ['192.0.2.1:9999', '192.0.2.1', '[2001:db8::1]:9999', '[2001:db8::]', '[1::2:0:0:3]'],
      [
        'test-ip-192-0-2-1: 192.0.2.1/32 tcp-443 tcp-9999 NONE',
        'test-ip-1--2-0-0-3: 1::2:0:0:3/128 tcp-443 NONE',
        'test-ip-2001-db8--0: 2001:db8::/128 tcp-443 NONE',
        'test-ip-2001-db8--1: 2001:db8::1/128 tcp-9999 NONE',
      ],
    ],
    [
      'a short name where ports are many',
      ['a.com:1', 'a.com:2', 'a.com:3', 'a.com:4', 'a.com:5'],
      ['test-fqdn-1-to-5-a77008f6: a.com tls-1 tls-2 tls-3 tls-4 tls-5 DNS'],
    ],
    [
      'nothing where a port is TLS and HTTP, of which Istio would lose one',
      ['a.com:8080', 'http://b.com:8080', 'http://192.0.2.1:443', 'c.com'],
      ['port 8080 is TLS for a.com and plain HTTP for b.com: Istio keeps only one of them'],
    ],
  ])('%s', (_, texts, expected) => expect(planned(request(texts))).toEqual(expected));

  test('entries of 256 hosts at most', () => {
    const hosts = Array.from({ length: 257 }, (_, index) => `h${index}.example.com`);
    expect(planned(request(hosts)).map((line) => line.split(' ').length)).toEqual([1 + 256 + 2, 1 + 1 + 2]);
    expect(planned(request(hosts))[1]).toMatch(/^test-fqdn-443-part-2: /);
  });

  test('routes as well where the vendor makes them, for names only', () => {
    const asked = request(['a.com', '*.b.com', '192.0.2.1', 'http://c.com:8080', 'c.com:8443'], { routes: true });
    expect(planned(asked).filter((line) => line.startsWith('route'))).toEqual([
      'route test-fqdn-443: a.com',
      'route test-fqdn-8080-8443: c.com',
    ]);
  });
});

const entry = (spec: object, metadata: object = {}) => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ServiceEntry',
  metadata: { name: 'theirs', namespace: 'team', ...metadata },
  spec: { ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }], ...spec },
});
const http = [{ number: 443, name: 'http', protocol: 'http' }];
const ours = { labels: { 'aloft.dev/egress': 'test' }, namespace: 'mesh' };

describe('beside a given ServiceEntry', () => {
  test.each<[string, string, object, Partial<EgressRequest>, string]>([
    ['of another host, all is printed', 'a.com', entry({ hosts: ['b.com'] }), {}, 'printed'],
    ['of the same host, it is not', 'a.com', entry({ hosts: ['b.com', 'A.com.'] }), {}, 'there already'],
    [
      'whose wildcard lets it through, it is not',
      'a.b.com',
      entry({ hosts: ['*.com', '*.b.com'] }),
      {},
      'there already',
    ],
    ['whose wildcard has other ports, it is', 'a.b.com:1', entry({ hosts: ['*.b.com'] }), {}, 'printed'],
    ['below our wildcard, the wildcard is', '*.b.com', entry({ hosts: ['a.b.com'] }), {}, 'printed'],
    ['of the name below a wildcard only, it is', 'b.com', entry({ hosts: ['*.b.com'] }), {}, 'printed'],
    [
      'without the port, it is a conflict',
      'a.com:6443',
      entry({ hosts: ['a.com'] }),
      {},
      'add port 6443 with protocol TLS',
    ],
    [
      'with another protocol, it is a conflict',
      'a.com',
      entry({ hosts: ['a.com'], ports: http }),
      {},
      'make the protocol of port 443 TLS instead of HTTP',
    ],
    [
      'with no protocol, it is not',
      'a.com',
      entry({ hosts: ['a.com'], ports: [{ number: 443 }] }),
      {},
      'there already',
    ],
    [
      'that only its namespace sees, it is a conflict',
      'a.com',
      entry({ hosts: ['a.com'], exportTo: ['.'] }),
      {},
      'export it to the same namespaces',
    ],
    [
      'with several things missing, all are told',
      'a.com:6443',
      entry({ hosts: ['a.com'], exportTo: ['.'] }),
      {},
      'add port 6443 with protocol TLS, export it to the same namespaces',
    ],
    ['that nobody sees, all is printed', 'a.com', entry({ hosts: ['a.com'], exportTo: ['~'] }), {}, 'printed'],
    [
      'that nobody sees who sees ours, all is printed',
      'a.com',
      entry({ hosts: ['a.com'], exportTo: ['.'] }),
      { exportTo: ['.'] },
      'printed',
    ],
    ['of the same address', '192.0.2.1', entry({ hosts: ['x.com'], addresses: ['192.0.2.1'] }), {}, 'there already'],
    [
      'of a block around it',
      '192.0.2.1',
      entry({ hosts: ['x.com'], addresses: ['192.0.2.0/24'] }),
      {},
      'there already',
    ],
    [
      'of the same address, other port',
      '192.0.2.1:1',
      entry({ hosts: ['x.com'], addresses: ['192.0.2.1'] }),
      {},
      'printed',
    ],
    [
      'of the same address, as HTTP',
      '192.0.2.1',
      entry({ hosts: ['x.com'], addresses: ['192.0.2.1'], ports: http }),
      {},
      'make the protocol of port 443 TCP instead of HTTP',
    ],
    [
      'of our own, all is printed',
      'a.com',
      entry({ hosts: ['a.com'] }, { ...ours, name: 'test-fqdn-443' }),
      {},
      'printed',
    ],
    [
      'of our own for others, it is not',
      'a.com',
      entry({ hosts: ['a.com'] }, { ...ours, namespace: 'x' }),
      {},
      'there already',
    ],
  ])('%s', (_, text, object, rest, expected) => {
    const plan = planEgress(request([text], { ...rest, given: [given(object)] }));
    if ('problems' in plan) throw new Error(plan.problems.join());
    const [left] = plan.leftOut;
    expect(plan.planned.length === 1 ? 'printed' : (left?.missing ?? 'there already')).toBe(expected);
    expect(plan.planned.length + plan.leftOut.length).toBe(1);
  });

  test('of an earlier run that has another name now, it is told to be stale', () => {
    const stale = given(entry({ hosts: ['a.com'] }, { ...ours, name: 'test-fqdn-443' }));
    const plan = planEgress(request(['a.com:1'], { given: [stale] }));
    expect(plan).toMatchObject({ stale: [stale], leftOut: [] });
  });

  test('that somebody else made under the name of ours, nothing is printed', () => {
    const theirs = entry({ hosts: ['b.com'] }, { name: 'test-fqdn-443', namespace: 'mesh' });
    expect(planned(request(['a.com'], { given: [given(theirs)] }))).toEqual([
      'given.yaml:1:1: ServiceEntry mesh/test-fqdn-443 is not of this command, and would be replaced: choose a --name',
    ]);
  });
});

const router = (spec: object) => ({ ...entry({}), kind: 'VirtualService', spec: { hosts: ['a.com'], ...spec } });

describe('beside a given VirtualService', () => {
  test.each<[string, object, readonly string[]]>([
    ['for the sidecars, its host has no route of ours', router({}), ['route test-fqdn-443: b.com']],
    ['for sidecars and gateways, likewise', router({ gateways: ['x/y', 'mesh'] }), ['route test-fqdn-443: b.com']],
    ['for gateways only, it has', router({ gateways: ['x/y'] }), ['route test-fqdn-443: a.com b.com']],
    ['that nobody sees, it has', router({ exportTo: ['~'] }), ['route test-fqdn-443: a.com b.com']],
    ['of all hosts, there is no route', router({ hosts: ['a.com', 'b.com'] }), []],
  ])('%s', (_, object, expected) => {
    const read = readGiven(object, { namespace: 'mesh', where: 'x' });
    const all = read !== undefined && 'given' in read ? [read.given] : [];
    const lines = planned(request(['a.com', 'b.com'], { routes: true, given: all }));
    expect(lines).toEqual(['test-fqdn-443: a.com b.com tls-443 DNS', ...expected]);
  });
});

describe('a given object', () => {
  test.each<[string, unknown, unknown]>([
    ['of another kind says nothing', { ...entry({}), kind: 'Gateway' }, undefined],
    ['of another group says nothing', { ...entry({}), apiVersion: 'example.com/v1' }, undefined],
    ['that is none says nothing', 'text', undefined],
    ['without spec is one without hosts', { ...entry({}), spec: null }, { given: { hosts: [] } }],
    [
      'without namespace is in ours',
      entry({ hosts: ['a.com'] }, { namespace: undefined }),
      { given: { namespace: 'mesh' } },
    ],
    [
      'with hosts that are no list is told',
      entry({ hosts: 'a.com' }),
      { problem: { path: ['spec', 'hosts'], message: 'expected a list of strings' } },
    ],
    [
      'with a host that is no string is told',
      entry({ hosts: ['a.com', 1] }),
      { problem: { path: ['spec', 'hosts', 1], message: 'expected a list of strings' } },
    ],
    [
      'with a port without number is told',
      entry({ hosts: ['a.com'], ports: [{ name: 'https' }] }),
      { problem: { path: ['spec', 'ports', 0], message: 'expected a list of ports, each with its number' } },
    ],
  ])('%s', (_, object, expected) => {
    const read = readGiven(object, { namespace: 'mesh', where: 'x' });
    if (expected === undefined) expect(read).toBeUndefined();
    else expect(read).toMatchObject(Object(expected));
  });
});
