import { type Endpoint, tls } from './endpoint.js';

/**
 * Datadog's sites, by the names that `DD_SITE` takes.
 * Sources: docs.datadoghq.com/getting_started/site; DataDog/documentation assets/scripts/config/regions.config.js.
 */
export const datadogSites = [
  { site: 'datadoghq.com', name: 'US1' },
  { site: 'us3.datadoghq.com', name: 'US3' },
  { site: 'us5.datadoghq.com', name: 'US5' },
  { site: 'datadoghq.eu', name: 'EU1' },
  { site: 'ap1.datadoghq.com', name: 'AP1' },
  { site: 'ap2.datadoghq.com', name: 'AP2' },
  { site: 'ddog-gov.com', name: 'US1-FED' },
  { site: 'us2.ddog-gov.com', name: 'US2-FED' },
] as const;

/** A product, and the hosts it sends to: each is followed by a dot and the site. */
type Product = { readonly id: string; readonly purpose: string; readonly hosts: readonly string[] };

/**
 * What every agent sends. Its hosts carry the agent's version (`7-31-0-app.agent.`), which is why Datadog asks for the
 * wildcard; `trace.agent.` for APM is one of them.
 */
const core: readonly Product[] = [
  { id: 'agent', purpose: 'metrics, traces, flares', hosts: ['*.agent'] },
  { id: 'api', purpose: 'validity of API keys, events', hosts: ['api'] },
  { id: 'app', purpose: 'the same for agents before 7.18', hosts: ['app'] },
];

/**
 * What is sent besides, product by product. Left out: what browsers send (RUM), what only an installation fetches, and
 * logs over plain TCP, which Datadog no longer documents.
 * Sources: docs.datadoghq.com/agent/configuration/network, section "Destinations"; for `http-intake.logs` and `otlp`
 * regions.config.js as above; for `sourcemap-intake` DataDog/helm-charts
 * charts/datadog/templates/agent-cilium-network-policy.yaml.
 */
export const datadogProducts = [
  { id: 'apm', purpose: "tracers' own telemetry", hosts: ['instrumentation-telemetry-intake'] },
  { id: 'logs', purpose: 'logs', hosts: ['agent-http-intake.logs', 'http-intake.logs'] },
  { id: 'processes', purpose: 'processes, containers, network', hosts: ['process'] },
  { id: 'orchestrator', purpose: 'Kubernetes resources', hosts: ['orchestrator', 'contlcycle-intake'] },
  { id: 'profiling', purpose: 'profiles', hosts: ['intake.profile'] },
  { id: 'remote-configuration', purpose: 'remote configuration', hosts: ['config'] },
  { id: 'otlp', purpose: 'OTLP without an agent', hosts: ['otlp'] },
  { id: 'llm-observability', purpose: 'LLM observability', hosts: ['llmobs-intake'] },
  { id: 'container-images', purpose: 'container images', hosts: ['contimage-intake'] },
  { id: 'vulnerabilities', purpose: 'vulnerabilities', hosts: ['sbom-intake'] },
  { id: 'database-monitoring', purpose: 'database monitoring', hosts: ['dbm-metrics-intake', 'dbquery-intake'] },
  {
    id: 'network-devices',
    purpose: 'network devices',
    hosts: ['ndm-intake', 'ndmflow-intake', 'snmp-traps-intake'],
  },
  { id: 'network-path', purpose: 'network path', hosts: ['netpath-intake'] },
  {
    id: 'synthetics',
    purpose: 'private locations of synthetic tests',
    hosts: ['intake.synthetics', 'intake-v2.synthetics'],
  },
  { id: 'source-maps', purpose: 'source maps', hosts: ['sourcemap-intake'] },
] as const satisfies readonly Product[];

/** Where agents and tracers of a site send to, for some of the products; without a choice for all of them. */
export function datadogEndpoints(
  site: string,
  products: readonly string[] = datadogProducts.map(({ id }) => id),
): readonly Endpoint[] {
  const wanted: readonly Product[] = [...core, ...datadogProducts.filter(({ id }) => products.includes(id))];
  return wanted.flatMap(({ hosts, purpose }) => hosts.map((host) => tls(`${host}.${site}`, 443, purpose)));
}
