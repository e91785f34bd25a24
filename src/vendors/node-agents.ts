import type { EnvVar } from '../model/kubernetes.js';

/** What we know of the clients of an agent on their node: the variables that say where it listens, over TCP. */
type Client = {
  readonly id: string;
  /** Variables that hold a URL; where one is set, a host does not count. */
  readonly urls: readonly string[];
  /** Variables that hold a host, the one that holds its port, and the port where that is not set. */
  readonly host?: { readonly names: readonly string[]; readonly port: string; readonly otherwise: number };
};

/**
 * The clients whose variables are read. DogStatsD's port 8125 is not among them: it is UDP, which no sidecar captures.
 * Sources: DataDog/dd-trace-js and dd-trace-go, their configuration; the specification of OpenTelemetry's OTLP exporter.
 */
export const nodeClients = [
  {
    id: 'datadog',
    urls: ['DD_TRACE_AGENT_URL', 'DD_TRACE_URL'],
    host: { names: ['DD_AGENT_HOST', 'DD_TRACE_AGENT_HOSTNAME'], port: 'DD_TRACE_AGENT_PORT', otherwise: 8126 },
  },
  {
    id: 'opentelemetry',
    urls: ['', 'TRACES_', 'METRICS_', 'LOGS_'].map((signal) => `OTEL_EXPORTER_OTLP_${signal}ENDPOINT`),
  },
] as const satisfies readonly Client[];

export const nodeClientIds = nodeClients.map(({ id }) => id);
export type NodeClientId = (typeof nodeClients)[number]['id'];

/** A port of the node that a container sends to, and the variable that says so. */
export type NodePort = { readonly port: number; readonly variable: string };

/** The ports of its node that a container sends to, as far as its variables tell; a socket has none. */
export function nodePorts(
  variables: ReadonlyMap<string, EnvVar>,
  clients: readonly NodeClientId[],
): readonly NodePort[] {
  const chosen: readonly Client[] = nodeClients.filter(({ id }) => clients.includes(id));
  return chosen.flatMap(({ urls, host }) => {
    const set = urls.filter((name) => variables.has(name));
    if (set.length > 0) return set.flatMap((name) => portOfUrl(name, variables));
    const name = host?.names.find((candidate) => isNode(candidate, variables, deepest));
    return host && name ? portBeside(name, variables.get(host.port), host.otherwise) : [];
  });
}

/** The downward API's names of the node. */
const nodeFields: ReadonlySet<string> = new Set(['status.hostIP', 'spec.nodeName']);

/** How far a variable may refer to another; Kubernetes itself goes on for as long as earlier ones are named. */
const deepest = 4;

function isNode(name: string, variables: ReadonlyMap<string, EnvVar>, depth: number): boolean {
  const variable = variables.get(name);
  if (nodeFields.has(variable?.valueFrom?.fieldRef?.fieldPath ?? '')) return true;
  const [, reference] = /^\$\(([^()]+)\)$/.exec(variable?.value ?? '') ?? [];
  return reference !== undefined && depth > 0 && isNode(reference, variables, depth - 1);
}

/** `http://$(HOST_IP):4318/v1/traces`; without a port it would be that of the web, which nobody means. */
function portOfUrl(variable: string, variables: ReadonlyMap<string, EnvVar>): readonly NodePort[] {
  const [, host, port] =
    /^(?:[a-z]+:\/\/)?\[?\$\(([^()]+)\)\]?:(\d+)(?:\/.*)?$/i.exec(variables.get(variable)?.value ?? '') ?? [];
  if (host === undefined || !isNode(host, variables, deepest)) return [];
  return asPort(variable, Number(port));
}

function portBeside(host: string, port: EnvVar | undefined, otherwise: number): readonly NodePort[] {
  if (port?.valueFrom != null) return [];
  return asPort(host, port?.value ? Number(port.value) : otherwise);
}

const asPort = (variable: string, port: number): readonly NodePort[] =>
  Number.isInteger(port) && port >= 1 && port <= 65_535 ? [{ port, variable }] : [];
