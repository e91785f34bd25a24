import { because } from '../model/reason.js';
import { keysOf } from './env-group.js';
import { type EnvGroup, fromField, type Tracer, type TracerInput, type Transport } from './tracer.js';

/** What OpenTelemetry SDKs read, as the OpenTelemetry Operator writes it. */
export const opentelemetryTracer = {
  id: 'opentelemetry',
  name: 'OpenTelemetry',
  source: 'open-telemetry/opentelemetry-operator internal/instrumentation/sdk.go',
  transports: ['hostIP', 'service'],
  identity: {
    service: [{ annotation: 'resource.opentelemetry.io/service.name' }],
    environment: [{ annotation: 'resource.opentelemetry.io/deployment.environment.name' }],
    version: [{ annotation: 'resource.opentelemetry.io/service.version' }],
  },
  env: ({ transport, propagators }) => {
    const formats = (propagators.length > 0 ? propagators : defaultPropagators).join(',');
    const reason = because('trace-context', 'the propagation formats of the mesh');
    const propagation = { env: [{ name: 'OTEL_PROPAGATORS', value: formats }], decidedBy: [], reason };
    return (input) => [exporter(transport, input), ...serviceName(input), resourceAttributes(input), propagation];
  },
} as const satisfies Tracer;

const defaultPropagators = ['tracecontext', 'baggage'];
const resourceAnnotation = 'resource.opentelemetry.io/';

/** The port that each protocol of OTLP has by convention. */
const ports = { grpc: 4317, 'http/protobuf': 4318, 'http/json': 4318 } as const;
const isProtocol = (text: string): text is keyof typeof ports => Object.hasOwn(ports, text);

/** Endpoint and protocol fit together, also where the author or the policy has chosen the protocol. */
function exporter(transport: Transport, { presetValue }: TracerInput): EnvGroup {
  const protocolName = 'OTEL_EXPORTER_OTLP_PROTOCOL';
  const preset = presetValue(protocolName);
  const known = typeof preset === 'string' && isProtocol(preset);
  const protocol = known ? preset : 'http/protobuf';
  const port = (transport.via === 'socket' ? undefined : transport.port) ?? ports[protocol];
  const host = transport.via === 'service' ? transport.service : '$(OTEL_NODE_IP)';
  const node = transport.via === 'service' ? [] : [fromField('OTEL_NODE_IP', 'status.hostIP')];
  const env = [...node, { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: `http://${host}:${port}` }];
  const where = transport.via === 'service' ? `the collector at ${host}` : "the node's collector by its IP";
  return {
    env: known ? env : [...env, { name: protocolName, value: protocol }],
    decidedBy: ['TRACES', 'METRICS', 'LOGS'].map((signal) => `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`),
    reason: because('agent-address', where),
  };
}

const serviceName = ({ identity, presetValue }: TracerInput): readonly EnvGroup[] =>
  identity.service === undefined || keysOf(presetValue('OTEL_RESOURCE_ATTRIBUTES') ?? '').has('service.name')
    ? []
    : [
        {
          env: [{ name: 'OTEL_SERVICE_NAME', value: identity.service.value }],
          decidedBy: [],
          reason: because('service-identity', `from ${identity.service.from}`),
        },
      ];

function resourceAttributes({ identity, namespace, container, annotations }: TracerInput): EnvGroup {
  const podName = 'OTEL_RESOURCE_ATTRIBUTES_POD_NAME';
  const nodeName = 'OTEL_RESOURCE_ATTRIBUTES_NODE_NAME';
  const entries: [string, string | undefined][] = [
    ...authorsAttributes(annotations),
    ['service.version', identity.version?.value],
    ['deployment.environment.name', identity.environment?.value],
    ['service.namespace', namespace],
    ['k8s.namespace.name', namespace],
    ['k8s.container.name', container],
    ['k8s.pod.name', `$(${podName})`],
    ['k8s.node.name', `$(${nodeName})`],
  ];
  const known = new Map<string, string>();
  for (const [key, value] of entries) {
    if (value !== undefined && !known.has(key)) known.set(key, encodeAttribute(value));
  }
  return {
    env: [fromField(podName, 'metadata.name'), fromField(nodeName, 'spec.nodeName')],
    decidedBy: [],
    reason: because('service-identity', 'what the SDK cannot know by itself'),
    merged: { name: 'OTEL_RESOURCE_ATTRIBUTES', entries: [...known] },
  };
}

/** `resource.opentelemetry.io/<attribute>` on the Pod; the service's name has a variable of its own. */
const authorsAttributes = (annotations: TracerInput['annotations']): [string, string][] =>
  Object.entries(annotations)
    .filter(([key]) => key.startsWith(resourceAnnotation))
    .map(([key, value]): [string, string] => [key.slice(resourceAnnotation.length), value])
    .filter(([key]) => attributeName.test(key) && key !== 'service.name')
    .sort(([one], [other]) => (one < other ? -1 : 1));

// What the API server lets stand behind the slash of an annotation; it looks at the Pod only after we did.
const attributeName = /^[\w.-]+$/;

/** Percent-encoded as the specification asks, but for what is nothing else than a reference to another variable. */
const encodeAttribute = (value: string): string =>
  /^\$\([\w.-]+\)$/.test(value) ? value : encodeURIComponent(value.toWellFormed());
