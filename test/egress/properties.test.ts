import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import type { Given } from '../../src/egress/given.js';
import type { ServiceEntry, VirtualService } from '../../src/egress/objects.js';
import { type EgressPlan, type EgressRequest, planEgress } from '../../src/egress/plan.js';
import { egressJson, egressYaml } from '../../src/reports/egress.js';
import { given, requests } from './egress-requests.js';
import { type Candidate, istioFaults } from './istio-validation.js';

const holds = (predicate: (plan: EgressPlan, request: EgressRequest) => void) =>
  fc.assert(
    fc.property(requests, (request) => {
      const plan = planEgress(request);
      // What makes a request impossible is for the tables; here it only has to be rare enough.
      fc.pre(!('problems' in plan));
      if (!('problems' in plan)) predicate(plan, request);
    }),
    { numRuns: 150 },
  );

const entriesOf = ({ planned }: EgressPlan): readonly ServiceEntry[] =>
  planned.flatMap(({ object }) => (object.kind === 'ServiceEntry' ? [object] : []));
const routesOf = ({ planned }: EgressPlan): readonly VirtualService[] =>
  planned.flatMap(({ object }) => (object.kind === 'VirtualService' ? [object] : []));

/** As kubectl reads it. */
const readYaml = (text: string): readonly Candidate[] =>
  parseAllDocuments(text, { version: '1.1', strict: true }).map((document) => {
    expect([...('errors' in document ? document.errors : []), ...document.warnings]).toEqual([]);
    return document.toJS();
  });

/** The namespaces whose workloads see an object, of those there are in these tests. */
const seenIn = (namespace: string, exportTo: readonly string[] = []): readonly string[] =>
  ['mesh', 'team', 'on', 'other', 'elsewhere'].filter(
    (place) =>
      exportTo.length === 0 ||
      exportTo.includes('*') ||
      exportTo.includes(place) ||
      (exportTo.includes('.') && place === namespace),
  );

/** The given ServiceEntries of others that some workload would see beside ours. */
function othersIn({ given: all, namespace, exportTo }: EgressRequest): readonly Given[] {
  const ours = seenIn(namespace, exportTo);
  return all.filter(
    ({ kind, madeFor, visibility, ...one }) =>
      kind === 'ServiceEntry' &&
      !(madeFor === 'test' && one.namespace === namespace) &&
      ours.some((place) => visibility === 'everywhere' || visibility.has(place)),
  );
}

describe('whatever is asked for,', () => {
  test('Istio takes what is printed', () =>
    holds((plan) => {
      for (const { object } of plan.planned) expect(istioFaults(object)).toEqual([]);
    }));

  test('the YAML and the JSON are the objects', () =>
    holds((plan) => {
      const objects = plan.planned.map(({ object }) => object);
      expect(readYaml(egressYaml(plan.planned, 'Test'))).toEqual(objects);
      expect(JSON.parse(egressJson(plan.planned)).items).toEqual(objects);
    }));

  test('no host, no address and no object is there twice', () =>
    holds((plan) => {
      for (const list of [
        entriesOf(plan).flatMap(({ spec }) => spec.hosts),
        entriesOf(plan).flatMap(({ spec }) => spec.addresses ?? []),
        routesOf(plan).flatMap(({ spec }) => spec.hosts),
        plan.planned.map(({ object }) => `${object.kind}/${object.metadata.name}`),
      ]) {
        expect(new Set(list).size).toBe(list.length);
      }
    }));

  test('each endpoint is printed with its port and protocol, or left out', () =>
    holds((plan, { endpoints }) => {
      const printed = new Set(
        entriesOf(plan).flatMap(({ spec }) =>
          (spec.addresses?.map((address) => address.replace(/\/\d+$/, '')) ?? spec.hosts).flatMap((host) =>
            spec.ports.map(({ number, protocol }) => `${host} ${number} ${protocol}`),
          ),
        ),
      );
      const leftOut = new Set(plan.leftOut.map(({ destination }) => destination.host));
      const missing = endpoints.filter(
        ({ host, port, protocol }) => !leftOut.has(host) && !printed.has(`${host} ${port} ${protocol}`),
      );
      expect(missing).toEqual([]);
      const asked = new Set(endpoints.map(({ host, port, protocol }) => `${host} ${port} ${protocol}`));
      expect([...printed].filter((one) => !asked.has(one))).toEqual([]);
    }));

  test('no host of a given ServiceEntry is printed where both would be seen', () =>
    holds((plan, request) => {
      const printed = entriesOf(plan).map(({ spec }) => spec);
      for (const other of othersIn(request)) {
        expect(printed.flatMap(({ hosts }) => hosts.filter((host) => other.hosts.includes(host)))).toEqual([]);
        const numbers = other.ports.map(({ number }) => number);
        const sharing = printed.filter(({ ports }) => ports.some(({ number }) => numbers.includes(number)));
        const addresses = sharing
          .flatMap((spec) => spec.addresses ?? [])
          .map((address) => address.replace(/\/\d+$/, ''));
        expect(addresses.filter((address) => other.addresses.includes(address))).toEqual([]);
      }
    }));

  test('only names are resolved, and only they have routes', () =>
    holds((plan, { routes }) => {
      for (const { spec } of entriesOf(plan)) {
        const isName = spec.addresses === undefined && !spec.hosts.some((host) => host.startsWith('*'));
        expect(spec.resolution).toBe(isName ? 'DNS' : 'NONE');
      }
      if (!routes) expect(routesOf(plan)).toEqual([]);
      const names = new Set(entriesOf(plan).flatMap(({ spec }) => (spec.resolution === 'DNS' ? spec.hosts : [])));
      expect(routesOf(plan).flatMap(({ spec }) => spec.hosts.filter((host) => !names.has(host)))).toEqual([]);
    }));

  test('the order and the number of endpoints given do not matter', () =>
    holds((plan, request) => {
      const again = planEgress({ ...request, endpoints: [...request.endpoints, ...request.endpoints].toReversed() });
      expect('problems' in again ? again : egressYaml(again.planned, 'Test')).toBe(egressYaml(plan.planned, 'Test'));
    }));

  test('what was printed is no obstacle to printing it again', () =>
    holds((plan, request) => {
      const own = plan.planned.map(({ object }) => given(object));
      const again = planEgress({ ...request, given: [...request.given, ...own] });
      expect('problems' in again ? again : egressYaml(again.planned, 'Test')).toBe(egressYaml(plan.planned, 'Test'));
    }));
});
