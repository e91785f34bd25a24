import { describe, expect, test } from '@jest/globals';
import { parseEndpoint } from '../../src/egress/endpoint-text.js';
import { istioApi } from '../../src/egress/istio-version.js';

const parse = (text: string): string => {
  const parsed = parseEndpoint(text, 'test');
  if ('problem' in parsed) return parsed.problem;
  const { host, port, protocol } = parsed.endpoint;
  return `${protocol} ${host} ${port}`;
};

describe('an endpoint is read:', () => {
  test.each([
    ['a.example.com', 'TLS a.example.com 443'],
    ['a.example.com:6443', 'TLS a.example.com 6443'],
    ['A.Example.COM.', 'TLS a.example.com 443'],
    ['https://a.example.com', 'TLS a.example.com 443'],
    ['HTTPS://a.example.com:9999/communication', 'TLS a.example.com 9999'],
    ['https://a.example.com/e/1234?x=1#y', 'TLS a.example.com 443'],
    ['a.example.com/path', 'TLS a.example.com 443'],
    ['tls://a.example.com:1', 'TLS a.example.com 1'],
    ['http://a.example.com', 'HTTP a.example.com 80'],
    ['http://a.example.com:8080/x:y', 'HTTP a.example.com 8080'],
    ['*.example.com', 'TLS *.example.com 443'],
    ['https://*.a-b.example.com:65535', 'TLS *.a-b.example.com 65535'],
    ['192.0.2.1', 'TCP 192.0.2.1 443'],
    ['https://192.0.2.1:9999/communication', 'TCP 192.0.2.1 9999'],
    ['http://192.0.2.1', 'TCP 192.0.2.1 80'],
    ['tcp://192.0.2.1:6666', 'TCP 192.0.2.1 6666'],
    ['[2001:DB8::1]', 'TCP 2001:db8::1 443'],
    ['https://[2001:db8:0:0:0:0:0:1]:9999', 'TCP 2001:db8::1 9999'],
    ['xn--bcher-kva.example', 'TLS xn--bcher-kva.example 443'],
  ])('%s', (text, expected) => expect(parse(text)).toBe(expected));
});

describe('what is no endpoint is told:', () => {
  test.each([
    ['', '"": expected host, host:port or https://host:port'],
    [':443', '":443": expected host, host:port or https://host:port'],
    ['https://', '"https://": expected host, host:port or https://host:port'],
    ['2001:db8::1', '"2001:db8::1": expected an IPv6 address in brackets: "[2001:db8::1]:443"'],
    ['a.b.com:443:80', '"a.b.com:443:80": expected an IPv6 address in brackets: "[2001:db8::1]:443"'],
    ['ftp://a.b.com', '"ftp://a.b.com": expected https://, http://, tls:// or tcp://, got "ftp://"'],
    ['a.b.com:0', '"a.b.com:0": expected a port from 1 to 65535, got "0"'],
    ['a.b.com:65536', '"a.b.com:65536": expected a port from 1 to 65535, got "65536"'],
    ['a.b.com:', '"a.b.com:": expected a port from 1 to 65535, got ""'],
    ['a.b.com:https', '"a.b.com:https": expected a port from 1 to 65535, got "https"'],
    ['tcp://192.0.2.1', '"tcp://192.0.2.1": expected a port from 1 to 65535, got none'],
    [
      'tcp://a.b.com:1',
      '"tcp://a.b.com:1": expected an IP address after tcp://: without TLS or HTTP a proxy cannot tell names apart',
    ],
    ['*', '"*": expected a name: Istio takes no "*" alone, which would let everything out'],
    ['*.com', '"*.com": expected at least two labels after "*.": "*.example.com"'],
    ['a.*.com', '"a.*.com": expected "*." at the beginning only: "*.example.com"'],
    ['*a.b.com', '"*a.b.com": expected "*." at the beginning only: "*.example.com"'],
    ['a_b.c.com', '"a_b.c.com": expected labels of a-z, 0-9 and "-", at most 63 characters each, got "a_b"'],
    ['-a.b.com', '"-a.b.com": expected labels of a-z, 0-9 and "-", at most 63 characters each, got "-a"'],
    ['a..com', '"a..com": expected labels of a-z, 0-9 and "-", at most 63 characters each, got ""'],
    [
      `${'a'.repeat(64)}.com`,
      `"${'a'.repeat(64)}.com": expected labels of a-z, 0-9 and "-", at most 63 characters each, got "${'a'.repeat(64)}"`,
    ],
    [`${'a.'.repeat(126)}com`, `"${'a.'.repeat(126)}com": expected at most 253 characters`],
    ['collector', '"collector": expected a fully qualified name, with a dot in it'],
    ['10.0.0.0/8', '"10.0.0.0/8": expected one address, not a block'],
    ['[2001:db8::]/32', '"[2001:db8::]/32": expected one address, not a block'],
    ['192.0.2', '"192.0.2": expected a name or an IP address; no name ends in a number'],
    ['192.0.2.256', '"192.0.2.256": expected a name or an IP address; no name ends in a number'],
    ['192.0.2.01', '"192.0.2.01": expected a name or an IP address; no name ends in a number'],
    ['agent.monitoring.svc:8126', /expected a host outside the cluster/],
    ['agent.monitoring.svc.cluster.local', /expected a host outside the cluster/],
    ['127.0.0.1:8126', /expected an address outside the Pod/],
    ['[::1]:8126', /expected an address outside the Pod/],
    ['[::]', /expected an address outside the Pod/],
    ['[::ffff:192.0.2.1]', /one of IPv4 is written a\.b\.c\.d/],
    ['[fe80::1%eth0]', /expected labels of/],
    ['[2001:db8::1', /expected/],
  ])('%s', (text, expected) => {
    expect(parse(text)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  test.each(['https://me:secret@a.com', 'me:secret@a.com', 'https://secret@a.com/x'])(
    '%s, without its password',
    (text) => {
      expect(parse(text)).toBe('expected an endpoint without user or password');
    },
  );
});

describe("Istio's API by its version:", () => {
  test.each([
    ['0.8', 'v1alpha3, exported everywhere'],
    ['1.0.9', 'v1alpha3, exported everywhere'],
    ['1.1', 'v1alpha3'],
    ['1.4.10', 'v1alpha3'],
    ['1.5', 'v1beta1'],
    ['v1.21.6', 'v1beta1'],
    ['1.22', 'v1'],
    ['1.22.0-alpha.1', 'v1'],
    ['1.30.3-distroless', 'v1'],
    ['1.31.0-rc.0', 'v1'],
    ['2.0', 'v1'],
    ['0.7', 'Istio 0.7 has no ServiceEntry: it came with 0.8'],
    ['0.2.12', 'Istio 0.2.12 has no ServiceEntry: it came with 0.8'],
    ['latest', 'expected a version of Istio such as 1.28, got "latest"'],
    ['1', 'expected a version of Istio such as 1.28, got "1"'],
    ['1.x', 'expected a version of Istio such as 1.28, got "1.x"'],
    ['1.28 ', 'expected a version of Istio such as 1.28, got "1.28 "'],
    ['', 'expected a version of Istio such as 1.28, got ""'],
  ])('%s', (text, expected) => {
    const read = istioApi(text);
    const told =
      'problem' in read
        ? read.problem
        : `${read.api.apiVersion.replace('networking.istio.io/', '')}${read.api.exportTo ? '' : ', exported everywhere'}`;
    expect(told).toBe(expected);
  });
});
