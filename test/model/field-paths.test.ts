import { expect, test } from '@jest/globals';
import { elementPath, findContainer, imagePath, variablePath } from '../../src/model/field-paths.js';
import { showPath } from '../../src/model/problem.js';

const worker = { name: 'worker', image: 'b', env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] };
const pod = { spec: { containers: [{ name: 'app' }, worker], initContainers: [{ name: 'app' }] } };

test('of two variables with one name, the last one counts', () => {
  const placed = { list: 'containers', index: 1, container: worker } as const;
  expect(['A', 'B', 'C'].map((name) => showPath(variablePath(placed, name)))).toEqual([
    'spec.containers[1].env[2]',
    'spec.containers[1].env[1]',
    'spec.containers[1].env',
  ]);
});

test('a container is found by its name, in its own list', () => {
  expect(findContainer(pod, { list: 'containers', name: 'worker' })).toMatchObject({ index: 1, container: worker });
  expect(findContainer(pod, { list: 'initContainers', name: 'worker' })).toBeUndefined();
  expect(findContainer({}, { list: 'containers', name: 'app' })).toBeUndefined();
});

test('an image stands in its container', () => {
  expect(showPath(imagePath(pod, worker))).toBe('spec.containers[1].image');
});

test('what is not in a list stands for it', () => {
  expect([elementPath(['a'], 0), elementPath(['a'], -1)]).toEqual([['a', 0], ['a']]);
});
