import { expect, test } from '@jest/globals';
import type { Container } from '../../src/model/kubernetes.js';
import { type AgentFeatureId, agentFeatureIds, agesOf, versionOf } from '../../src/vendors/datadog-versions.js';

test.each<[string, readonly number[] | undefined]>([
  ['7.81.1', [7, 81, 1]],
  ['7.81.1-jmx', [7, 81, 1]],
  ['7.36.0-rc.1', [7, 36, 0]],
  ['v7.36.0', [7, 36, 0]],
  ['1.5', [1, 5]],
  ['7.36.0_fips', [7, 36, 0]],
  ['7', undefined],
  ['7-jmx', undefined],
  ['latest', undefined],
  ['', undefined],
  ['7.x', undefined],
  ['nightly-7.81.1', undefined],
  ['7.36.0beta', undefined],
  [`7.${'9'.repeat(400)}`, undefined],
])('the tag "%s" says %j', (tag, numbers) => expect(versionOf(tag)).toEqual(numbers));

const network = [{ name: 'DD_SYSTEM_PROBE_ENABLED', value: 'true' }];
const agent = (tag: string): Container => ({ name: 'agent', image: `datadog/agent:${tag}`, env: network });
const clusterAgent = (tag: string): Container => ({ name: 'cluster-agent', image: `datadog/cluster-agent:${tag}` });

/** For each feature the last release that lacks it, and the first that has it. */
test.each<[AgentFeatureId, Container, Container]>([
  ['endpoint-checks', agent('7.16.9'), agent('7.17.0')],
  ['endpoint-checks', agent('6.16.9'), agent('6.17.0')],
  ['endpoint-checks', clusterAgent('1.5.1'), clusterAgent('1.5.2')],
  ['v2-annotations', agent('7.35.9'), agent('7.36.0')],
  ['v2-annotations', agent('6.35.9'), agent('6.36.0')],
  ['v2-annotations', clusterAgent('1.19.9'), clusterAgent('1.20.0')],
  ['network-monitoring', agent('7.24.9'), agent('7.25.0')],
  ['network-monitoring', agent('6.24.9'), agent('6.25.0')],
  ['container-filters', agent('7.19.9'), agent('7.20.0')],
  ['container-filters', agent('6.19.9'), agent('6.20.0')],
  ['ambient', agent('7.77.9'), agent('7.78.0')],
  ['ambient', agent('6.99.0'), agent('8.0.0')],
])('%s: %#', (feature, last, first) => {
  const ages = [last, first].map((container) => agesOf({ spec: { containers: [container] } }, [feature]));
  expect(ages).toMatchObject([
    { tooOld: [{ code: 'agent-too-old', at: ['spec', 'containers', 0, 'image'] }], unknown: [] },
    { tooOld: [], unknown: [] },
  ]);
});

test('a Cluster Agent of the numbering that it shares with the Agent since 7.39 has everything', () => {
  const pod = { spec: { containers: [clusterAgent('7.39.0')] } };
  expect(agesOf(pod, agentFeatureIds)).toEqual({ tooOld: [], unknown: [] });
});

test('network monitoring is asked for by the Pod only', () => {
  const pod = { spec: { containers: [{ name: 'agent', image: 'datadog/agent:7.17.0' }] } };
  expect(agesOf(pod, ['network-monitoring'])).toEqual({ tooOld: [], unknown: [] });
});

test('a warning says which Agent, which feature and from which version, and fits a warning of the API server', () => {
  const pod = { spec: { containers: [agent('6.1.0-jmx'), clusterAgent('1.0.0')] } };
  const tooOld = agesOf(pod, agentFeatureIds)?.tooOld ?? [];
  const texts = tooOld.map(({ message }) => message);
  expect(texts).toContain('Datadog Cluster Agent 1.0.0 is too old for v2 annotations: upgrade to 1.20 or later');
  expect(texts).toHaveLength(7);
  for (const text of texts) expect(`aloft agent-version: ${text}`.length).toBeLessThanOrEqual(120);
});
