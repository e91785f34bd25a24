import { asRecord, asText, isRecord, type Json } from '../model/json.js';
import type { Path, Problem } from '../model/problem.js';
import { egressLabel } from './entry.js';
import { type Visibility, visibilityOf } from './visibility.js';

/** A ServiceEntry, or a VirtualService for the mesh, that is in the cluster already. */
export type Given = {
  readonly kind: 'ServiceEntry' | 'VirtualService';
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  /** In capitals; empty where Istio is to find out. */
  readonly ports: readonly { readonly number: number; readonly protocol: string }[];
  readonly visibility: Visibility;
  /** For which set of endpoints `aloft egress` made it, if it did. */
  readonly madeFor: string | undefined;
  /** Where it stands, for messages: `existing.yaml:3:1`. */
  readonly where: string;
};

/** What an object says of hosts outside; undefined for objects that say nothing, a problem for those that cannot be read. */
export function readGiven(
  value: unknown,
  { namespace: fallback, where }: { readonly namespace: string; readonly where: string },
): { readonly given: Given } | { readonly problem: Problem } | undefined {
  const object = asRecord(value);
  const kind = object['kind'];
  if (!asText(object['apiVersion']).startsWith('networking.istio.io/')) return undefined;
  if (kind !== 'ServiceEntry' && kind !== 'VirtualService') return undefined;
  const metadata = asRecord(object['metadata']);
  const spec = asRecord(object['spec']);
  const problem = problemOf(spec);
  if (problem !== undefined) return { problem };
  if (kind === 'VirtualService' && !isForMesh(spec)) return undefined;
  const namespace = asText(metadata['namespace']) || fallback;
  return {
    given: {
      kind,
      namespace,
      name: asText(metadata['name']),
      hosts: textsOf(spec['hosts']).map((host) => host.toLowerCase().replace(/\.$/, '')),
      addresses: textsOf(spec['addresses']),
      ports: portsOf(spec['ports']),
      visibility: visibilityOf(namespace, textsOf(spec['exportTo'])),
      madeFor: asText(asRecord(metadata['labels'])[egressLabel]) || undefined,
      where,
    },
  };
}

/** The lists that are read here, each with what has to be in it. */
const lists: readonly (readonly [key: string, expected: string, isRight: (item: unknown) => boolean])[] = [
  ['hosts', 'a list of strings', (item) => typeof item === 'string'],
  ['addresses', 'a list of strings', (item) => typeof item === 'string'],
  ['exportTo', 'a list of strings', (item) => typeof item === 'string'],
  ['gateways', 'a list of strings', (item) => typeof item === 'string'],
  ['ports', 'a list of ports, each with its number', (item) => typeof asRecord(item)['number'] === 'number'],
];

function problemOf(spec: Json): Problem | undefined {
  for (const [key, expected, isRight] of lists) {
    const list = spec[key] ?? [];
    const path: Path = ['spec', key];
    if (!Array.isArray(list)) return { path, message: `expected ${expected}` };
    const wrong = list.findIndex((item) => !isRight(item));
    if (wrong >= 0) return { path: [...path, wrong], message: `expected ${expected}` };
  }
  return undefined;
}

/** One without gateways is for the sidecars; with gateways it says so by the reserved name. */
const isForMesh = (spec: Json): boolean =>
  textsOf(spec['gateways']).length === 0 || textsOf(spec['gateways']).includes('mesh');

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(asText) : []);

const portsOf = (value: unknown): Given['ports'] =>
  (Array.isArray(value) ? value.filter(isRecord) : []).map((port) => ({
    number: Number(port['number']),
    protocol: asText(port['protocol']).toUpperCase(),
  }));
