import { asRecord } from '../model/json.js';
import { because, type Reason } from '../model/reason.js';
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

/** The annotation with what it lacked; the variables that its author has set otherwise. */
export type MergedEnv = { readonly text: string; readonly kept: readonly string[] };

/** Adds variables to the author's annotation, which stays as it is; gives a reason where the template fails on it. */
export function mergeProxyEnv(authors: string | undefined, variables: ReadonlyMap<string, string>): MergedEnv | Reason {
  const fault = authors === undefined ? undefined : proxyEnvFault(authors);
  if (fault !== undefined) return because('proxy-annotation-refused', `${proxyEnvKey}: ${fault}`);
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
