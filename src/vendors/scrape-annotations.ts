import type { StringMap } from '../model/kubernetes.js';

/** Where metrics are served, in Prometheus' format over plain HTTP, on every address of the Pod. */
export type MetricsEndpoint = { readonly port: number; readonly path: string };

/** How a monitoring system is told by annotations what to scrape. */
export type ScrapeReader = {
  readonly name: string;
  readonly prefix: string;
  /** What it reads besides Pods. */
  readonly services: boolean;
  /** What stands for an annotation that is missing; one without a value here changes what is scraped, or how often. */
  readonly defaults: StringMap;
  readonly source: string;
};

const prometheusPrefix = 'prometheus.io/';
const prometheusDefaults = { path: '/metrics', scheme: 'http' };

/** Who scrapes what is annotated; all three take one port for an object, and from a Service the port of its Pods. */
export const scrapeReaders = {
  prometheus: {
    name: 'Prometheus',
    prefix: prometheusPrefix,
    services: true,
    defaults: prometheusDefaults,
    source: 'prometheus-community/helm-charts charts/prometheus/values.yaml',
  },
  sysdig: {
    name: 'Sysdig',
    prefix: prometheusPrefix,
    services: false,
    defaults: prometheusDefaults,
    source: 'docs.sysdig.com collect-prometheus-metrics; the default process_filter of the agent (IBM/cloud docs)',
  },
  dynatrace: {
    name: 'Dynatrace',
    prefix: 'metrics.dynatrace.com/',
    services: true,
    defaults: { path: '/metrics', secure: 'false' },
    source: 'docs.dynatrace.com monitor-prometheus-metrics',
  },
} as const satisfies Record<string, ScrapeReader>;

/** The annotations that have an endpoint scraped; the port is always one of them, or every port would be tried. */
export function scrapeAnnotations({ prefix, defaults }: ScrapeReader, { port, path }: MetricsEndpoint): StringMap {
  const wanted = { [`${prefix}scrape`]: 'true', [`${prefix}port`]: String(port) };
  return path === defaults['path'] ? wanted : { ...wanted, [`${prefix}path`]: path };
}

const deciding = ['scrape', 'port', 'path', 'scheme', 'secure', 'scrape-slow'];

/** An annotation by which the author has decided otherwise, in any of the spellings that Prometheus takes for one. */
export function authorsScrape(annotations: StringMap, reader: ScrapeReader, wanted: StringMap): string | undefined {
  const known = new Map(deciding.map((name) => [sanitised(reader.prefix + name), name]));
  return Object.keys(annotations).find((key) => {
    const name = known.get(sanitised(key));
    if (name === undefined) return false;
    return annotations[key] !== (wanted[reader.prefix + name] ?? reader.defaults[name]);
  });
}

/** The endpoint that an object is annotated with for Prometheus, by its author or by Istio itself. */
export function annotatedEndpoint(annotations: StringMap): MetricsEndpoint | undefined {
  const read = (name: string) => {
    const wanted = sanitised(prometheusPrefix + name);
    const key = Object.keys(annotations).find((candidate) => sanitised(candidate) === wanted);
    return key === undefined ? undefined : annotations[key];
  };
  const port = read('port') ?? '';
  if (read('scrape') !== 'true' || !/^\d{1,5}$/.test(port)) return undefined;
  return { port: Number(port), path: read('path') ?? prometheusDefaults.path };
}

/** Prometheus' service discovery knows annotations by what is left when all but letters, digits and `_` become `_`. */
const sanitised = (key: string): string => key.replaceAll(/[^a-zA-Z0-9_]/g, '_');
