import { expect, test } from '@jest/globals';
import { rights } from '../../src/cluster/rights.js';
import { type Manifest, objectsOf, type Role } from './manifests.ts';

const base = objectsOf('base');
const namespaceLabels = objectsOf('components/namespace-labels');

/** One line for each verb on each resource, however the rules are grouped. */
const granted = (objects: readonly Manifest[]): readonly string[] =>
  objects
    .filter((object): object is Role => object.kind === 'Role' || object.kind === 'ClusterRole')
    .flatMap(({ kind, rules }) =>
      rules.flatMap(({ apiGroups, resources, resourceNames = ['*'], verbs }) =>
        combine([kind === 'Role' ? 'namespace' : 'cluster'], apiGroups, resources, resourceNames, verbs),
      ),
    )
    .sort();

/** Every way to take one word of each list. */
const combine = (...lists: readonly (readonly string[])[]): readonly string[] =>
  lists.reduce((lines, words) => lines.flatMap((line) => words.map((word) => `${line} ${word}`)));

const needed = (...features: readonly string[]): readonly string[] =>
  rights
    .filter(({ feature }) => features.includes(feature))
    .flatMap(({ scope, group, resource, name = '*', verbs }) => combine([scope], [group], [resource], [name], verbs))
    .sort();

test('the base grants what the calls of cluster/ need, and nothing else', () => {
  expect(granted(base)).toEqual(needed('certificates', 'order-check'));
});

test('the component namespace-labels grants what namespace labels need, and nothing else', () => {
  expect(granted(namespaceLabels)).toEqual(needed('namespace-labels'));
});

test('there is no other feature', () => {
  expect([...new Set(rights.map(({ feature }) => feature))].sort()).toEqual([
    'certificates',
    'namespace-labels',
    'order-check',
  ]);
});

test('each role is bound to the ServiceAccount, and nothing else is', () => {
  const objects = [...base, ...namespaceLabels];
  const bindings = objects.filter((object): object is Binding => object.kind.endsWith('RoleBinding'));
  const bound = bindings.map(({ kind, roleRef }) => `${kind} → ${roleRef.kind} ${roleRef.name}`).sort();
  const roles = objects.filter(({ kind }) => kind.endsWith('Role'));
  expect(bound).toEqual(roles.map(({ kind, metadata: { name } }) => `${kind}Binding → ${kind} ${name}`).sort());
  const account = { kind: 'ServiceAccount', name: 'aloft', namespace: 'aloft-system' };
  expect(bindings.flatMap(({ subjects }) => subjects)).toEqual(bindings.map(() => account));
  expect(objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata)).toMatchObject([
    { name: account.name, namespace: account.namespace },
  ]);
});

type Binding = Manifest & { readonly roleRef: Readonly<Record<'kind' | 'name', string>>; readonly subjects: object[] };
