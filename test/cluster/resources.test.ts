import { expect, test } from '@jest/globals';
import { pathOf, resourceCalled, resources } from '../../src/cluster/resources.js';

test.each<[string, string | undefined]>([
  ['pod', 'Pod'],
  ['Pods', 'Pod'],
  ['po', 'Pod'],
  ['svc', 'Service'],
  ['deploy', 'Deployment'],
  ['sts', 'StatefulSet'],
  ['ds', 'DaemonSet'],
  ['rs', 'ReplicaSet'],
  ['rc', 'ReplicationController'],
  ['replicationcontrollers', 'ReplicationController'],
  ['job', 'Job'],
  ['jobs', 'Job'],
  ['cj', 'CronJob'],
  // As `kubectl get -o name` prints it, and with the version.
  ['deployment.apps', 'Deployment'],
  ['deployments.v1.apps', 'Deployment'],
  ['deployment.batch', undefined],
  ['pod.apps', undefined],
  ['configmap', undefined],
  ['', undefined],
])('"%s" is %s', (word, kind) => {
  expect(resourceCalled(word)?.kind).toBe(kind);
});

test.each<[string, { readonly namespace?: string; readonly name?: string }, string]>([
  ['Pod', {}, '/api/v1/pods'],
  ['Pod', { namespace: 'shop' }, '/api/v1/namespaces/shop/pods'],
  ['Pod', { namespace: 'shop', name: 'cart' }, '/api/v1/namespaces/shop/pods/cart'],
  ['CronJob', { namespace: 'shop' }, '/apis/batch/v1/namespaces/shop/cronjobs'],
  ['Service', { namespace: 'a/b', name: '../secrets' }, '/api/v1/namespaces/a%2Fb/services/..%2Fsecrets'],
])('a %s in %o', (kind, place, path) => {
  const resource = resources.find((one) => one.kind === kind);
  expect(resource && pathOf(resource, resource.versions[0], place)).toBe(path);
});
