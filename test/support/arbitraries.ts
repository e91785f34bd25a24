import fc from 'fast-check';

/** Values as they arrive on the wire: plain objects, no undefined, and `__proto__` a key like any other. */
const onTheWire = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  arbitrary.map((value) => JSON.parse(JSON.stringify(value)));

/** An object of which each member may be missing or null. */
const loose = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      Object.entries(members).map(([key, value]) => [key, fc.option(value, { nil: null, freq: 12 })] as const),
    ),
    { requiredKeys: [] },
  );

const hostile = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '/', '~', '~1', 'a/b~c'];
const oneOf = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

/** A map of strings with keys that mean something, keys that are traps, and any other. */
const mapOf = (keys: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<unknown> => {
  const known = Object.entries(keys).map(([key, values]) => fc.tuple(fc.constant(key), oneOf(...values)));
  const entry = fc.oneof(
    { weight: 6, arbitrary: fc.oneof(...known) },
    { weight: 1, arbitrary: fc.tuple(oneOf(...hostile), fc.string({ maxLength: 5 })) },
    { weight: 1, arbitrary: fc.tuple(fc.string({ maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 5 })) },
  );
  return fc.array(entry, { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
};

const inject = ['true', 'false', '', 'no', 'False', 'yes', 'True', 'maybe'];

const podLabels = mapOf({
  app: ['datadog-agent', 'cart', 'istiod', 'sysdig-agent', ''],
  version: ['v1', ''],
  team: ['observability', 'payments'],
  'agent.datadoghq.com/component': ['agent', 'cluster-agent'],
  'app.kubernetes.io/name': ['cart', 'kspm-collector', 'datadog-operator', 'agent'],
  'app.kubernetes.io/version': ['1.2.3'],
  'app.kubernetes.io/managed-by': ['dynatrace-operator', 'Helm'],
  'tags.datadoghq.com/env': ['prod', ''],
  'tags.datadoghq.com/service': ['checkout'],
  'tags.datadoghq.com/app.service': ['checkout-app'],
  'tags.datadoghq.com/version': ['7'],
  'sidecar.istio.io/inject': inject,
  'istio.io/dataplane-mode': ['none', 'ambient', ''],
  'gateway.networking.k8s.io/gateway-name': ['edge'],
  'pod-template-hash': ['7d4b9c6f5d'],
  tracing: ['on', 'off'],
});

const autodiscovery = [
  '',
  'null',
  '[]',
  '[[]]',
  '[{}]',
  '["istio"]',
  '{"istio":null}',
  '{"__proto__":{"instances":[{}]}}',
  '{"istio":{"instances":[{"a":"%%no%%","b":1e999}]}}',
  '{',
];

const podAnnotations = mapOf({
  'sidecar.istio.io/inject': inject,
  'sidecar.istio.io/status': ['{}'],
  'inject.istio.io/templates': ['gateway', 'sidecar'],
  'kubernetes.io/config.mirror': ['1'],
  'aloft.dev/exempt': [
    '*',
    'tracer-env',
    'agents-outside-mesh, other',
    'lint/datadog-unreadable, annotation-lint/istio-inject-value,annotation-lint/datadog-unknown-container',
    'egress,versions/agent-too-old',
    '',
  ],
  'aloft.dev/exempt-reason': ['see OPS-12', ''],
  'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': ['', 'cache', 'datadog', 'a, datadog', ' ,'],
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ['10.0.0.0/8', '10.0.0.1', '::/0, ', '', '::/0,::/0'],
  'traffic.sidecar.istio.io/excludeOutboundPorts': ['8126', ',', '-', '', '5432, 9092,5432'],
  'traffic.sidecar.istio.io/includeOutboundIPRanges': ['*', '', '10.0.0.0/8'],
  'traffic.sidecar.istio.io/includeOutboundPorts': ['8126', 'x', ''],
  'sidecar.istio.io/interceptionMode': ['NONE', 'TPROXY'],
  'proxy.istio.io/config': ['{', 'tracing: {}', 'proxyMetadata: { A: 1 }', '[', '&a [*a]', '__proto__: 1', ''],
  'prometheus.io/port': ['15090', 'x'],
  'apm.datadoghq.com/env': ['{"__proto__":{}}', '1'],
  'sidecar.istio.io/proxyCPU': ['', '1'],
  'ad.datadoghq.com/app.checks': autodiscovery,
  'ad.datadoghq.com/__proto__.checks': autodiscovery,
  'ad.datadoghq.com/.check.id': ['', 'app'],
  'ad.datadoghq.com/app.check.id': ['worker', '__proto__'],
  'ad.datadoghq.com/app.check_names': autodiscovery,
  'ad.datadoghq.com/app.init_configs': autodiscovery,
  'ad.datadoghq.com/app.instances': autodiscovery,
  'service-discovery.datadoghq.com/app.instances': autodiscovery,
  'ad.datadoghq.com/': [''],
  'resource.opentelemetry.io/service.name': ['basket', ''],
  'resource.opentelemetry.io/service.version': ['8'],
  'resource.opentelemetry.io/team': ['payments, europe', '$(TEAM)', '$(TEAM),service.name=x', ''],
  'resource.opentelemetry.io/': ['nothing'],
  'resource.opentelemetry.io/a=b,c ': ['d'],
  'resource.opentelemetry.io/half': ['\ud800'],
});

const variableNames = [
  'DD_AGENT_HOST',
  'DD_TRACE_AGENT_URL',
  'DD_TRACE_AGENT_PORT',
  'DD_DOGSTATSD_URL',
  'DD_ENTITY_ID',
  'DD_ENV',
  'DD_SERVICE',
  'DD_VERSION',
  'DD_TRACE_SAMPLE_RATE',
  'DD_TRACE_PROPAGATION_STYLE',
  'OTEL_SERVICE_NAME',
  'OTEL_NODE_IP',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_RESOURCE_ATTRIBUTES_POD_NAME',
  'OTEL_PROPAGATORS',
  'DD_CONTAINER_EXCLUDE',
  'DD_CONTAINER_EXCLUDE_LOGS',
  'DD_CONTAINER_INCLUDE_METRICS',
  'DD_AC_EXCLUDE',
  'LOG_LEVEL',
];

const attributes = [
  'team=a',
  'service.name=basket',
  'service.version=7,',
  ' , ,',
  'k8s.pod.name',
  '=',
  'service.namespace=a,k8s.namespace.name=b,k8s.container.name=c,k8s.pod.name=d,k8s.node.name=e',
];

const addresses = ['http://$(DD_AGENT_HOST):4318', 'https://$(OTEL_NODE_IP):443', '9126', '$(LOG_LEVEL)'];
const filters = ['name:a', ' name:a  image:b name:a', 'image:b name:a'];

const variable = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: oneOf(...variableNames) }, { weight: 1, arbitrary: oneOf(...hostile) }),
    loose({
      value: oneOf(
        '',
        'x',
        'grpc',
        'http/protobuf',
        '$(DD_AGENT_HOST)',
        'cart',
        ...attributes,
        ...addresses,
        ...filters,
      ),
    }),
    fc.option(
      fc.constantFrom<unknown>(
        null,
        {},
        { fieldRef: { fieldPath: 'status.hostIP' } },
        { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } },
        { secretKeyRef: { name: 'a', key: 'b' } },
      ),
      { nil: undefined, freq: 3 },
    ),
  )
  .map(([name, value, valueFrom]) => ({
    name,
    ...(value as object),
    ...(valueFrom === undefined ? {} : { valueFrom }),
  }));

const images = [
  'registry.corp:5000/shop/cart:1.2.3',
  'nginx',
  'redis:alpine@sha256:00',
  'gcr.io/datadoghq/agent:7',
  'datadog/agent:7.16.1-jmx',
  'datadog/cluster-agent:1.5.1',
  'gcr.io/datadoghq/agent:7.16.1@sha256:00',
  'gcr.io/datadoghq/dd-lib-js-init:v5',
  'quay.io/sysdig/kspm-collector:1',
  'docker.io/istio/proxyv2:1.28.0',
  'docker.io/istio/pilot:1.28.0',
  'auto',
  '',
  '@:/',
];

const container = fc
  .tuple(
    fc.oneof(
      {
        weight: 6,
        arbitrary: oneOf('app', 'worker', 'istio-proxy', 'istio-init', 'agent', 'process-agent', 'cluster-agent'),
      },
      { weight: 1, arbitrary: oneOf(...hostile) },
    ),
    loose({
      image: oneOf(...images),
      env: fc.array(variable, { maxLength: 5 }),
      envFrom: fc.array(loose({ prefix: oneOf('', 'DD_', 'OTEL_', 'X_'), configMapRef: fc.constant({ name: 'a' }) }), {
        maxLength: 1,
      }),
      volumeMounts: fc.array(
        fc.record({
          name: oneOf('datadog', 'apm', 'cache'),
          mountPath: oneOf('/var/run/datadog', '/var/run/datadog/', '/run/dd', '/etc/datadog-agent/datadog.yaml'),
        }),
        { maxLength: 2 },
      ),
      restartPolicy: fc.constant('Always'),
      resources: fc.constant({ limits: { cpu: 1 } }),
    }),
  )
  .map(([name, rest]) => ({ name, ...(rest as object) }));

const volume = fc
  .tuple(
    oneOf('datadog', 'apm', 'cache'),
    loose({ hostPath: fc.record({ path: oneOf('/var/run/datadog', '/run/dd/') }) }),
  )
  .map(([name, rest]) => ({ name, ...(rest as object) }));

const owner = fc.record({
  apiVersion: fc.constant('apps/v1'),
  kind: oneOf('ReplicaSet', 'Job', 'StatefulSet'),
  name: oneOf('cart-7d4b9c6f5d', 'import-29384400', ''),
  controller: fc.boolean(),
});

/** Pods as the API server may send them, with everything that has ever been a trap. */
export const pods = onTheWire(
  loose({
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Pod'),
    metadata: loose({
      name: oneOf('cart', ''),
      generateName: oneOf('cart-', ''),
      labels: podLabels,
      annotations: podAnnotations,
      ownerReferences: fc.array(owner, { maxLength: 2 }),
      uid: fc.constant('1'),
    }),
    spec: loose({
      containers: fc.array(container, { maxLength: 3 }),
      initContainers: fc.array(container, { maxLength: 2 }),
      volumes: fc.array(volume, { maxLength: 3 }),
      hostNetwork: fc.boolean(),
      nodeName: fc.constant('node-1'),
    }),
  }),
);

const servicePort = fc
  .tuple(
    fc.constantFrom(15010, 15012, 15014, 9093, 42422, 443, 80),
    loose({
      name: oneOf('http-monitoring', 'prometheus', 'https-dns', 'x'),
      protocol: oneOf('TCP', 'UDP'),
      targetPort: fc.constantFrom<unknown>(15014, 15017, 0, 'metrics'),
    }),
  )
  .map(([port, rest]) => ({ port, ...(rest as object) }));

const serviceLabels = mapOf({
  app: ['istiod', 'pilot', 'cart', 'mixer'],
  istio: ['pilot', 'mixer', 'galley', 'citadel', 'ingressgateway'],
  'istio-mixer-type': ['telemetry', 'policy'],
  'istio.io/tag': ['prod'],
});

/** Services as the API server may send them. */
export const services = onTheWire(
  loose({
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Service'),
    metadata: loose({
      name: fc.constant('istiod'),
      labels: serviceLabels,
      annotations: mapOf({
        'ad.datadoghq.com/endpoints.check_names': ['["istio"]', '["x"]'],
        'ad.datadoghq.com/endpoints.init_configs': ['[{}]'],
        'ad.datadoghq.com/endpoints.instances': ['[]'],
        'ad.datadoghq.com/endpoints.checks': ['{}'],
        'service-discovery.datadoghq.com/endpoints.checks': ['{}'],
        'aloft.dev/exempt': ['datadog-endpoint-checks'],
      }),
    }),
    spec: loose({
      type: oneOf('ClusterIP', 'ExternalName'),
      selector: serviceLabels,
      ports: fc.array(servicePort, { maxLength: 4 }),
    }),
  }),
);

const match = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object>(
      { namespaces: ['shop', 'pay*'] },
      { namespaces: ['other'] },
      { namespaceLabels: { 'istio-injection': 'enabled' } },
      { labels: { tracing: 'on' } },
      { owners: ['Deployment', 'StatefulSet'] },
      { images: ['shop/*'] },
    ),
  },
);

const ruleEntry = (rule: string, name: string, settings: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.record({
    rule: fc.constant(rule),
    name: fc.constant(name),
    mode: fc.oneof({ weight: 4, arbitrary: oneOf('enforce') }, { weight: 1, arbitrary: oneOf('warn', 'audit', 'off') }),
    match,
    settings,
  });

const tracerSettings = fc.constantFrom<object>(
  {},
  { agent: { via: 'service', service: 'agent.svc', port: 9126 }, environment: 'prod', propagators: ['b3'] },
  { agent: { via: 'socket' } },
  { agent: { via: 'socket', directory: '/run/dd' }, env: [{ name: 'DD_AGENT_HOST', value: 'x' }] },
  {
    env: [
      { name: 'DD_TRACE_SAMPLE_RATE', value: '1' },
      { name: 'OTEL_SERVICE_NAME', value: 'x' },
    ],
  },
  {
    env: [
      { name: 'LOG_LEVEL', value: '$(DD_AGENT_HOST)' },
      { name: 'DD_ENTITY_ID', value: '' },
    ],
  },
  { vendor: 'opentelemetry' },
  { vendor: 'opentelemetry', environment: 'a,b=c', agent: { via: 'service', service: 'otel.svc' } },
  { vendor: 'opentelemetry', env: [{ name: 'OTEL_EXPORTER_OTLP_PROTOCOL', value: 'grpc' }] },
  { vendor: 'opentelemetry', env: [{ name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'service.name=y' }] },
);

const egressSettings = fc.constantFrom<object>(
  {},
  { clients: [], ports: [4317] },
  { clients: ['datadog'], ports: [8126, 9092], ipRanges: ['10.0.0.0/8', '::/0'] },
);

const spanSettings = fc.constantFrom<object>(
  {},
  { sampling: 5, environment: 'a"b' },
  { agent: { via: 'mesh' } },
  { vendor: 'opentelemetry', agent: { via: 'service', service: 'otel.svc' } },
  { vendor: 'opentelemetry', agent: { via: 'mesh' } },
);

const filterSettings = fc.constantFrom<object>(
  {},
  { exclude: ['name:a'], excludeLogs: [], includeMetrics: ['image:b', 'name:c'], clusterAgent: true },
  { exclude: ['name:a', 'kube_namespace:d'], excludeMetrics: ['name:e'], include: ['name:f'] },
);

/** The `spec` of policies: every rule in every mode, twice where that makes sense, in scopes and with exemptions. */
export const specs: fc.Arbitrary<{ readonly rules: readonly object[] }> = fc.record({
  cluster: fc.record({
    dataPlaneMode: oneOf('sidecar', 'ambient', 'both'),
    istioVersion: fc.constantFrom(undefined, '1.4', '1.5', '1.26', '1.28', '1.31'),
    agents: fc.constantFrom<object[]>([], [{ name: 'own', labels: { team: 'obs*' }, images: ['shop/agent'] }]),
  }),
  rules: fc
    .tuple(
      ruleEntry('agents-outside-mesh', 'agents', fc.constantFrom<object>({}, { vendors: ['datadog'] })),
      ruleEntry(
        'datadog-endpoint-checks',
        'checks',
        fc.constantFrom<object>({}, { annotations: 'v2', histogramBuckets: false }),
      ),
      ruleEntry('tracer-env', 'tracers', tracerSettings),
      fc.option(ruleEntry('tracer-env', 'more-tracers', tracerSettings), { nil: undefined }),
      ruleEntry('proxy-tracing', 'spans', spanSettings),
      ruleEntry('agent-egress', 'egress', egressSettings),
      ruleEntry('agent-log-filter', 'filters', filterSettings),
      ruleEntry(
        'agent-version',
        'versions',
        fc.constantFrom<object>({}, { features: ['v2-annotations', 'ambient', 'container-filters'] }),
      ),
      ruleEntry(
        'annotation-lint',
        'lint',
        fc.constantFrom<object>({}, { readers: ['istio'] }, { readers: ['datadog'] }),
      ),
    )
    .map((entries) => entries.filter((entry) => entry !== undefined)),
  exemptions: fc.constantFrom<object[]>(
    [],
    [],
    [{ rules: ['tracers'], match: { labels: { app: 'cart' } }, reason: 'a', expires: '2026-11-21' }],
    [{ rules: ['*'], match: { images: ['nginx'] }, reason: 'b', expires: '2026-11-20' }],
    [{ rules: ['annotation-lint/istio-inject-value', 'annotation-lint/datadog-instance'], reason: 'c' }],
  ),
});

/** Any JSON value put somewhere into a value of another arbitrary. */
export const damaged = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(arbitrary, fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), onTheWire(fc.jsonValue()))
    .map(([value, way, splinter]) => damage(value, way, splinter));

function damage(value: unknown, [step, ...way]: readonly number[], splinter: unknown): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = step === undefined ? undefined : keys[step % (keys.length + 1)];
  if (key === undefined) return splinter;
  const inner = damage((value as Record<string, unknown>)[key], way, splinter);
  if (Array.isArray(value)) return value.with(Number(key), inner);
  return Object.fromEntries(Object.entries(value as object).map(([name, own]) => [name, name === key ? inner : own]));
}
