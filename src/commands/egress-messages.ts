import type { LeftOut } from '../egress/conflicts.js';
import type { Given } from '../egress/given.js';
import type { EgressPlan } from '../egress/plan.js';

/** What was left out, a line for each object that has it, and for each thing that it lacks. */
export function describeLeftOut(leftOut: readonly LeftOut[]): readonly string[] {
  const groups = Map.groupBy(leftOut, ({ by, missing }) => `${by.where} ${missing ?? ''}`);
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const hosts = enumerate([first, ...rest].map(({ destination }) => destination.host));
    return first.missing === undefined
      ? [`${nameOf(first.by)} lets ${hosts} through already: left out`]
      : [`${nameOf(first.by)} has ${hosts}, but not for all that is needed: left out; ${first.missing}`];
  });
}

export const describeRouted = (routed: EgressPlan['routed']): readonly string[] =>
  [...Map.groupBy(routed, ({ by }) => by.where).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [`${nameOf(first.by)} routes ${enumerate(group.map(({ host }) => host))} already: no route for it here`];
  });

export const describeStale = (stale: readonly Given[]): readonly string[] =>
  stale.map(
    (given) =>
      `${nameOf(given)} is of an earlier run, and no longer asked for: ` +
      `kubectl delete ${given.kind.toLowerCase()} -n ${given.namespace} ${given.name}`,
  );

export function summarise({ planned, leftOut }: EgressPlan, compared: number): string {
  const entries = planned.filter(({ object }) => object.kind === 'ServiceEntry');
  const hosts = entries.reduce((sum, { entry }) => sum + entry.destinations.length, 0);
  const routes = planned.length - entries.length;
  return [
    `${count(entries.length, 'ServiceEntry', 'ServiceEntries')} for ${count(hosts, 'host', 'hosts')}`,
    ...(routes > 0 ? [count(routes, 'VirtualService', 'VirtualServices')] : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
    ...(compared > 0 ? [`compared with ${count(compared, 'given object', 'given objects')}`] : []),
  ].join('; ');
}

const nameOf = ({ where, kind, namespace, name }: Given): string => `${where}: ${kind} ${namespace}/${name}`;

const enumerate = (hosts: readonly string[]): string =>
  hosts.length <= 3 ? hosts.join(', ') : `${hosts.slice(0, 2).join(', ')} and ${hosts.length - 2} more`;

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
