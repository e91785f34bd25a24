import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Finding } from '../model/finding.js';
import { because, type Reason } from '../model/reason.js';
import { datadogPodFaults, datadogServiceFaults, isDatadogKey } from '../vendors/datadog-annotations.js';
import { isIstioKey, istioFaults } from '../vendors/istio-annotations.js';

const readers = ['istio', 'datadog'] as const;

const settings = z.strictObject({
  readers: z
    .array(z.enum(readers))
    .min(1)
    .default([...readers])
    .describe('whose annotations are checked'),
});
type Settings = z.infer<typeof settings>;

const shared = {
  id: 'annotation-lint',
  summary: 'finds annotations that Istio would refuse or misread, and those that Datadog would ignore',
  finds: [
    'istio-ip-range',
    'istio-port',
    'istio-value',
    'istio-json',
    'istio-proxy-config',
    'istio-scrape-port',
    'istio-inject-value',
    'istio-inject-conflict',
    'istio-ignored',
    'datadog-unreadable',
    'datadog-instance',
    'datadog-no-instances',
    'datadog-boolean',
    'datadog-v1-incomplete',
    'datadog-v1-lengths',
    'datadog-v1-masked',
    'datadog-unknown-container',
    'datadog-wrong-object',
    'datadog-legacy-prefix',
    'datadog-unknown-variable',
    'datadog-value',
    'datadog-no-effect',
    'datadog-precision',
  ],
  settings,
} as const;

/**
 * Checks what authors wrote for Istio and for Datadog's Autodiscovery: Istio's injector refuses the Pod over one value
 * it cannot read, the Agent says nothing at all (sources: the validators in `vendors`).
 */
export const annotationLint: Rule<'Pod', Settings> = {
  ...shared,
  kind: 'Pod',
  prepare: (chosen, cluster) => {
    const ofIstio = chosen.readers.includes('istio');
    const ofDatadog = chosen.readers.includes('datadog');
    return (pod) => {
      const { annotations, labels } = pod.metadata ?? {};
      const hasIstios = ofIstio && (some(annotations, isIstioKey) || some(labels, isIstioKey));
      const hasDatadogs = ofDatadog && some(annotations, isDatadogKey);
      if (!hasIstios && !hasDatadogs) return nothingToCheck;
      return found([
        ...(hasIstios ? istioFaults(pod, cluster.istioVersion) : []),
        ...(hasDatadogs ? datadogPodFaults(pod) : []),
      ]);
    };
  },
};

/** The same for Services, which carry Datadog's cluster checks and endpoint checks, and nothing of the injector's. */
export const annotationLintOnServices: Rule<'Service', Settings> = {
  ...shared,
  kind: 'Service',
  prepare: (chosen) => (service) =>
    chosen.readers.includes('datadog') && some(service.metadata?.annotations, isDatadogKey)
      ? found(datadogServiceFaults(service))
      : nothingToCheck,
};

const nothingToCheck: Finding = { skip: because('nothing-to-check') };

const found = (faults: readonly Reason[]): Finding =>
  faults.length === 0 ? { skip: because('nothing-wrong') } : { violations: faults };

function some(map: object | null | undefined, isOne: (key: string) => boolean): boolean {
  for (const key in map) if (isOne(key)) return true;
  return false;
}
