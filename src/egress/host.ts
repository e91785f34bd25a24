import { parseAddress } from './address.js';

/** A name; a wildcard, which is `*.` and a name; or an IP address. */
export type HostKind = 'name' | 'wildcard' | 'address';

export const kindOf = (host: string): HostKind =>
  host.startsWith('*.') ? 'wildcard' : parseAddress(host) === undefined ? 'name' : 'address';

/** A host as ServiceEntries take it, or what is wrong with it. */
export function parseHost(text: string): { readonly host: string } | { readonly problem: string } {
  const host = text.toLowerCase().replace(/\.$/, '');
  const address = parseAddress(host);
  if (address !== undefined) return addressFault(address.text) ?? { host: address.text };
  const wildcard = host.startsWith('*.');
  const labels = (wildcard ? host.slice(2) : host).split('.');
  const fault = wildcardFault(host, labels, wildcard) ?? nameFault(host, labels);
  return fault === undefined ? { host } : { problem: fault };
}

/** Whether a host of a ServiceEntry stands for another one as well: it is the same, or a wildcard above it. */
export const hostCovers = (pattern: string, host: string): boolean =>
  pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) && host !== pattern);

const addressFault = (address: string): { readonly problem: string } | undefined =>
  /^(127\.|0\.0\.0\.0$|::1?$|::ffff:)/.test(address)
    ? { problem: 'expected an address outside the Pod; one of IPv4 is written a.b.c.d' }
    : undefined;

function wildcardFault(host: string, labels: readonly string[], wildcard: boolean): string | undefined {
  if (host === '*') return 'expected a name: Istio takes no "*" alone, which would let everything out';
  if (labels.some((label) => label.includes('*'))) return 'expected "*." at the beginning only: "*.example.com"';
  return wildcard && labels.length < 2 ? 'expected at least two labels after "*.": "*.example.com"' : undefined;
}

function nameFault(host: string, labels: readonly string[]): string | undefined {
  const bad = labels.find((label) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  if (bad !== undefined) return `expected labels of a-z, 0-9 and "-", at most 63 characters each, got "${bad}"`;
  if (/^\d+$/.test(labels.at(-1) ?? '')) return 'expected a name or an IP address; no name ends in a number';
  if (host.length > 253) return 'expected at most 253 characters';
  if (labels.length < 2) return 'expected a fully qualified name, with a dot in it';
  return /\.svc(\.cluster\.local)?$/.test(host) || host.endsWith('.cluster.local')
    ? 'expected a host outside the cluster: the mesh knows its Services already'
    : undefined;
}
