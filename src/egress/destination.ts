import type { Endpoint, Protocol } from '../vendors/endpoint.js';
import { type HostKind, kindOf } from './host.js';

export type Port = { readonly number: number; readonly protocol: Protocol };

/** A host with all of its ports: Istio wants one host in one ServiceEntry only (istio/istio#31483, #51466). */
export type Destination = {
  readonly host: string;
  readonly kind: HostKind;
  readonly ports: readonly Port[];
  readonly purposes: readonly string[];
};

/**
 * Endpoints, host by host and in order; or what cannot be told apart: Envoy has one listener for a port of all names,
 * which either reads TLS or HTTP.
 */
export function mergeEndpoints(
  endpoints: readonly Endpoint[],
): { readonly destinations: readonly Destination[] } | { readonly problems: readonly string[] } {
  const named = endpoints.filter(({ host }) => kindOf(host) !== 'address');
  const problems = [...Map.groupBy(named, ({ port }) => port)].flatMap(([port, sharing]) => {
    const [one, other] = ['TLS', 'HTTP'].map((protocol) => sharing.find((endpoint) => endpoint.protocol === protocol));
    if (one === undefined || other === undefined) return [];
    return [`port ${port} is TLS for ${one.host} and plain HTTP for ${other.host}: Istio keeps only one of them`];
  });
  if (problems.length > 0) return { problems };
  const hosts = [...Map.groupBy(endpoints, ({ host }) => host)].map(([host, sharing]) => ({
    host,
    kind: kindOf(host),
    ports: portsOf(sharing),
    purposes: [...new Set(sharing.map(({ purpose }) => purpose))].sort(),
  }));
  return { destinations: hosts.sort((one, other) => compare(one.host, other.host)) };
}

const portsOf = (endpoints: readonly Endpoint[]): readonly Port[] =>
  [...new Map(endpoints.map(({ port, protocol }) => [port, { number: port, protocol }])).values()].sort(
    (one, other) => one.number - other.number,
  );

/** By code units, which is the same in every locale. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
