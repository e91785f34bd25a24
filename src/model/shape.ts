import { isRecord } from './json.js';
import type { Kind, ObjectOf } from './kubernetes.js';
import { showPath } from './problem.js';

/** What is wrong with an object: where (`spec.containers[0].name`), what was expected there, what came. */
export type ShapeProblem = { readonly path: string; readonly expected: string; readonly got: string };

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
  return { problem: { path: showPath(where.toReversed()), expected, got: describe(value) } };
}

/** A fault found while walking down; `where` collects the way on the way up, innermost first. */
type Fault = { readonly where: (string | number)[]; readonly expected: string; readonly value: unknown };
type Check = (value: unknown) => Fault | undefined;

const primitive =
  (type: 'string' | 'boolean' | 'number', expected: string): Check =>
  (value) =>
    typeof value === type ? undefined : { where: [], expected, value };

const text = primitive('string', 'a string');
const flag = primitive('boolean', 'true or false');
const number = primitive('number', 'a number');
const textOrNumber: Check = (value) => (typeof value === 'number' ? undefined : text(value));

function record(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const rows = Object.entries(fields).map(([name, check]) => ({ name, check, isRequired: required.includes(name) }));
  return (value) => {
    if (!isRecord(value)) return { where: [], expected: 'an object', value };
    for (const { name, check, isRequired } of rows) {
      const member = value[name];
      // `null` is how Go writes an absent field.
      if (member == null && !isRequired) continue;
      const fault = check(member);
      if (fault !== undefined) return within(fault, name);
    }
    return undefined;
  };
}

const list =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return { where: [], expected: 'a list', value };
    for (let index = 0; index < value.length; index++) {
      const fault = check(value[index]);
      if (fault !== undefined) return within(fault, index);
    }
    return undefined;
  };

const map =
  (check: Check): Check =>
  (value) => {
    if (!isRecord(value)) return { where: [], expected: 'an object', value };
    for (const key of Object.keys(value)) {
      const fault = check(value[key]);
      if (fault !== undefined) return within(fault, key);
    }
    return undefined;
  };

function within(fault: Fault, step: string | number): Fault {
  fault.where.push(step);
  return fault;
}

const metadata = record({
  name: text,
  generateName: text,
  namespace: text,
  labels: map(text),
  annotations: map(text),
  ownerReferences: list(record({ kind: text, name: text, controller: flag }, ['kind', 'name'])),
});

const fieldRef = record({ fieldPath: text }, ['fieldPath']);
const container = record(
  {
    name: text,
    image: text,
    env: list(record({ name: text, value: text, valueFrom: record({ fieldRef }) }, ['name'])),
    envFrom: list(record({ prefix: text })),
    volumeMounts: list(record({ name: text, mountPath: text, readOnly: flag }, ['name', 'mountPath'])),
    restartPolicy: text,
  },
  ['name'],
);

const shapes: { readonly [K in Kind]: Check } = {
  Pod: record({
    metadata,
    spec: record({
      containers: list(container),
      initContainers: list(container),
      volumes: list(record({ name: text, hostPath: record({ path: text, type: text }, ['path']) }, ['name'])),
      hostNetwork: flag,
    }),
  }),
  Service: record({
    metadata,
    spec: record({
      type: text,
      selector: map(text),
      ports: list(record({ name: text, port: number, protocol: text, targetPort: textOrNumber }, ['port'])),
    }),
  }),
};

/** A value as an error message may show it: its type, and itself only where it is short and plain. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  // A string may be a secret that stands where it should not: name its type only.
  return typeof value === 'string' ? 'a string' : `${typeof value} ${String(value)}`;
}
