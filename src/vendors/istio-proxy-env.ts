import { annotationPath, containerPath } from '../model/field-paths.js';
import { asRecord } from '../model/json.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf, containersOf } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import type { Reason } from '../model/reason.js';
import { annotationFault } from './annotation-reasons.js';
import { isInjected } from './istio.js';
import { proxyEnvFault } from './istio-annotations.js';
import { quoteYaml } from './yaml-text.js';

/**
 * The annotation with variables for the sidecar, as a JSON object: read by Istio's injection template from 1.3 on, where
 * `global.proxy.tracer` is `datadog` (istio/istio#16594).
 */
export const proxyEnvKey = 'apm.datadoghq.com/env';

/** A text as Istio's injection template needs it: the template writes it between double quotes, as it is. */
export const forTemplate = (value: string): string => quoteYaml(value).slice(1, -1);

/** The names of the variables that the author's annotation sets, with their values. */
export function readProxyEnv(authors: string | undefined): ReadonlyMap<string, unknown> {
  return new Map(authors === undefined || proxyEnvFault(authors) !== undefined ? [] : entriesOf(authors));
}

/** A place where a variable is set, as a fragment of a sentence and as a path. */
type SetIn = { readonly says: string; readonly at: Path };

/** Variables of a Pod's proxy by other means than its configuration, which would stand there twice. */
export function variablesSetElsewhere(pod: Pod): ReadonlyMap<string, SetIn> {
  const places = new Map<string, SetIn>();
  const inAnnotation = { says: proxyEnvKey, at: annotationPath(proxyEnvKey) };
  for (const variable of readProxyEnv(annotationOf(pod, proxyEnvKey)).keys()) places.set(variable, inAnnotation);
  if (isInjected(pod)) return places; // what is there now comes from the annotation
  for (const placed of containersOf(pod)) {
    if (placed.container.name !== 'istio-proxy') continue;
    for (const [index, { name }] of (placed.container.env ?? []).entries()) {
      places.set(name, { says: 'istio-proxy', at: containerPath(placed, 'env', index) });
    }
  }
  return places;
}

/** The annotation with what it lacked; the variables that its author has set otherwise. */
export type MergedEnv = { readonly text: string; readonly kept: readonly string[] };

/** Adds variables to the author's annotation, which stays as it is; gives a reason where the template fails on it. */
export function mergeProxyEnv(authors: string | undefined, variables: ReadonlyMap<string, string>): MergedEnv | Reason {
  const fault = authors === undefined ? undefined : proxyEnvFault(authors);
  if (fault !== undefined) return annotationFault('proxy-annotation-refused', proxyEnvKey, `: ${fault}`);
  const text = authors ?? '{}';
  const present = new Map(entriesOf(text));
  const missing = [...variables].filter(([name]) => !present.has(name));
  const kept = [...variables].filter(([name, value]) => present.has(name) && present.get(name) !== value);
  const added = missing.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  const body = text.slice(0, text.lastIndexOf('}')).trimEnd();
  const merged = `${body}${present.size === 0 ? '' : ','}${added}${text.slice(body.length)}`;
  return { text: missing.length === 0 ? text : merged, kept: kept.map(([name]) => name) };
}

const entriesOf = (text: string): readonly [string, unknown][] => Object.entries(asRecord(JSON.parse(text)));
