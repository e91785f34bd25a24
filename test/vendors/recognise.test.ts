import { describe, expect, test } from '@jest/globals';
import type { Container, Pod } from '../../src/model/kubernetes.js';
import { catalog } from '../../src/vendors/catalog.js';
import { createRecogniser } from '../../src/vendors/recognise.js';
import { type CustomAgent, customVendor } from '../../src/vendors/vendor.js';

const { recogniseAgent, isAgentImage, isHelperImage } = createRecogniser(catalog);

/** A Pod with labels and images; an image after `=` is that of a container with the name before it. */
function pod(labels: Record<string, string>, ...images: readonly string[]): Pod {
  const containers = images.map((image, index): Container => {
    const [name = '', named] = image.split('=');
    return named === undefined ? { name: `c${index}`, image } : { name, image: named };
  });
  return { metadata: { labels }, spec: { containers } };
}

const said = (of: Pod): string | undefined => {
  const found = recogniseAgent(of);
  return found && `${found.vendor.id} ${found.component?.id ?? '-'} ${found.evidence}`;
};

const part = 'app.kubernetes.io/component';
const name = 'app.kubernetes.io/name';
const manager = 'app.kubernetes.io/managed-by';
const own = 'agent.datadoghq.com/component';
const proxy = 'istio-proxy=docker.io/istio/proxyv2:1.28.0';
const mirrored = 'corp/monitoring:1';

describe('labels', () => {
  test.each<[string, Record<string, string>, string]>([
    ['Datadog Agent', { [own]: 'agent', app: 'dd' }, `datadog agent by label ${own}=agent`],
    ['Datadog Cluster Agent', { [own]: 'cluster-agent' }, `datadog cluster-agent by label ${own}=cluster-agent`],
    [
      "Helm's cluster checks runner, whose common label differs from Datadog's own",
      { [part]: 'clusterchecks-agent', [own]: 'cluster-checks-runner' },
      `datadog cluster-checks-runner by label ${own}=cluster-checks-runner`,
    ],
    [
      "Helm's cluster checks runner by its common label",
      { [part]: 'clusterchecks-agent' },
      `datadog cluster-checks-runner by label ${part}=clusterchecks-agent`,
    ],
    [
      "the Operator's OpenTelemetry gateway",
      { [own]: 'otel-agent-gateway' },
      `datadog otel-gateway by label ${own}=otel-agent-gateway`,
    ],
    [
      "Helm's OpenTelemetry gateway",
      { [part]: 'otel-agent-gateway' },
      `datadog otel-gateway by label ${part}=otel-agent-gateway`,
    ],
    ['a component of tomorrow', { [own]: 'new' }, `datadog other by label ${own}=new`],
    [
      "the Operator's Agent without Datadog's own label",
      { [part]: 'agent', [name]: 'datadog-agent-deployment' },
      `datadog agent by labels ${name}=datadog-agent-deployment and ${part}=agent`,
    ],
    ['what the Operator runs', { [manager]: 'datadog-operator' }, `datadog other by label ${manager}=datadog-operator`],
    ['plain Agent', { app: 'datadog-agent' }, 'datadog agent by label app=datadog-agent'],
    [
      'plain Cluster Agent',
      { app: 'datadog-cluster-agent' },
      'datadog cluster-agent by label app=datadog-cluster-agent',
    ],
    [
      'the Operator from kustomize',
      { [name]: 'datadog-operator', 'control-plane': 'controller-manager' },
      `datadog operator by label ${name}=datadog-operator`,
    ],
    [
      'CSI driver',
      { app: 'datadog-csi-driver-node-server' },
      'datadog csi-driver by label app=datadog-csi-driver-node-server',
    ],
    [
      'Synthetics private location',
      { [name]: 'synthetics-private-location' },
      `datadog synthetics by label ${name}=synthetics-private-location`,
    ],
    [
      'Observability Pipelines Worker',
      { [name]: 'observability-pipelines-worker' },
      `datadog pipelines by label ${name}=observability-pipelines-worker`,
    ],
    [
      'private action runner',
      { [name]: 'private-action-runner' },
      `datadog action-runner by label ${name}=private-action-runner`,
    ],
    ['Sysdig agent', { app: 'sysdig-agent', [name]: 'agent' }, 'sysdig agent by label app=sysdig-agent'],
    ['Sysdig shield', { 'sysdig/component': 'cluster' }, 'sysdig shield by label sysdig/component=cluster'],
    ['Sysdig KSPM', { [name]: 'kspm-collector' }, `sysdig kspm-collector by label ${name}=kspm-collector`],
    ['Sysdig cluster shield', { [name]: 'cluster-shield' }, `sysdig cluster-shield by label ${name}=cluster-shield`],
    [
      'OneAgent',
      { [name]: 'oneagent', [manager]: 'dynatrace-operator' },
      `dynatrace oneagent by labels ${name}=oneagent and ${manager}=dynatrace-operator`,
    ],
    [
      'ActiveGate',
      { [name]: 'activegate', [manager]: 'dynatrace-operator' },
      `dynatrace activegate by labels ${name}=activegate and ${manager}=dynatrace-operator`,
    ],
    [
      "Dynatrace's webhook",
      { [name]: 'dynatrace-operator', [part]: 'webhook' },
      `dynatrace webhook by labels ${name}=dynatrace-operator and ${part}=webhook`,
    ],
    [
      "Dynatrace's CSI driver",
      { 'internal.oneagent.dynatrace.com/app': 'csi-driver' },
      'dynatrace csi-driver by label internal.oneagent.dynatrace.com/app=csi-driver',
    ],
    [
      "Dynatrace's operator",
      { [name]: 'dynatrace-operator', [part]: 'operator' },
      `dynatrace operator by label ${name}=dynatrace-operator`,
    ],
    [
      "Dynatrace's extension controller",
      { [name]: 'dynatrace-extension-controller', [manager]: 'dynatrace-operator' },
      `dynatrace extension-controller by labels ${name}=dynatrace-extension-controller and ${manager}=dynatrace-operator`,
    ],
    ['the old OneAgent operator', { dynatrace: 'oneagent' }, 'dynatrace old-oneagent by label dynatrace=oneagent'],
    [
      "whatever Dynatrace's operator runs",
      { [name]: 'kubemon', [manager]: 'dynatrace-operator' },
      `dynatrace other by label ${manager}=dynatrace-operator`,
    ],
  ])('%s', (_, labels, expected) => {
    expect(said(pod(labels, mirrored))).toBe(expected);
  });

  test.each<[string, Record<string, string>]>([
    ['agent as a component', { [part]: 'agent' }],
    ['cluster agent as a component', { [part]: 'cluster-agent' }],
    ['agent as a name', { [name]: 'agent' }],
    ['admission controller', { [name]: 'admission-controller' }],
    ['shield', { [name]: 'shield' }],
    ['rapid response', { [name]: 'rapid-response' }],
    ['oneagent without its operator', { [name]: 'oneagent' }],
    ["Datadog's opt-out, which applications carry", { 'admission.datadoghq.com/enabled': 'false' }],
    ["Datadog's request for a sidecar", { 'agent.datadoghq.com/sidecar': 'fargate' }],
    ['service tags', { 'tags.datadoghq.com/service': 'shop', app: 'shop' }],
    ['a name that only starts like an agent', { app: 'datadog-agent-demo' }],
    ['a label named like a property of objects', { constructor: 'agent', toString: 'x' }],
  ])('do not count alone: %s', (_, labels) => {
    expect(said(pod(labels, mirrored))).toBeUndefined();
  });

  test('that anyone may use count with an image of the vendor, beside containers of others', () => {
    expect(said(pod({ [name]: 'agent' }, 'quay.io/sysdig/agent-slim:14', 'corp/proxy'))).toBe(
      `sysdig agent by label ${name}=agent and image quay.io/sysdig/agent-slim`,
    );
    expect(said(pod({ [part]: 'agent' }, 'datadog/agent', 'corp/proxy'))).toBe(
      `datadog agent by label ${part}=agent and image datadog/agent`,
    );
  });

  test('that anyone may use do not count where the agent is only a sidecar', () => {
    expect(said(pod({ [part]: 'agent' }, 'jenkins/inbound-agent', 'gcr.io/datadoghq/agent:7'))).toBeUndefined();
  });

  test('beat images, whatever the order of the catalog', () => {
    expect(said(pod({ dynatrace: 'oneagent' }, 'datadog/agent'))).toMatch(/^dynatrace /);
  });
});

describe('images', () => {
  test.each([
    'registry.datadoghq.com/agent:7.81.1',
    'gcr.io/datadoghq/agent:7',
    'eu.gcr.io/datadoghq/cluster-agent:7.51.0',
    'asia.gcr.io/datadoghq/agent',
    'us-docker.pkg.dev/datadoghq/gcr.io/agent:7',
    'europe-docker.pkg.dev/datadoghq/eu.gcr.io/cluster-agent:7',
    'public.ecr.aws/datadog/agent:7-jmx',
    'datadoghq.azurecr.io/agent:7-full',
    'docker.io/datadog/agent',
    'datadog/agent:latest',
    'datadog/agent:7.60.0-servercore',
    'mirror.corp:5000/proxy/docker.io/datadog/agent:7@sha256:0123',
    'mirror.corp/registry.datadoghq.com/operator@sha256:0123',
    'datadog/docker-dd-agent',
    'quay.io/sysdig/kspm-collector:1.39',
    'sysdig/agent',
    'public.ecr.aws/dynatrace/dynatrace-operator:v1.6.0',
    'abc12345.live.dynatrace.com/linux/oneagent:1.309',
    'abc12345.live.dynatrace.com/linux/activegate',
    'quay.io/dynatrace/dynatrace-oneagent-operator:v0.10.2',
  ])('of an agent: %s', (image) => {
    expect(isAgentImage(image)).toBe(true);
    expect(recogniseAgent(pod({}, image))?.evidence).toBe(
      `by image ${image.replace(/@.*/, '').replace(/:[^/]*$/, '')}`,
    );
  });

  test.each([
    '',
    'agent',
    'jenkins/agent',
    'corp/agent:v0.40',
    'notdatadog/agent',
    'datadog/agent-demo',
    'datadog/agent/tools',
    'corp/datadog-agent',
    'datadog/dd-lib-java-init:1',
    'docker.io/istio/proxyv2:1.28.0',
  ])('of no agent: "%s"', (image) => {
    expect(isAgentImage(image)).toBe(false);
    expect(recogniseAgent(pod({}, image))).toBeUndefined();
  });

  test.each([
    ['gcr.io/datadoghq/dd-lib-java-init:v1', true],
    ['mirror.corp/datadog/dd-lib-python-init@sha256:0123', true],
    ['us-docker.pkg.dev/datadoghq/gcr.io/dd-lib-js-init:5', true],
    ['registry.datadoghq.com/apm-inject:0', true],
    ['public.ecr.aws/dynatrace/dynatrace-codemodules:1.337', true],
    ['public.ecr.aws/dynatrace/dynatrace-operator:v1.6.0', true],
    ['abc12345.live.dynatrace.com/linux/codemodules', true],
    ['quay.io/sysdig/workload-agent:latest', true],
    ['gcr.io/datadoghq/agent:7', false],
    ['corp/dd-lib-java-init', false],
    ['corp/payments', false],
  ])('of a helper: %s is %s', (image, expected) => {
    expect(isHelperImage(image)).toBe(expected);
  });

  test.each<[string, Pod, string | undefined]>([
    ['nothing but agents', pod({}, 'datadog/agent', 'datadog/fips-proxy'), 'datadog - by image datadog/agent'],
    ['an agent with a sidecar of the mesh', pod({}, proxy, 'datadog/agent'), 'datadog - by image datadog/agent'],
    ['an application with an agent', pod({}, 'corp/shop', 'datadog/agent'), undefined],
    ['an agent with an application', pod({}, 'datadog/agent', 'corp/shop'), undefined],
    ['agents of two vendors', pod({}, 'datadog/agent', 'sysdig/agent'), undefined],
    ['only a sidecar of the mesh', pod({}, proxy), undefined],
    ['no containers', { spec: { containers: [] } }, undefined],
    ['no spec', {}, undefined],
    ['containers without an image', { spec: { containers: [{ name: 'a' }] } }, undefined],
    [
      'an agent, and a container without an image',
      { spec: { containers: [{ name: 'a', image: 'datadog/agent' }, { name: 'b' }] } },
      undefined,
    ],
    [
      'an application whose init container runs an agent image',
      {
        spec: {
          initContainers: [{ name: 'init', image: 'datadog/agent' }],
          containers: [{ name: 'shop', image: 'corp/shop' }],
        },
      },
      undefined,
    ],
  ])('in a Pod with %s', (_, given, expected) => {
    expect(said(given)).toBe(expected);
  });
});

describe("a policy's own agent", () => {
  const labelled = pod({ 'acme.io/role': 'collector-eu', tier: 'ops' }, 'corp/x');
  test.each<[string, CustomAgent, Pod, string | undefined]>([
    [
      'by labels',
      { name: 'acme', labels: { 'acme.io/role': 'collector-*' } },
      labelled,
      'by label acme.io/role=collector-eu',
    ],
    ['by all of its labels only', { name: 'acme', labels: { 'acme.io/role': '*', tier: 'web' } }, labelled, undefined],
    [
      'by an image',
      { name: 'acme', images: ['acme/*-agent'] },
      pod({}, 'r.io/acme/x-agent:1'),
      'by image r.io/acme/x-agent',
    ],
    [
      'by an image of one letter more',
      { name: 'acme', images: ['acme/agent?'] },
      pod({}, 'acme/agent2'),
      'by image acme/agent2',
    ],
    ['by whole segments only', { name: 'acme', images: ['acme/*-agent'] }, pod({}, 'notacme/x-agent'), undefined],
    [
      'by image although its labels are missing',
      { name: 'acme', labels: { tier: 'ops' }, images: ['acme/agent'] },
      pod({}, 'acme/agent'),
      'by image acme/agent',
    ],
    ['never by an empty set of labels', { name: 'acme', labels: {} }, labelled, undefined],
    ['never by nothing at all', { name: 'acme' }, labelled, undefined],
  ])('%s', (_, agent, given, expected) => {
    expect(createRecogniser([customVendor(agent)]).recogniseAgent(given)?.evidence).toBe(expected);
  });

  test('comes after the vendors before it, and by the earliest of several labels', () => {
    const acme = customVendor({ name: 'acme', labels: { app: 'datadog-agent' } });
    const agent = pod({ app: 'datadog-agent' }, 'corp/x');
    expect(createRecogniser([...catalog, acme]).recogniseAgent(agent)?.vendor.id).toBe('datadog');
    expect(createRecogniser([acme, ...catalog]).recogniseAgent(agent)).toEqual({
      vendor: { id: 'acme', name: 'acme' },
      component: { id: 'agent', name: 'agent' },
      evidence: 'by label app=datadog-agent',
      at: ['metadata', 'labels', 'app'],
    });
  });
});
