import { expect, test } from '@jest/globals';
import type { EnvVar } from '../../src/model/kubernetes.js';
import { nodeClientIds, nodePorts } from '../../src/vendors/node-agents.js';

const node: EnvVar = { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } };
const nodeName: EnvVar = { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } };
const pod: EnvVar = { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } };
const secret = (name: string): EnvVar => ({ name, valueFrom: {} });
const set = (name: string, value: string): EnvVar => ({ name, value });
const url = 'OTEL_EXPORTER_OTLP_ENDPOINT';

test.each<[string, readonly EnvVar[], readonly number[]]>([
  ['nothing', [], []],
  ['the node without a client', [node], []],
  ['the host by the node', [node, set('DD_AGENT_HOST', '$(NODE)')], [8126]],
  ['the host by the name of the node', [nodeName, set('DD_AGENT_HOST', '$(NODE_NAME)')], [8126]],
  ['the host by the Pod itself', [pod, set('DD_AGENT_HOST', '$(POD)')], []],
  ['the host by a reference that goes round', [set('A', '$(B)'), set('B', '$(A)'), set('DD_AGENT_HOST', '$(A)')], []],
  ['another port', [node, set('DD_AGENT_HOST', '$(NODE)'), set('DD_TRACE_AGENT_PORT', '9126')], [9126]],
  ['an empty port', [node, set('DD_AGENT_HOST', '$(NODE)'), set('DD_TRACE_AGENT_PORT', '')], [8126]],
  ['no port', [node, set('DD_AGENT_HOST', '$(NODE)'), set('DD_TRACE_AGENT_PORT', 'x')], []],
  ['a port that is too large', [node, set('DD_AGENT_HOST', '$(NODE)'), set('DD_TRACE_AGENT_PORT', '65536')], []],
  ['a port from elsewhere', [node, set('DD_AGENT_HOST', '$(NODE)'), secret('DD_TRACE_AGENT_PORT')], []],
  ['an alias of the host', [node, set('DD_TRACE_AGENT_HOSTNAME', '$(NODE)')], [8126]],
  ['a host that is no node', [node, set('DD_AGENT_HOST', 'datadog.monitoring')], []],
  ['a URL over the host', [node, set('DD_AGENT_HOST', '$(NODE)'), set('DD_TRACE_AGENT_URL', 'http://a:8126')], []],
  ['a URL from elsewhere', [node, set('DD_AGENT_HOST', '$(NODE)'), secret('DD_TRACE_AGENT_URL')], []],
  ['a URL', [node, set(url, 'http://$(NODE):4318')], [4318]],
  ['a URL with a path', [node, set(url, 'HTTP://$(NODE):4318/otlp')], [4318]],
  ['a URL of IPv6', [node, set(url, 'http://[$(NODE)]:4317')], [4317]],
  ['a URL without port', [node, set(url, 'http://$(NODE)')], []],
  ['a URL that only mentions the node', [node, set(url, 'http://a:4318/$(NODE):1')], []],
  ['a reference that no container expands', [node, set(url, 'http://$NODE:4318')], []],
])('%s: %#', (_, variables, ports) => {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  expect(nodePorts(byName, nodeClientIds).map(({ port }) => port)).toEqual(ports);
});

test('clients that were not chosen are not read', () => {
  const variables = new Map([node, set('DD_AGENT_HOST', '$(NODE)')].map((variable) => [variable.name, variable]));
  expect(nodePorts(variables, ['opentelemetry'])).toEqual([]);
});
