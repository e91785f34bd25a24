import { describe, expect, test } from '@jest/globals';
import { type Candidate, istioFaults } from './istio-validation.js';

/** A ServiceEntry that is right, but for what a row of the table says. */
const entry = (spec: Candidate['spec']): Candidate => ({
  kind: 'ServiceEntry',
  metadata: { name: 'a', namespace: 'mesh' },
  spec: {
    hosts: ['a.example.com'],
    location: 'MESH_EXTERNAL',
    ports: [{ number: 443, name: 'tls-443', protocol: 'TLS' }],
    resolution: 'DNS',
    ...spec,
  },
});

const tcp = [{ number: 6443, name: 'tcp-6443', protocol: 'TCP' }];
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `h${index}.example.com`);

describe('Istio takes', () => {
  test.each<[string, Candidate['spec']]>([
    ['a name with DNS', {}],
    ['256 hosts', { hosts: many(256) }],
    ['a wildcard with NONE', { hosts: ['*.example.com'], resolution: 'NONE' }],
    ['a wildcard and a name with NONE', { hosts: ['*.example.com', 'a.example.org'], resolution: 'NONE' }],
    ['a wildcard with DNS and endpoints', { hosts: ['*.example.com'], endpoints: [{ address: 'a.example.com' }] }],
    ['wildcards with DYNAMIC_DNS', { hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS' }],
    ['CIDR with NONE', { addresses: ['192.0.2.1/32', '2001:db8::1/128'], resolution: 'NONE', ports: tcp }],
    ['a port name in capitals', { ports: [{ number: 443, name: 'TLS-443', protocol: 'TLS' }] }],
    ['several hosts with TCP and NONE', { hosts: many(2), addresses: ['192.0.2.1'], resolution: 'NONE', ports: tcp }],
    ['exportTo .', { exportTo: ['.'] }],
    ['exportTo ~', { exportTo: ['~'] }],
    ['exportTo two namespaces', { exportTo: ['.', 'other'] }],
    ['a dot at the end of a name', { hosts: ['a.example.com.'] }],
  ])('%s', (_, spec) => expect(istioFaults(entry(spec))).toEqual([]));
});

describe('Istio refuses, or warns of,', () => {
  test.each<[string, Candidate['spec'], string]>([
    ['no hosts', { hosts: [] }, 'hosts: 1 to 256'],
    ['257 hosts', { hosts: many(257) }, 'hosts: 1 to 256'],
    ['* alone', { hosts: ['*'], resolution: 'NONE' }, 'hosts: * alone'],
    ['a * elsewhere', { hosts: ['a.*.com'], resolution: 'NONE' }, 'domain a.*.com: a label is wrong'],
    ['a wildcard with DNS', { hosts: ['*.example.com'] }, 'DNS: domain *.example.com: a label is wrong'],
    ['a name with DYNAMIC_DNS', { resolution: 'DYNAMIC_DNS' }, 'DYNAMIC_DNS: wildcards only'],
    [
      'HTTPS with DYNAMIC_DNS',
      { hosts: ['*.a.com'], resolution: 'DYNAMIC_DNS', ports: [{ number: 443, name: 'a', protocol: 'HTTPS' }] },
      'DYNAMIC_DNS: HTTP, TLS, GRPC, HTTP2 only',
    ],
    [
      'addresses with DYNAMIC_DNS',
      { hosts: ['*.a.com'], resolution: 'DYNAMIC_DNS', addresses: ['192.0.2.1'] },
      'DYNAMIC_DNS: no addresses, no endpoints',
    ],
    ['CIDR with DNS', { addresses: ['192.0.2.0/24'] }, 'addresses: CIDR only with NONE or STATIC'],
    ['a prefix too long', { addresses: ['192.0.2.1/33'], resolution: 'NONE' }, 'addresses: 192.0.2.1/33 is none'],
    [
      'IPv6 with /32 of 129',
      { addresses: ['2001:db8::1/129'], resolution: 'NONE' },
      'addresses: 2001:db8::1/129 is none',
    ],
    [
      'an address of 65 characters',
      { addresses: [`192.0.2.1/${'0'.repeat(55)}`], resolution: 'NONE' },
      'addresses: too many or long',
    ],
    [
      'a port number twice',
      { ports: [...tcp, { number: 6443, name: 'b', protocol: 'TLS' }], addresses: ['192.0.2.1'], resolution: 'NONE' },
      'ports: a number twice',
    ],
    [
      'a port name twice',
      {
        ports: [...tcp, { number: 1, name: 'tcp-6443', protocol: 'TLS' }],
        addresses: ['192.0.2.1'],
        resolution: 'NONE',
      },
      'ports: a name twice',
    ],
    ['a port name with a dot', { ports: [{ number: 1, name: 'a.b', protocol: 'TLS' }] }, 'ports: name a.b'],
    ['port 0', { ports: [{ number: 0, name: 'a', protocol: 'TLS' }] }, 'ports: number 0'],
    ['port 65536', { ports: [{ number: 65_536, name: 'a', protocol: 'TLS' }] }, 'ports: number 65536'],
    ['an unknown protocol', { ports: [{ number: 1, name: 'a', protocol: 'SCTP' }] }, 'ports: protocol SCTP'],
    ['NONE with endpoints', { resolution: 'NONE', endpoints: [{ address: 'a.b' }] }, 'endpoints: none with NONE'],
    [
      'TCP without addresses with NONE, as it opens the port',
      { resolution: 'NONE', ports: tcp },
      'ports: TCP with NONE and without addresses lets everybody out',
    ],
    ['TCP without addresses', { ports: tcp }, 'warning: TCP needs addresses before 1.25'],
    [
      'several hosts with TCP',
      { hosts: many(2), addresses: ['192.0.2.1'], ports: tcp },
      'hosts: several with a port that is neither HTTP nor TLS',
    ],
    ['exportTo . and its own namespace', { exportTo: ['.', 'mesh'] }, 'exportTo: twice'],
    ['exportTo * and another', { exportTo: ['*', 'other'] }, 'exportTo: * and ~ are alone'],
    ['exportTo ~ and another', { exportTo: ['~', 'other'] }, 'exportTo: * and ~ are alone'],
    ['exportTo what is no namespace', { exportTo: ['a_b'] }, 'exportTo: a_b'],
    ['an unknown resolution', { resolution: 'ANY' }, 'resolution: ANY'],
  ])('%s', (_, spec, fault) => expect(istioFaults(entry(spec))).toContain(fault));
});

const route = (host: string) => [{ destination: { host, port: { number: 443 } } }];
const tlsRoute = (host: string) => ({ match: [{ port: 443, sniHosts: [host] }], route: route(host) });
const routes = (spec: Candidate['spec']): Candidate => ({ ...entry({}), kind: 'VirtualService', spec });

test.each<[string, Candidate['spec'], readonly string[]]>([
  ['a host routed to itself', { hosts: ['a.com'], tls: [tlsRoute('a.com')] }, []],
  ['a host twice', { hosts: ['a.com', 'a.com'], tls: [tlsRoute('a.com')] }, ['duplicate hosts: a.com']],
  [
    'a host under a wildcard',
    { hosts: ['*.a.com', 'b.a.com'], tls: [tlsRoute('b.a.com')] },
    ['duplicate hosts: b.a.com'],
  ],
  ['no route', { hosts: ['a.com'] }, ['http, tcp or tls must be provided']],
  ['a foreign SNI host', { hosts: ['a.com'], tls: [tlsRoute('b.com')] }, ['tls: SNI host b.com is not of the hosts']],
  [
    'no SNI host',
    { hosts: ['a.com'], tls: [{ match: [{ sniHosts: [] }], route: route('a.com') }] },
    ['tls: at least one SNI host'],
  ],
  ['no match', { hosts: ['a.com'], tls: [{ match: [], route: route('a.com') }] }, ['tls: at least one match']],
  ['no destination', { hosts: ['a.com'], http: [{ route: [] }] }, ['a route needs a destination']],
])('of VirtualServices with %s', (_, spec, faults) => expect(istioFaults(routes(spec))).toEqual(faults));
