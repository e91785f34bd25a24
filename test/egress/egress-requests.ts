import fc from 'fast-check';
import { parseEndpoint } from '../../src/egress/endpoint-text.js';
import { type Given, readGiven } from '../../src/egress/given.js';
import { istioApi } from '../../src/egress/istio-version.js';
import type { EgressRequest } from '../../src/egress/plan.js';
import { parseExportTo } from '../../src/egress/visibility.js';
import { datadogEndpoints, datadogProducts, datadogSites } from '../../src/vendors/datadog-endpoints.js';
import type { Endpoint } from '../../src/vendors/endpoint.js';
import { sysdigRegions } from '../../src/vendors/sysdig-endpoints.js';

/** Endpoints of a text that is right; the tests of `parseEndpoint` are for the others. */
export function endpoint(text: string, purpose = 'test'): Endpoint {
  const parsed = parseEndpoint(text, purpose);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.endpoint;
}

/** What is in the cluster, from the object as it stands there. */
export function given(object: object, where = 'given.yaml:1:1'): Given {
  const read = readGiven(object, { namespace: 'mesh', where });
  if (read === undefined || !('given' in read)) throw new Error(`not to be read: ${JSON.stringify(object)}`);
  return read.given;
}

const namespaces = ['mesh', 'team', 'on'];
// Few hosts and ports, so that the same ones meet often.
const names = ['api.datadoghq.eu', 'us2.app.sysdig.com', 'a.example.com', 'b.example.com', 'a.b.example.com', 'c.org'];
const wildcards = ['*.example.com', '*.b.example.com', '*.agent.datadoghq.eu', '*.datadoghq.eu'];
const addresses = ['192.0.2.1', '192.0.2.2', '198.51.100.7', '2001:db8::1', '2001:db8::', '2001:db8:1::1'];
const blocks = ['192.0.2.0/24', '192.0.2.1/32', '2001:db8::/32', '2001:db8::1/128', ...addresses];
const ports = [80, 443, 6443, 9999, 1, 65_535];

const hosts = fc.constantFrom(
  ...names,
  ...wildcards,
  ...addresses.map((text) => (text.includes(':') ? `[${text}]` : text)),
);
const listed = fc
  .tuple(
    fc.constantFrom('', 'https://', 'http://', 'tls://'),
    hosts,
    fc.constantFrom('', ...ports.map((port) => `:${port}`)),
  )
  .map(([scheme, host, port]) => endpoint(`${scheme}${host}${port}`));
const oneOfMany = fc.integer({ min: 0, max: 300 }).map((index) => endpoint(`https://h${index}.example.net`));

const datadog = fc
  .tuple(
    fc.constantFrom(...datadogSites.map(({ site }) => site)),
    fc.option(fc.subarray(datadogProducts.map(({ id }): string => id)), { nil: undefined }),
  )
  .map(([site, products]) => datadogEndpoints(site, products));
const sysdig = fc.constantFrom(...sysdigRegions.map(({ endpoints }) => endpoints));
const endpoints = fc
  .tuple(
    fc.oneof(fc.constant([]), datadog),
    fc.oneof(fc.constant([]), sysdig),
    fc.array(listed, { maxLength: 12 }),
    fc.oneof(
      { weight: 40, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(oneOfMany, { minLength: 300, maxLength: 400 }) },
    ),
  )
  .map((lists) => lists.flat());

const exportTos = fc
  .tuple(fc.constantFrom(...namespaces), fc.array(fc.constantFrom('.', ...namespaces, 'other'), { maxLength: 3 }))
  .map(([namespace, wanted]) => {
    const parsed = parseExportTo(wanted.length === 0 ? ['*'] : wanted, namespace);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return { namespace, exportTo: parsed.exportTo };
  });

const apis = fc.constantFrom('0.8', '1.0', '1.1', '1.4', '1.5', '1.21', '1.22', '1.28', '1.31').map((version) => {
  const read = istioApi(version);
  if ('problem' in read) throw new Error(read.problem);
  return read.api;
});

const givenPort = fc.record({
  number: fc.constantFrom(...ports),
  protocol: fc.constantFrom('TLS', 'HTTPS', 'HTTP', 'TCP', 'tls', undefined),
});
const givens = fc
  .record({
    kind: fc.constantFrom('ServiceEntry', 'ServiceEntry', 'VirtualService'),
    name: fc.constantFrom('theirs', 'old', 'test-fqdn-443'),
    namespace: fc.constantFrom(...namespaces),
    label: fc.option(fc.constantFrom('test', 'another'), { nil: undefined, freq: 3 }),
    hosts: fc.array(fc.constantFrom(...names, ...wildcards), { minLength: 1, maxLength: 3 }),
    addresses: fc.array(fc.constantFrom(...blocks), { maxLength: 2 }),
    ports: fc.array(givenPort, { maxLength: 2 }),
    exportTo: fc.constantFrom(undefined, [], ['*'], ['.'], ['~'], ['team', 'on']),
  })
  .map(({ kind, name, namespace, label, ...spec }) =>
    given({
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name, namespace, ...(label === undefined ? {} : { labels: { 'aloft.dev/egress': label } }) },
      spec,
    }),
  );

/** Requests of every kind, most of which somebody could make. */
export const requests: fc.Arbitrary<EgressRequest> = fc
  .record({
    endpoints,
    where: exportTos,
    api: apis,
    routes: fc.boolean(),
    given: fc.array(givens, { maxLength: 4 }),
  })
  // Istio before 1.1 shows everything to everyone.
  .map(({ where, ...rest }) => ({
    name: 'test',
    ...rest,
    ...where,
    ...(rest.api.exportTo ? {} : { exportTo: ['*'] }),
  }));
