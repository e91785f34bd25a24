import type { Endpoint } from '../vendors/endpoint.js';
import { type LeftOut, settle } from './conflicts.js';
import { type Destination, mergeEndpoints } from './destination.js';
import { type Entry, entriesOf } from './entry.js';
import type { Given } from './given.js';
import type { IstioApi } from './istio-version.js';
import { type Frame, type ServiceEntry, serviceEntry, type VirtualService, virtualService } from './objects.js';
import { overlaps, visibilityOf } from './visibility.js';

export type EgressRequest = {
  /** The beginning of every object's name. */
  readonly name: string;
  readonly namespace: string;
  /** As `parseExportTo` gives it. */
  readonly exportTo: readonly string[];
  readonly api: IstioApi;
  readonly endpoints: readonly Endpoint[];
  /** Whether names get a VirtualService beside their ServiceEntry. */
  readonly routes: boolean;
  readonly given: readonly Given[];
};

/** An object to apply, and the entry it was made from. */
export type Planned = { readonly entry: Entry; readonly object: ServiceEntry | VirtualService };

export type EgressPlan = {
  readonly planned: readonly Planned[];
  readonly leftOut: readonly LeftOut[];
  /** Hosts that a given VirtualService routes already, so that ours does not. */
  readonly routed: readonly { readonly host: string; readonly by: Given }[];
  /** Of an earlier run, and no longer asked for. */
  readonly stale: readonly Given[];
};

/** The objects that let endpoints through, as far as given ones leave them to us; or what is wrong with the request. */
export function planEgress(request: EgressRequest): EgressPlan | { readonly problems: readonly string[] } {
  const { name, namespace, exportTo, given } = request;
  const merged = mergeEndpoints(request.endpoints);
  if ('problems' in merged) return merged;
  // What an earlier run made is replaced by this one, and no obstacle to it.
  const [ours, others] = [given.filter((one) => isOurs(one, request)), given.filter((one) => !isOurs(one, request))];
  const visibility = visibilityOf(namespace, exportTo);
  const { kept, leftOut } = settle(merged.destinations, others, visibility);
  const entries = entriesOf(name, kept);
  const frame: Frame = {
    apiVersion: request.api.apiVersion,
    namespace,
    name,
    exportTo: request.api.exportTo ? exportTo : undefined,
  };
  const routers = request.routes
    ? others.filter((one) => one.kind === 'VirtualService' && overlaps(one.visibility, visibility))
    : [];
  const byRouter = (host: string): Given | undefined => routers.find(({ hosts }) => hosts.includes(host));
  const named = request.routes ? entries.filter(({ kind }) => kind === 'name') : [];
  const planned = [
    ...entries.map((entry) => ({ entry, object: serviceEntry(entry, frame) })),
    ...named.flatMap((entry) => routesOf(entry, frame, (host) => byRouter(host) === undefined)),
  ];
  const problems = planned.flatMap(({ object }) => takenName(object, others));
  if (problems.length > 0) return { problems };
  const routed = named.flatMap(({ destinations }) =>
    destinations.flatMap(({ host }) => {
      const by = byRouter(host);
      return by === undefined ? [] : [{ host, by }];
    }),
  );
  return { planned, leftOut, routed, stale: ours.filter((one) => !planned.some(({ object }) => isSame(one, object))) };
}

function routesOf(entry: Entry, frame: Frame, isFree: (host: string) => boolean): readonly Planned[] {
  const destinations: readonly Destination[] = entry.destinations.filter(({ host }) => isFree(host));
  return destinations.length === 0 ? [] : [{ entry, object: virtualService(entry, frame, destinations) }];
}

/** What somebody else made is never replaced, whatever its name. */
function takenName(object: Planned['object'], others: readonly Given[]): readonly string[] {
  const taken = others.find((one) => isSame(one, object));
  if (taken === undefined) return [];
  const { kind, namespace, name } = taken;
  return [
    `${taken.where}: ${kind} ${namespace}/${name} is not of this command, and would be replaced: choose a --name`,
  ];
}

const isOurs = (one: Given, { name, namespace }: EgressRequest): boolean =>
  one.madeFor === name && one.namespace === namespace;

const isSame = (one: Given, { kind, metadata }: Planned['object']): boolean =>
  one.kind === kind && one.namespace === metadata.namespace && one.name === metadata.name;
