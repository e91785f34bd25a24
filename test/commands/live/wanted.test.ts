import { expect, test } from '@jest/globals';
import { namesObjects, parseWanted } from '../../../src/commands/live/wanted.js';

test.each<[string, readonly string[]]>([
  ['', []],
  ['pods', ['Pod']],
  ['pods,svc', ['Pod', 'Service']],
  ['pod/cart', ['Pod cart']],
  ['pod/cart deployment.apps/web', ['Pod cart', 'Deployment web']],
  ['po cart web', ['Pod cart', 'Pod web']],
  // A word that is a kind too is a name after a kind, as for kubectl.
  ['pod job', ['Pod job']],
  ['deploy/cart svc', ['Deployment cart', 'Service']],
])('"%s" is %o', (line, wanted) => {
  const parsed = parseWanted(line.split(' ').filter(Boolean));
  expect(
    'problem' in parsed ? parsed : parsed.map(({ resource, name }) => [resource.kind, name].filter(Boolean).join(' ')),
  ).toEqual(wanted);
});

test.each(['deploy/', 'cart', 'configmap/settings', 'pod/a/b', 'deploy/app.yaml/x'])('"%s" is none', (word) => {
  expect(parseWanted([word])).toEqual({
    problem: `"${word}": expected a kind or an object of the cluster, such as pods or deployment/cart`,
  });
});

test.each<[string, boolean]>([
  ['pod/cart', true],
  ['pods', true],
  ['pods,svc', true],
  ['deploy/', false],
  ['deploy/app.yaml', false],
  ['deploy/app.json', false],
  ['app.yaml', false],
  ['manifests', false],
  ['-', false],
])('whether "%s" can only be an object of a cluster: %s', (word, can) => {
  expect(namesObjects(word)).toBe(can);
});
