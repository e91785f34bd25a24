import { isRecord } from './json.js';
import type { Kind, ObjectOf } from './kubernetes.js';
import type { Path } from './problem.js';

/** What is wrong with an object: where in it, what was expected there, what came. */
export type ShapeProblem = { readonly path: Path; readonly expected: string; readonly got: string };

/**
 * An unknown value as an object of the kind, or the first thing about it that is not shaped as the kind requires.
 * Only what rules read is checked, so that rules can trust their types; the rest is the API server's business.
 */
export function parseObject<K extends Kind>(
  kind: K,
  raw: unknown,
): { readonly value: ObjectOf<K> } | { readonly problem: ShapeProblem } {
  const fault = shapes[kind](raw);
  if (fault === undefined) return { value: raw as ObjectOf<K> }; // the one place where a shape becomes a type
  const { where, expected, value } = fault;
  return { problem: { path: where.toReversed(), expected, got: describe(value) } };
}

/** A fault found while walking down; `where` collects the way on the way up, innermost first. */
type Fault = { readonly where: (string | number)[]; readonly expected: string; readonly value: unknown };
type Check = (value: unknown) => Fault | undefined;

// Each field is read by its name where it stands, and not by a table of names: that is five times as fast, and every
// Pod comes through here.
const pod: Check = (value) =>
  isRecord(value)
    ? (at('metadata', optional(metadata, value['metadata'])) ?? at('spec', optional(podSpec, value['spec'])))
    : expected('an object', value);

const service: Check = (value) =>
  isRecord(value)
    ? (at('metadata', optional(metadata, value['metadata'])) ?? at('spec', optional(serviceSpec, value['spec'])))
    : expected('an object', value);

const metadata: Check = (value) =>
  isRecord(value)
    ? (at('name', optional(text, value['name'])) ??
      at('generateName', optional(text, value['generateName'])) ??
      at('namespace', optional(text, value['namespace'])) ??
      at('labels', optional(textMap, value['labels'])) ??
      at('annotations', optional(textMap, value['annotations'])) ??
      at('ownerReferences', optionalList(owner, value['ownerReferences'])))
    : expected('an object', value);

const owner: Check = (value) =>
  isRecord(value)
    ? (at('kind', text(value['kind'])) ??
      at('name', text(value['name'])) ??
      at('controller', optional(flag, value['controller'])))
    : expected('an object', value);

const podSpec: Check = (value) =>
  isRecord(value)
    ? (at('containers', optionalList(container, value['containers'])) ??
      at('initContainers', optionalList(container, value['initContainers'])) ??
      at('volumes', optionalList(volume, value['volumes'])) ??
      at('hostNetwork', optional(flag, value['hostNetwork'])))
    : expected('an object', value);

const container: Check = (value) =>
  isRecord(value)
    ? (at('name', text(value['name'])) ??
      at('image', optional(text, value['image'])) ??
      at('env', optionalList(variable, value['env'])) ??
      at('envFrom', optionalList(envSource, value['envFrom'])) ??
      at('volumeMounts', optionalList(mount, value['volumeMounts'])) ??
      at('restartPolicy', optional(text, value['restartPolicy'])))
    : expected('an object', value);

const variable: Check = (value) =>
  isRecord(value)
    ? (at('name', text(value['name'])) ??
      at('value', optional(text, value['value'])) ??
      at('valueFrom', optional(valueSource, value['valueFrom'])))
    : expected('an object', value);

const valueSource: Check = (value) =>
  isRecord(value) ? at('fieldRef', optional(fieldRef, value['fieldRef'])) : expected('an object', value);

const fieldRef: Check = (value) =>
  isRecord(value) ? at('fieldPath', text(value['fieldPath'])) : expected('an object', value);

const envSource: Check = (value) =>
  isRecord(value) ? at('prefix', optional(text, value['prefix'])) : expected('an object', value);

const mount: Check = (value) =>
  isRecord(value)
    ? (at('name', text(value['name'])) ??
      at('mountPath', text(value['mountPath'])) ??
      at('readOnly', optional(flag, value['readOnly'])))
    : expected('an object', value);

const volume: Check = (value) =>
  isRecord(value)
    ? (at('name', text(value['name'])) ?? at('hostPath', optional(hostPath, value['hostPath'])))
    : expected('an object', value);

const hostPath: Check = (value) =>
  isRecord(value)
    ? (at('path', text(value['path'])) ?? at('type', optional(text, value['type'])))
    : expected('an object', value);

const serviceSpec: Check = (value) =>
  isRecord(value)
    ? (at('type', optional(text, value['type'])) ??
      at('selector', optional(textMap, value['selector'])) ??
      at('ports', optionalList(servicePort, value['ports'])))
    : expected('an object', value);

const servicePort: Check = (value) =>
  isRecord(value)
    ? (at('name', optional(text, value['name'])) ??
      at('port', typeof value['port'] === 'number' ? undefined : expected('a number', value['port'])) ??
      at('protocol', optional(text, value['protocol'])) ??
      at('targetPort', typeof value['targetPort'] === 'number' ? undefined : optional(text, value['targetPort'])))
    : expected('an object', value);

const shapes: { readonly [K in Kind]: Check } = { Pod: pod, Service: service };

const text: Check = (value) => (typeof value === 'string' ? undefined : expected('a string', value));
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : expected('true or false', value));

const textMap: Check = (value) => {
  if (!isRecord(value)) return expected('an object', value);
  for (const key of Object.keys(value)) {
    if (typeof value[key] !== 'string') return at(key, expected('a string', value[key]));
  }
  return undefined;
};

/** `null` is how Go writes an absent field. */
const optional = (check: Check, value: unknown): Fault | undefined => (value == null ? undefined : check(value));

function optionalList(check: Check, value: unknown): Fault | undefined {
  if (value == null) return undefined;
  if (!Array.isArray(value)) return expected('a list', value);
  for (let index = 0; index < value.length; index++) {
    const fault = check(value[index]);
    if (fault !== undefined) return at(index, fault);
  }
  return undefined;
}

const expected = (what: string, value: unknown): Fault => ({ where: [], expected: what, value });

function at(step: string | number, fault: Fault | undefined): Fault | undefined {
  fault?.where.push(step);
  return fault;
}

/** A value as an error message may show it: its type, and itself only where it is short and plain. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  // A string may be a secret that stands where it should not: name its type only.
  return typeof value === 'string' ? 'a string' : `${typeof value} ${String(value)}`;
}
