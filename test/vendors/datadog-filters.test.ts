import { expect, test } from '@jest/globals';
import { agentImages, containerFilters, filterPattern, filterSettings } from '../../src/vendors/datadog-filters.js';

// What the expression uses means the same in Go as here.
const own = new RegExp(agentImages.replace('image:', ''));

test.each([
  'registry.datadoghq.com/agent:7.81.1',
  'gcr.io/datadoghq/agent:7',
  'us-docker.pkg.dev/datadoghq/gcr.io/cluster-agent:7.81.1-fips',
  'public.ecr.aws/datadog/agent@sha256:00',
  'datadoghq.azurecr.io/cluster-agent',
  'docker.io/datadog/agent:latest',
  'datadog/agent',
  'mirror.example.com:5000/proxy/datadog/agent:7',
])('%s is an Agent', (image) => expect(own.test(image)).toBe(true));

test.each([
  'grafana/agent:v0.40',
  'gcr.io/datadoghq/operator:1.29.0',
  'gcr.io/datadoghq/agent-tools:1',
  'shop/datadog-agent:1',
  'notdatadog/agent:1',
  'datadogs/agent:1',
])('%s is none', (image) => expect(own.test(image)).toBe(false));

test('the Agent would take the expression as one filter', () => expect(agentImages).toMatch(filterPattern));

test('every list has one variable, and every setting one list', () => {
  expect(containerFilters.map(({ setting }) => setting)).toEqual(filterSettings);
  expect(new Set(containerFilters.map(({ variable }) => variable)).size).toBe(filterSettings.length);
});
