import { describe, expect, test } from '@jest/globals';
import type { Kind } from '../../src/model/kubernetes.js';
import { showPath } from '../../src/model/problem.js';
import { parseObject } from '../../src/model/shape.js';

const complaint = (kind: Kind, raw: unknown): string => {
  const parsed = parseObject(kind, raw);
  return 'value' in parsed
    ? 'fine'
    : `${showPath(parsed.problem.path)}: expected ${parsed.problem.expected}, got ${parsed.problem.got}`;
};
const inSpec = (spec: unknown) => ({ spec });
const inContainer = (part: object) => inSpec({ containers: [{ name: 'a', ...part }] });

describe('a Pod', () => {
  test.each<[unknown, string]>([
    [{}, 'fine'],
    [{ metadata: null, spec: null, anything: [1] }, 'fine'],
    [inContainer({ image: null, env: null, envFrom: [{ prefix: null }], volumeMounts: null, ports: 'x' }), 'fine'],
    [null, ': expected an object, got null'],
    [undefined, ': expected an object, got nothing'],
    [[], ': expected an object, got a list'],
    ['secret', ': expected an object, got a string'],
    [{ metadata: [] }, 'metadata: expected an object, got a list'],
    [{ metadata: { labels: { app: 1 } } }, 'metadata.labels.app: expected a string, got number 1'],
    [{ metadata: { labels: [] } }, 'metadata.labels: expected an object, got a list'],
    [{ metadata: { annotations: { a: null } } }, 'metadata.annotations.a: expected a string, got null'],
    [
      JSON.parse('{"metadata":{"labels":{"__proto__":true}}}'),
      'metadata.labels.__proto__: expected a string, got boolean true',
    ],
    [
      { metadata: { ownerReferences: [{ kind: 'Job' }] } },
      'metadata.ownerReferences[0].name: expected a string, got nothing',
    ],
    [
      { metadata: { ownerReferences: [{ kind: 'Job', name: 'a', controller: 'yes' }] } },
      'metadata.ownerReferences[0].controller: expected true or false, got a string',
    ],
    [inSpec({ containers: {} }), 'spec.containers: expected a list, got an object'],
    [inSpec({ containers: [{}] }), 'spec.containers[0].name: expected a string, got nothing'],
    [inSpec({ containers: [{ name: null }] }), 'spec.containers[0].name: expected a string, got null'],
    [inSpec({ initContainers: [null] }), 'spec.initContainers[0]: expected an object, got null'],
    [inSpec({ hostNetwork: 'true' }), 'spec.hostNetwork: expected true or false, got a string'],
    [
      inSpec({ volumes: [{ name: 'a', hostPath: {} }] }),
      'spec.volumes[0].hostPath.path: expected a string, got nothing',
    ],
    [
      inContainer({ env: [{ name: 'A', value: 1 }] }),
      'spec.containers[0].env[0].value: expected a string, got number 1',
    ],
    [
      inContainer({ env: [{ name: 'A', valueFrom: { fieldRef: {} } }] }),
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: expected a string, got nothing',
    ],
    [
      inContainer({ volumeMounts: [{ name: 'a' }] }),
      'spec.containers[0].volumeMounts[0].mountPath: expected a string, got nothing',
    ],
  ])('%j: %s', (raw, expected) => expect(complaint('Pod', raw)).toBe(expected));

  test('is given back as it is', () => {
    const pod = { spec: { containers: [] } };
    expect(parseObject('Pod', pod)).toEqual({ value: pod });
  });
});

describe('a Service', () => {
  test.each<[unknown, string]>([
    [{}, 'fine'],
    [
      inSpec({
        ports: [
          { port: 80, targetPort: 'http' },
          { port: 81, targetPort: 8081 },
        ],
        selector: null,
      }),
      'fine',
    ],
    [inSpec({ ports: [{ port: '80' }] }), 'spec.ports[0].port: expected a number, got a string'],
    [
      inSpec({ ports: [{ port: 80, targetPort: true }] }),
      'spec.ports[0].targetPort: expected a string, got boolean true',
    ],
    [inSpec({ selector: { app: {} } }), 'spec.selector.app: expected a string, got an object'],
    [inSpec({ type: 1 }), 'spec.type: expected a string, got number 1'],
  ])('%j: %s', (raw, expected) => expect(complaint('Service', raw)).toBe(expected));
});
