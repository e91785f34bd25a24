import { because } from '../model/reason.js';
import { type EnvGroup, fromField, type Identity, type Known, type Tracer, type Transport } from './tracer.js';

/** What Datadog's tracing libraries and DogStatsD clients read. */
export const datadogTracer = {
  id: 'datadog',
  name: 'Datadog',
  source:
    'DataDog/datadog-agent pkg/clusteragent/admission/mutate; DataDog/dd-trace-js and dd-trace-go, their configuration',
  transports: ['hostIP', 'service', 'socket'],
  identity: {
    service: [{ label: 'tags.datadoghq.com/<container>.service' }, { label: 'tags.datadoghq.com/service' }],
    environment: [{ label: 'tags.datadoghq.com/<container>.env' }, { label: 'tags.datadoghq.com/env' }],
    version: [{ label: 'tags.datadoghq.com/<container>.version' }, { label: 'tags.datadoghq.com/version' }],
  },
  env: ({ transport, propagators }) => {
    const byUid = because('entity-id', 'the Pod by its UID');
    const before = [
      ...agentAddress(transport),
      { env: [fromField('DD_ENTITY_ID', 'metadata.uid')], decidedBy: [], reason: byUid },
    ];
    const after = propagation(propagators);
    return ({ identity }) => [...before, ...unifiedServiceTags(identity), ...after];
  },
} as const satisfies Tracer;

/** Aliases of one another: `DD_TRACE_AGENT_URL` outranks host and port, so the two must never meet. */
const traceAddress = ['DD_TRACE_AGENT_URL', 'DD_TRACE_URL', 'DD_AGENT_HOST', 'DD_TRACE_AGENT_HOSTNAME'];
const statsAddress = ['DD_DOGSTATSD_URL', 'DD_DOGSTATSD_HOST', 'DD_DOGSTATSD_PORT', 'DD_AGENT_HOST'];

function agentAddress(transport: Transport): readonly EnvGroup[] {
  if (transport.via === 'socket') {
    const { directory } = transport;
    const reason = because('agent-socket', `the agent by its socket in ${directory}`);
    const traces = { name: 'DD_TRACE_AGENT_URL', value: `unix://${directory}/apm.socket` };
    const stats = { name: 'DD_DOGSTATSD_URL', value: `unix://${directory}/dsd.socket` };
    return [
      { env: [traces], decidedBy: [...traceAddress, 'DD_TRACE_AGENT_PORT'], reason, overSocket: true },
      { env: [stats], decidedBy: statsAddress, reason, overSocket: true },
    ];
  }
  const host =
    transport.via === 'hostIP'
      ? fromField('DD_AGENT_HOST', 'status.hostIP')
      : { name: 'DD_AGENT_HOST', value: transport.service };
  const port = transport.port === undefined ? [] : [{ name: 'DD_TRACE_AGENT_PORT', value: String(transport.port) }];
  const where = transport.via === 'hostIP' ? "the node's agent by its IP" : `the agent at ${transport.service}`;
  return [{ env: [host, ...port], decidedBy: traceAddress, reason: because('agent-address', where) }];
}

/** Literals, because the Agent's own reader of other containers' variables understands nothing else. */
const unifiedServiceTags = ({ service, environment, version }: Identity): readonly EnvGroup[] => [
  ...tag('DD_ENV', environment),
  ...tag('DD_SERVICE', service, ['DD_SERVICE_NAME', 'OTEL_SERVICE_NAME']),
  ...tag('DD_VERSION', version),
];

const tag = (name: string, known: Known | undefined, decidedBy: readonly string[] = []): readonly EnvGroup[] =>
  known === undefined
    ? []
    : [{ env: [{ name, value: known.value }], decidedBy, reason: because('service-identity', `from ${known.from}`) }];

const propagation = (styles: readonly string[]): readonly EnvGroup[] =>
  styles.length === 0
    ? []
    : [
        {
          env: [{ name: 'DD_TRACE_PROPAGATION_STYLE', value: styles.join(',') }],
          decidedBy: ['DD_TRACE_PROPAGATION_STYLE_EXTRACT', 'DD_TRACE_PROPAGATION_STYLE_INJECT', 'OTEL_PROPAGATORS'],
          reason: because('trace-context', 'the propagation style of the mesh'),
        },
      ];
