import { isRecord } from '../model/json.js';
import type { Reason } from '../model/reason.js';
import { annotationFault } from './annotation-reasons.js';
import { faultOfProxyConfig, longestProxyConfig } from './istio-proxy-config.js';
import { addMembers, isSame, keyOf, type Members, readYaml, type SameName } from './yaml-text.js';

/** The annotation in which a Pod changes what the mesh tells its proxies, since Istio 1.6. */
export const proxyConfigKey = 'proxy.istio.io/config';

/** A field of a proxy's configuration that is wanted. */
export type ProxyField = {
  /** From the top, each in protobuf's JSON spelling. */
  readonly path: readonly string[];
  readonly value: Members[string];
  /** Members of which there may be only one, by which an author decides the same thing. */
  readonly insteadOf?: readonly string[];
};

/** The annotation with what it lacked; the fields that its author has decided on are not among what it holds of ours. */
export type MergedConfig = { readonly text: string; readonly kept: readonly ProxyField[] };

/**
 * Adds fields to the author's annotation, as far as it says nothing of them; its keys, order and comments stay. Gives a
 * reason where Istio refuses what is there, or where nothing can be added to it.
 */
export function mergeProxyConfig(authors: string | undefined, fields: readonly ProxyField[]): MergedConfig | Reason {
  const text = authors ?? '';
  if (text.length > longestProxyConfig) return closed;
  const parsed = readYaml(text);
  const fault = faultOfProxyConfig(parsed);
  if (parsed === undefined || fault !== undefined) {
    return annotationFault('proxy-annotation-refused', proxyConfigKey, `: ${fault}`);
  }
  const value = parsed.value ?? {};
  const states = fields.map((field) => stateOf(value, field));
  const missing = fields.filter((_, index) => states[index] === 'missing');
  const kept = fields.filter((_, index) => states[index] === 'decided');
  if (missing.length === 0) return { text, kept };
  const merged = addMembers(text, parsed, membersOf(missing), sameField);
  return merged === undefined ? closed : { text: merged, kept };
}

const closed = annotationFault('proxy-config-closed', proxyConfigKey, ' leaves no place to add to');

/** Protobuf reads a field under its own name, too: `proxy_metadata`. */
const sameField: SameName = (key, name) =>
  key === name || key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) === name;

type State = 'missing' | 'there' | 'decided';

function stateOf(value: unknown, { path, value: wanted, insteadOf = [] }: ProxyField): State {
  const [name = '', ...rest] = path;
  if (!isRecord(value)) return 'decided';
  const key = keyOf(value, name, sameField);
  if (key === undefined) {
    const others = insteadOf.includes(name) ? insteadOf : [];
    return others.some((other) => keyOf(value, other, sameField) !== undefined) ? 'decided' : 'missing';
  }
  const own = value[key];
  if (rest.length === 0) return isSame(own, wanted) ? 'there' : 'decided';
  // istio.io, "Configure tracing with Telemetry API": so its author turns a tracer of the mesh off.
  if (name === 'tracing' && isRecord(own) && Object.keys(own).length === 0) return 'decided';
  return stateOf(own, { path: rest, value: wanted, insteadOf });
}

/** Fields as one tree. */
function membersOf(fields: readonly ProxyField[]): Members {
  const tree: Record<string, Members[string]> = {};
  for (const name of new Set(fields.map(({ path }) => path[0] ?? ''))) {
    const under = fields.filter(({ path }) => path[0] === name);
    const leaf = under.find(({ path }) => path.length === 1);
    tree[name] = leaf?.value ?? membersOf(under.map((field) => ({ ...field, path: field.path.slice(1) })));
  }
  return tree;
}
