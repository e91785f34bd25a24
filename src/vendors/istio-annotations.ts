import type { Pod } from '../model/kubernetes.js';
import { annotationOf, labelOf } from '../model/metadata.js';
import type { Reason, ReasonCode } from '../model/reason.js';
import { annotationFault } from './annotation-reasons.js';
import { isQuantity, isUnsigned, parseGoBool } from './go-values.js';
import { ipRangeFault } from './ip-range.js';
import { injectionFaults, mayBeInjected } from './istio-injection.js';
import { proxyConfigFault } from './istio-proxy-config.js';
import { scrapeFaults } from './istio-scrape.js';
import { isAtLeast } from './istio-version.js';
import { quoted, shortened } from './quoted-value.js';

/**
 * What of a Pod's annotations Istio would refuse, ignore, or take for the opposite. What depends on the version is
 * looked for where the version is known (istio/istio pkg/kube/inject/validate.go, inject.go, webhook.go, and the
 * injection template, which fails on what it cannot render).
 */
export function istioFaults(pod: Pod, istioVersion: string | undefined): readonly Reason[] {
  const faults = [...injectionFaults(pod, istioVersion), ...ambientFaults(pod, istioVersion)];
  if (!mayBeInjected(pod)) return faults;
  for (const [key, { code, check }] of checks) {
    const value = annotationOf(pod, key);
    const fault = value === undefined ? undefined : check(value);
    if (fault !== undefined) faults.push(annotationFault(code, key, `: ${fault}`));
  }
  return [...faults, ...scrapeFaults(pod, istioVersion)];
}

type Check = {
  readonly code: ReasonCode;
  /** What is wrong with a value, and what to write; undefined where nothing is. */
  readonly check: (value: string) => string | undefined;
};

const ranges = (value: string): string | undefined =>
  value === '' ? undefined : firstFault(value.split(','), ipRangeFault);
const ports = (value: string): string | undefined =>
  value.trim() === '' ? undefined : firstFault(value.split(','), port);
const port = (value: string): string | undefined =>
  isUnsigned(value.trim(), 65_535) ? undefined : `${quoted(value)} is no port: write a number up to 65535`;
const allOr = (check: Check['check']) => (value: string) => (value === '*' ? undefined : check(value));

const count = (value: string): string | undefined =>
  isUnsigned(value, 4_294_967_295) ? undefined : `${quoted(value)} is no number: write digits only`;
const quantity = (value: string): string | undefined =>
  isQuantity(value) ? undefined : `${quoted(value)} is no quantity: write one such as 100m or 128Mi`;
const bool = (value: string): string | undefined =>
  parseGoBool(value) === undefined ? `${quoted(value)} is no boolean: write "true" or "false"` : undefined;
const mode = (value: string): string | undefined =>
  ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : `${quoted(value)} is none of REDIRECT, TPROXY and NONE`;

function firstFault(elements: readonly string[], check: Check['check']): string | undefined {
  for (const element of elements) {
    const fault = check(element);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The template ranges over it, which fails where it is not JSON. */
const json = (value: string): string | undefined => {
  const parsed = parseJson(value);
  return typeof parsed === 'object' && parsed !== null ? undefined : 'is no JSON: write an object or a list';
};

/** The template writes each value between quotes as it is. */
export const proxyEnvFault = (value: string): string | undefined => {
  const parsed = parseJson(value);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return 'is no JSON object of variables: write one such as {"DD_ENV":"prod"}';
  }
  for (const [name, own] of Object.entries(parsed)) {
    if (typeof own === 'object') return `${shortened(name)} is no text: write its value between quotes`;
    if (typeof own === 'string' && !/^(?:[^"\\]|\\.)*$/s.test(own))
      return `${shortened(name)} has a bare quote: write it as \\\\\\"`;
  }
  return undefined;
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const traffic = 'traffic.sidecar.istio.io';
const sidecar = 'sidecar.istio.io';
const readiness = 'readiness.status.sidecar.istio.io';

const checks: readonly (readonly [string, Check])[] = [
  [`${traffic}/includeOutboundIPRanges`, { code: 'istio-ip-range', check: allOr(ranges) }],
  [`${traffic}/excludeOutboundIPRanges`, { code: 'istio-ip-range', check: ranges }],
  [`${traffic}/includeInboundPorts`, { code: 'istio-port', check: allOr(ports) }],
  [`${traffic}/excludeInboundPorts`, { code: 'istio-port', check: ports }],
  [`${traffic}/excludeOutboundPorts`, { code: 'istio-port', check: ports }],
  ['status.sidecar.istio.io/port', { code: 'istio-port', check: port }],
  [`${readiness}/initialDelaySeconds`, { code: 'istio-value', check: count }],
  [`${readiness}/periodSeconds`, { code: 'istio-value', check: count }],
  [`${readiness}/failureThreshold`, { code: 'istio-value', check: count }],
  [`${sidecar}/interceptionMode`, { code: 'istio-value', check: mode }],
  ['prometheus.istio.io/merge-metrics', { code: 'istio-value', check: bool }],
  [`${sidecar}/proxyCPU`, { code: 'istio-value', check: quantity }],
  [`${sidecar}/proxyMemory`, { code: 'istio-value', check: quantity }],
  [`${sidecar}/proxyCPULimit`, { code: 'istio-value', check: quantity }],
  [`${sidecar}/proxyMemoryLimit`, { code: 'istio-value', check: quantity }],
  ['proxy.istio.io/config', { code: 'istio-proxy-config', check: proxyConfigFault }],
  [`${sidecar}/userVolume`, { code: 'istio-json', check: json }],
  [`${sidecar}/userVolumeMount`, { code: 'istio-json', check: json }],
  ['apm.datadoghq.com/env', { code: 'istio-json', check: proxyEnvFault }],
  // Not refused: Istio's default stands, and the default is the opposite of what a "no" asks for.
  [`${sidecar}/rewriteAppHTTPProbers`, { code: 'istio-ignored', check: bool }],
];

/** The keys and prefixes of what is looked at, to tell whether a Pod has any. */
export const isIstioKey = (key: string): boolean =>
  key.includes('istio.io/') || key === 'apm.datadoghq.com/env' || key.startsWith('prometheus');

/** Up to 1.21 an annotation kept a Pod out of ambient; since then only the label does. */
function ambientFaults(pod: Pod, istioVersion: string | undefined): Reason[] {
  const key = 'ambient.istio.io/redirection';
  if (istioVersion === undefined || !isAtLeast(istioVersion, '1.22')) return [];
  if (annotationOf(pod, key) !== 'disabled' || labelOf(pod, 'istio.io/dataplane-mode') === 'none') return [];
  const fix = 'label the Pod istio.io/dataplane-mode: none';
  return [annotationFault('istio-ignored', key, ` is not read since 1.22: ${fix}`)];
}
