import type { Pod } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import { isUnsigned } from './go-values.js';
import { ipRangeFault } from './ip-range.js';

const prefix = 'traffic.sidecar.istio.io';

/** What of a Pod's outbound traffic its sidecar captures, as far as annotations say. */
export type Capture = {
  /** `listed`: the author wrote down the ranges, and Istio reads exclusions of ranges only beside `*`. */
  readonly ranges: 'all' | 'listed' | 'none';
  /** Captured whatever the ranges say. */
  readonly ports: ReadonlySet<number>;
};

/**
 * Reads what the author wants captured: `includeOutboundIPRanges` is `*` unless it is set, and empty for nothing
 * (istio/api annotation/annotations.yaml; istio/istio tools/istio-iptables/pkg/capture/run.go).
 */
export function outboundCapture(pod: Pod): Capture {
  const ranges = annotationOf(pod, `${prefix}/includeOutboundIPRanges`) ?? '*';
  const ports = annotationOf(pod, `${prefix}/includeOutboundPorts`) ?? '';
  if (annotationOf(pod, 'sidecar.istio.io/interceptionMode') === 'NONE') return { ranges: 'none', ports: new Set() };
  return {
    ranges: ranges === '*' ? 'all' : ranges === '' ? 'none' : 'listed',
    ports: new Set(ports.split(',').filter(isPort).map(Number)),
  };
}

/** Whether the rules that redirect traffic are written down in the Pod already, where annotations no longer reach. */
export const isRedirectionSettled = (pod: Pod): boolean =>
  (pod.spec?.initContainers ?? []).some(({ name }) => name === 'istio-init');

/** A list of what passes the sidecar by. */
export type Exclusion = {
  readonly key: string;
  /** Whether Istio takes an element; it refuses the whole Pod over one that it does not. */
  readonly isElement: (text: string) => boolean;
  /** What is the same for two elements that mean the same. */
  readonly canonical: (text: string) => string;
};

const isPort = (text: string): boolean => isUnsigned(text.trim(), 65_535);

/** The ports to which nothing is captured, whatever the destination; spaces around them do no harm. */
export const excludedPorts: Exclusion = {
  key: `${prefix}/excludeOutboundPorts`,
  isElement: isPort,
  canonical: (text) => String(Number(text)),
};

/** The ranges to which nothing is captured; one space is enough for Istio to refuse the Pod. */
export const excludedRanges: Exclusion = {
  key: `${prefix}/excludeOutboundIPRanges`,
  isElement: (text) => ipRangeFault(text) === undefined,
  canonical: (text) => text.toLowerCase(),
};

/**
 * The author's list with what it lacks behind it, without spaces and each element once; as it is where it lacks nothing.
 * Undefined where Istio would refuse the list, which is then no list to add to.
 */
export function extendList(
  authors: string,
  wanted: readonly string[],
  { isElement, canonical }: Exclusion,
): string | undefined {
  const elements = authors.trim() === '' ? [] : authors.split(',');
  if (!elements.every(isElement)) return undefined;
  const present = new Set(elements.map((element) => canonical(element.trim())));
  const missing = wanted.filter((element) => !present.has(canonical(element)));
  if (missing.length === 0) return authors;
  const list = [...elements.map((element) => element.trim()), ...missing];
  return list
    .filter((one, index) => list.findIndex((other) => canonical(other) === canonical(one)) === index)
    .join(',');
}
