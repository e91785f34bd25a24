import { compare, type Destination, type Port } from './destination.js';
import type { HostKind } from './host.js';

/** Says of an object that `aloft egress` made it, and for which endpoints: `kubectl delete -l aloft.dev/egress=…`. */
export const egressLabel = 'aloft.dev/egress';

/** What goes into one ServiceEntry. */
export type Entry = {
  readonly name: string;
  readonly kind: HostKind;
  readonly destinations: readonly Destination[];
  readonly ports: readonly Port[];
};

/** Istio takes no more hosts in one ServiceEntry. */
const mostHosts = 256;

/**
 * The entries for destinations, in a fixed order, under names that change only with their own ports or address.
 * Names share an entry where they share their ports, because every host of an entry has all of its ports. An address
 * has an entry of its own: each host of an entry has all of its addresses, but uses one (`addresses` in
 * istio/api networking/v1alpha3/service_entry.proto).
 */
export function entriesOf(name: string, destinations: readonly Destination[]): readonly Entry[] {
  const addresses = destinations.filter(({ kind }) => kind === 'address');
  return [
    ...namedEntries(`${name}-fqdn`, 'name', destinations),
    ...namedEntries(`${name}-wildcard`, 'wildcard', destinations),
    ...addresses.map((one) => ({
      name: `${name}-ip-${addressName(one.host)}`,
      kind: one.kind,
      destinations: [one],
      ports: one.ports,
    })),
  ];
}

function namedEntries(prefix: string, kind: HostKind, destinations: readonly Destination[]): readonly Entry[] {
  const groups = Map.groupBy(
    destinations.filter((one) => one.kind === kind),
    ({ ports }) => ports.map(({ number }) => number).join('-'),
  );
  const inOrder = [...groups].sort(
    ([one], [other]) => Number.parseInt(one, 10) - Number.parseInt(other, 10) || compare(one, other),
  );
  return inOrder.flatMap(([numbers, members]) => {
    const entry = (name: string, some: readonly Destination[]): Entry[] =>
      some[0] === undefined ? [] : [{ name, kind, destinations: some, ports: some[0].ports }];
    return Array.from({ length: Math.ceil(members.length / mostHosts) }, (_, index) =>
      entry(
        `${prefix}-${shorten(numbers)}${index === 0 ? '' : `-part-${index + 1}`}`,
        members.slice(index * mostHosts, (index + 1) * mostHosts),
      ),
    ).flat();
  });
}

/** Many ports would make too long a name: the first, the last and a checksum of all say which they are. */
function shorten(numbers: string): string {
  const all = numbers.split('-');
  if (all.length <= 4) return numbers;
  const sum = all.reduce((value, number) => (value * 65_599 + Number(number)) % 4_294_967_291, 0);
  return `${all[0]}-to-${all.at(-1)}-${sum.toString(16)}`;
}

/** An address as a label of a name: `2001:db8::1` becomes `2001-db8--1`. */
export const addressName = (address: string): string =>
  address.replace(/^::/, '0::').replace(/::$/, '::0').replaceAll(/[.:]/g, '-');
