import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { printManifest } from '../../src/manifests/print.js';
import { readManifests } from '../../src/manifests/read.js';

test('an object reads as people write one', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'cart', annotations: {}, labels: { version: '1.0', on: 'yes' } },
    spec: {
      containers: [{ name: 'app', args: ['-c', 'a: b\nc\n'], ports: [{ containerPort: 80 }] }],
      tolerations: [],
      hostNetwork: false,
    },
  };
  expect(printManifest(pod)).toBe(`apiVersion: v1
kind: Pod
metadata:
  name: cart
  annotations: {}
  labels:
    version: "1.0"
    "on": "yes"
spec:
  containers:
    - name: app
      args:
        - -c
        - |
          a: b
          c
      ports:
        - containerPort: 80
  tolerations: []
  hostNetwork: false
`);
});

test('whatever the API server has reads back the same', () => {
  const object = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(object, (value) => {
      const manifests = readManifests('live', printManifest(value));
      expect(manifests.map((one) => one.problems)).toEqual([[]]);
      // JSON has no other zero, and some members are called __proto__.
      expect(JSON.stringify(manifests[0]?.value)).toBe(JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
});
