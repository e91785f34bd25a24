import { annotationPath } from '../model/field-paths.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import { isUnsigned } from './go-values.js';
import { ipRangeFault } from './ip-range.js';

const prefix = 'traffic.sidecar.istio.io';
const rangesKey = `${prefix}/includeOutboundIPRanges`;
const portsKey = `${prefix}/includeOutboundPorts`;
const modeKey = 'sidecar.istio.io/interceptionMode';
const rangesPath = annotationPath(rangesKey);
const modePath = annotationPath(modeKey);

/** Where the author says which ports are captured whatever their addresses. */
export const capturedPortsPath = annotationPath(portsKey);

/** What of a Pod's outbound traffic its sidecar captures, as far as annotations say. */
export type Capture = {
  /** `listed`: the author wrote down the ranges, and Istio reads exclusions of ranges only beside `*`. */
  readonly ranges: 'all' | 'listed' | 'none';
  /** Captured whatever the ranges say. */
  readonly ports: ReadonlySet<number>;
  /** Where the author says so of the ranges. */
  readonly at: Path;
};

/**
 * Reads what the author wants captured: `includeOutboundIPRanges` is `*` unless it is set, and empty for nothing
 * (istio/api annotation/annotations.yaml; istio/istio tools/istio-iptables/pkg/capture/run.go).
 */
export function outboundCapture(pod: Pod): Capture {
  const ranges = annotationOf(pod, rangesKey) ?? '*';
  const ports = annotationOf(pod, portsKey) ?? '';
  if (annotationOf(pod, modeKey) === 'NONE') return { ranges: 'none', ports: new Set(), at: modePath };
  return {
    ranges: ranges === '*' ? 'all' : ranges === '' ? 'none' : 'listed',
    ports: new Set(ports.split(',').filter(isPort).map(Number)),
    at: rangesPath,
  };
}

/**
 * Where the rules that redirect traffic are written down in the Pod already, out of reach of annotations; undefined where
 * they are not.
 */
export function redirectionPath(pod: Pod): Path | undefined {
  const index = (pod.spec?.initContainers ?? []).findIndex(({ name }) => name === 'istio-init');
  return index < 0 ? undefined : ['spec', 'initContainers', index];
}

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
