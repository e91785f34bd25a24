import type { Protocol } from '../vendors/endpoint.js';
import { blockContains, parseAddress } from './address.js';
import type { Destination, Port } from './destination.js';
import type { Given } from './given.js';
import { hostCovers } from './host.js';
import { overlaps, reaches, type Visibility } from './visibility.js';

/** Why a destination is not printed: `by` has it already, wholly or with something missing, a sentence on what to do. */
export type LeftOut = { readonly destination: Destination; readonly by: Given; readonly missing?: string };

/**
 * Destinations that given ServiceEntries leave to us, and those they do not. One host in two of them is never right:
 * Istio mixes the two, and drops the traffic where they differ (istio/istio#31483, #38996, #51466; analysis IST0177).
 */
export function settle(
  destinations: readonly Destination[],
  given: readonly Given[],
  visibility: Visibility,
): { readonly kept: readonly Destination[]; readonly leftOut: readonly LeftOut[] } {
  const seen = given.filter((one) => one.kind === 'ServiceEntry' && overlaps(one.visibility, visibility));
  const kept: Destination[] = [];
  const leftOut: LeftOut[] = [];
  for (const destination of destinations) {
    const verdict = verdictOn(destination, seen, visibility);
    if (verdict === undefined) kept.push(destination);
    else leftOut.push(verdict);
  }
  return { kept, leftOut };
}

/** The host itself, elsewhere, decides before a wildcard above it does, as it does in Istio. */
function verdictOn(destination: Destination, given: readonly Given[], visibility: Visibility): LeftOut | undefined {
  const { host } = destination;
  if (destination.kind === 'address') return verdictOnAddress(destination, given, visibility);
  const same = given.find(({ hosts }) => hosts.includes(host));
  if (same !== undefined) return leaveOut(destination, same, visibility);
  const above = given.filter(({ hosts }) => hosts.some((pattern) => hostCovers(pattern, host)));
  return above.map((one) => leaveOut(destination, one, visibility)).find(({ missing }) => missing === undefined);
}

/** An address may stand in several ServiceEntries, as long as its ports do not. */
function verdictOnAddress(
  destination: Destination,
  given: readonly Given[],
  visibility: Visibility,
): LeftOut | undefined {
  const address = parseAddress(destination.host);
  const numbers = new Set(destination.ports.map((port) => port.number));
  const same = given.find(
    (one) =>
      address !== undefined &&
      one.addresses.some((block) => blockContains(block, address)) &&
      one.ports.some(({ number }) => numbers.has(number)),
  );
  return same && leaveOut(destination, same, visibility);
}

function leaveOut(destination: Destination, by: Given, visibility: Visibility): LeftOut {
  const missing = destination.ports.flatMap((port) => missingOf(port, by));
  if (!reaches(by.visibility, visibility)) missing.push('export it to the same namespaces');
  return { destination, by, ...(missing.length === 0 ? {} : { missing: missing.join(', ') }) };
}

function missingOf({ number, protocol }: Port, { ports }: Given): string[] {
  const port = ports.find((one) => one.number === number);
  if (port === undefined) return [`add port ${number} with protocol ${protocol}`];
  return sameOnWire[protocol].includes(port.protocol)
    ? []
    : [`make the protocol of port ${number} ${protocol} instead of ${port.protocol}`];
}

/** Protocols that let the same bytes through; without one, Istio looks into the connection. */
const sameOnWire: Readonly<Record<Protocol, readonly string[]>> = {
  TLS: ['TLS', 'HTTPS', ''],
  HTTP: ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', ''],
  TCP: ['TCP', 'TLS', 'HTTPS', 'MONGO', 'MYSQL', 'REDIS', ''],
};
