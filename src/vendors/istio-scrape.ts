import type { Pod } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import type { Reason } from '../model/reason.js';
import { annotationFault } from './annotation-reasons.js';
import { isUnsigned, parseGoBool } from './go-values.js';
import { isAtLeast } from './istio-version.js';
import { quoted } from './quoted-value.js';

const agentPort = '15020';
/** What Istio keeps for itself: nothing of an application is scraped there. */
const reservedPorts: ReadonlySet<number> = new Set([15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090]);

/**
 * Ports to be scraped over which Istio refuses the Pod since 1.31, when it merges the application's metrics with the
 * proxy's (istio/istio pkg/kube/inject/webhook.go applyPrometheusMerge). Before, nothing looks at them.
 */
export function scrapeFaults(pod: Pod, istioVersion: string | undefined): readonly Reason[] {
  const targets = targetFaults(annotationOf(pod, targetsKey), istioVersion);
  if (istioVersion === undefined || !isAtLeast(istioVersion, '1.31') || !isMerged(pod)) return targets;
  return [...portFaults(pod), ...targets];
}

function isMerged(pod: Pod): boolean {
  const scrape = spelt(pod, 'prometheus_io_scrape')[0]?.[1] ?? 'true';
  const merge = annotationOf(pod, 'prometheus.istio.io/merge-metrics') ?? 'true';
  return parseGoBool(scrape) !== false && parseGoBool(merge) !== false;
}

/** Prometheus turns everything but letters, digits and `_` into `_`, so one annotation has many spellings. */
const spelt = (pod: Pod, name: string): readonly (readonly [string, string])[] =>
  Object.entries(pod.metadata?.annotations ?? {}).filter(
    ([key]) => key.length === name.length && key.replaceAll(/[^a-zA-Z0-9_]/g, '_') === name,
  );

const portFaults = (pod: Pod): readonly Reason[] =>
  spelt(pod, 'prometheus_io_port').flatMap(([key, value]) => {
    // Already the merged endpoint, as gateways have it.
    if (value === agentPort || value === '') return [];
    const fault = portFault(value);
    return fault === undefined ? [] : [annotationFault('istio-scrape-port', key, `: ${fault}`)];
  });

function portFault(port: string): string | undefined {
  if (!isUnsigned(port, 65_535)) return `${quoted(port)} is no port: write the number of one of the application's`;
  return reservedPorts.has(Number(port)) ? `${port} is Istio's own: write one of the application's ports` : undefined;
}

const targetsKey = 'prometheus.istio.io/scrape-targets';

function targetFaults(targets: string | undefined, istioVersion: string | undefined): readonly Reason[] {
  if (targets === undefined) return [];
  if (istioVersion !== undefined && !isAtLeast(istioVersion, '1.31')) {
    return [annotationFault('istio-ignored', targetsKey, ' is not read before Istio 1.31: write prometheus.io/port')];
  }
  for (const target of targets.split(',')) {
    const fault = portFault(target.trim().split(':', 1)[0] ?? '');
    if (fault !== undefined) return [annotationFault('istio-scrape-port', targetsKey, `: ${fault}`)];
  }
  return [];
}
