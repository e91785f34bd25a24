import type { Destination } from './destination.js';
import { addressName, type Entry, egressLabel } from './entry.js';
import type { HostKind } from './host.js';

/** What all objects of one run have in common. */
export type Frame = {
  readonly apiVersion: string;
  readonly namespace: string;
  /** Which endpoints they are for; the beginning of their names, and their label. */
  readonly name: string;
  /** Absent for an Istio that does not know it. */
  readonly exportTo: readonly string[] | undefined;
};

type Meta = { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };

export type ServiceEntry = {
  readonly apiVersion: string;
  readonly kind: 'ServiceEntry';
  readonly metadata: Meta;
  readonly spec: {
    readonly hosts: readonly string[];
    readonly addresses?: readonly string[];
    readonly exportTo?: readonly string[];
    readonly location: 'MESH_EXTERNAL';
    readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: string }[];
    readonly resolution: 'DNS' | 'NONE';
  };
};

type Route = { readonly destination: { readonly host: string; readonly port: { readonly number: number } } };

export type VirtualService = {
  readonly apiVersion: string;
  readonly kind: 'VirtualService';
  readonly metadata: Meta;
  readonly spec: {
    readonly hosts: readonly string[];
    readonly exportTo?: readonly string[];
    readonly tls?: readonly {
      readonly match: readonly { readonly port: number; readonly sniHosts: readonly string[] }[];
      readonly route: readonly Route[];
    }[];
    readonly http?: readonly {
      readonly match: readonly { readonly port: number; readonly authority: { readonly exact: string } }[];
      readonly route: readonly Route[];
    }[];
  };
};

/**
 * Where Envoy can resolve a name it does, so that nobody gets elsewhere under that name. For a wildcard and an address
 * there is nothing to resolve. Not DYNAMIC_DNS: in 1.28 it was for HTTP through an ambient waypoint only.
 */
const resolutions: Readonly<Record<HostKind, 'DNS' | 'NONE'>> = { name: 'DNS', wildcard: 'NONE', address: 'NONE' };

export function serviceEntry(entry: Entry, frame: Frame): ServiceEntry {
  const hosts = entry.destinations.map(({ host }) => host);
  const [address = ''] = hosts;
  return {
    apiVersion: frame.apiVersion,
    kind: 'ServiceEntry',
    metadata: metaOf(entry, frame),
    spec: {
      // An address needs a host as well: one of its own, under the domain that never resolves (RFC 2606).
      ...(entry.kind === 'address'
        ? { hosts: [`${addressName(address)}.${frame.name}.${frame.namespace}.invalid`], addresses: [cidrOf(address)] }
        : { hosts }),
      ...(frame.exportTo === undefined ? {} : { exportTo: frame.exportTo }),
      location: 'MESH_EXTERNAL',
      ports: entry.ports.map(({ number, protocol }) => ({
        number,
        name: `${protocol.toLowerCase()}-${number}`,
        protocol,
      })),
      resolution: resolutions[entry.kind],
    },
  };
}

/**
 * The routes that Dynatrace's operator makes for the names of a ServiceEntry: each host on each of its ports to itself.
 * HTTP is matched by host as well as by port: by port alone, the first of two hosts would get the traffic of both.
 * Source: Dynatrace/dynatrace-operator pkg/controllers/dynakube/istio/virtualservice.go.
 */
export function virtualService(entry: Entry, frame: Frame, destinations: readonly Destination[]): VirtualService {
  const each = destinations.flatMap(({ host, ports }) => ports.map((port) => ({ host, ...port })));
  const route = (host: string, number: number) => [{ destination: { host, port: { number } } }];
  const tls = each
    .filter(({ protocol }) => protocol === 'TLS')
    .map(({ host, number }) => ({ match: [{ port: number, sniHosts: [host] }], route: route(host, number) }));
  const http = each
    .filter(({ protocol }) => protocol === 'HTTP')
    .map(({ host, number }) => ({
      match: [host, `${host}:${number}`].map((exact) => ({ port: number, authority: { exact } })),
      route: route(host, number),
    }));
  return {
    apiVersion: frame.apiVersion,
    kind: 'VirtualService',
    metadata: metaOf(entry, frame),
    spec: {
      hosts: destinations.map(({ host }) => host),
      ...(frame.exportTo === undefined ? {} : { exportTo: frame.exportTo }),
      ...(http.length === 0 ? {} : { http }),
      ...(tls.length === 0 ? {} : { tls }),
    },
  };
}

const metaOf = ({ name }: Entry, frame: Frame): Meta => ({
  name,
  namespace: frame.namespace,
  labels: { 'app.kubernetes.io/managed-by': 'aloft', [egressLabel]: frame.name },
});

const cidrOf = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;
