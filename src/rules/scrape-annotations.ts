import { z } from 'zod';
import type { Rule } from '../engine/rule.js';
import type { Edit } from '../model/edit.js';
import type { Finding } from '../model/finding.js';
import type { Kind, Pod, StringMap } from '../model/kubernetes.js';
import { because, type Reason } from '../model/reason.js';
import { authorsAnnotation } from '../vendors/annotation-reasons.js';
import { metricsOfService } from '../vendors/control-plane-scrape.js';
import { mayBeInjected } from '../vendors/istio-injection.js';
import { metricsOfIstio, mixerMetrics, servedByService } from '../vendors/istio-metrics.js';
import {
  annotatedEndpoint,
  authorsScrape,
  type MetricsEndpoint,
  type ScrapeReader,
  scrapeAnnotations,
  scrapeReaders,
} from '../vendors/scrape-annotations.js';

const readers = ['prometheus', 'sysdig', 'dynatrace'] as const satisfies readonly (keyof typeof scrapeReaders)[];

const settings = z
  .strictObject({
    readers: z
      .array(z.enum(readers))
      .min(1)
      .default([...readers])
      .describe('who scrapes; Prometheus and Sysdig read the same annotations'),
    annotate: z
      .enum(['pods', 'services'])
      .default('pods')
      .describe('where: `services` takes effect without a restart, for what has a Service with a port for metrics'),
    mixer: z
      .enum(mixerMetrics)
      .default('mesh')
      .describe("which of Mixer's ports, because only one can be named: 42422, its own, or 9102 before Istio 0.8"),
  })
  .refine(({ annotate, readers: chosen }) => annotate === 'pods' || chosen.every((id) => scrapeReaders[id].services), {
    path: ['annotate'],
    message: 'expected `pods`, or `readers` without sysdig: it reads the annotations of Pods only',
  });
type Settings = z.infer<typeof settings>;

const shared = {
  id: 'scrape-annotations',
  summary: "has Istio's own Pods or Services scraped by Prometheus, Sysdig and Dynatrace",
  settings,
} as const;

/**
 * Annotates Istio's Pods, from 0.2 to ambient, for those who scrape what is annotated. Istio does so itself since 1.6, for
 * Prometheus only (sources: the readers in `vendors/scrape-annotations.ts`, the ports in `vendors/istio-metrics.ts`).
 */
export const scrapeAnnotationsOfPods: Rule<'Pod', Settings> = {
  ...shared,
  kind: 'Pod',
  prepare: (chosen, cluster) => (pod) => {
    const known = metricsOfIstio(pod, cluster.istioVersion, chosen.mixer);
    if (known === undefined) return { skip: because('not-istio') };
    const { component } = known;
    const annotations: StringMap = pod.metadata?.annotations ?? {};
    // What Istio or the author tells Prometheus holds for the others too.
    const annotated = annotatedEndpoint(annotations);
    const served = annotated === undefined ? known : { component, endpoint: annotated };
    if ('unserved' in served) return { skip: served.unserved };
    const why = (reader: ScrapeReader) =>
      elsewhere('Pod', component, reader, chosen) ?? (annotated ? undefined : injectors(pod, component, reader));
    return findingFor(readersOf(chosen), annotations, { ...served, why });
  },
};

/** The same for the Services of the control plane, where the policy prefers them; never for both. */
export const scrapeAnnotationsOfServices: Rule<'Service', Settings> = {
  ...shared,
  kind: 'Service',
  prepare: (chosen) => (service) => {
    const known = metricsOfService(service, chosen.mixer);
    if ('code' in known) return { skip: known };
    const { component, port } = known;
    return findingFor(readersOf(chosen), service.metadata?.annotations ?? {}, {
      component,
      endpoint: { port, path: '/metrics' },
      why: (reader) => elsewhere('Service', component, reader, chosen),
    });
  },
};

/** The chosen readers, each once: two of them may read the same annotations. */
const readersOf = ({ readers: chosen }: Settings): readonly ScrapeReader[] =>
  chosen
    .map((id) => scrapeReaders[id])
    .filter(({ prefix }, index, all) => all.findIndex((other) => other.prefix === prefix) === index);

/** Why the annotations belong on the object's counterpart: on both, everything would be counted twice. */
function elsewhere(kind: Kind, component: string, reader: ScrapeReader, { annotate }: Settings): Reason | undefined {
  // Istio annotates istiod's Pods for Prometheus since 1.6, and nobody can tell from the Service whether it did.
  const keepsToPods = component === 'istiod' && reader.prefix === scrapeReaders.prometheus.prefix;
  const side: Kind = annotate === 'services' && servedByService.has(component) && !keepsToPods ? 'Service' : 'Pod';
  return side === kind ? undefined : because('scraped-elsewhere', `${reader.name} finds ${component} by its ${side}s`);
}

/** Why Istio's injector is left to it: since 1.31 it refuses a Pod that names one of its own ports. */
const injectors = (pod: Pod, component: string, { prefix }: ScrapeReader): Reason | undefined =>
  component === 'gateway' && prefix === scrapeReaders.prometheus.prefix && mayBeInjected(pod)
    ? because('injector-annotates')
    : undefined;

type Scraped = {
  readonly component: string;
  readonly endpoint: MetricsEndpoint;
  readonly why: (reader: ScrapeReader) => Reason | undefined;
};

function findingFor(
  chosen: readonly ScrapeReader[],
  annotations: StringMap,
  { component, endpoint, why }: Scraped,
): Finding {
  const edits: Edit[] = [];
  const notes: Reason[] = [];
  for (const reader of chosen) {
    const wanted = scrapeAnnotations(reader, endpoint);
    const authors = authorsScrape(annotations, reader, wanted);
    const kept = why(reader) ?? (authors && authorsAnnotation(authors));
    if (kept) {
      notes.push(kept);
      continue;
    }
    const reason = because('istio-metrics', `${component} on ${endpoint.port}, for ${reader.name}`);
    for (const [key, value] of Object.entries(wanted)) edits.push({ kind: 'annotation', key, value, reason });
  }
  const [first] = notes;
  return edits.length === 0 && first ? { skip: first } : { edits, notes };
}
