import type { Pod } from '../model/kubernetes.js';
import { labelOf, type PlacedContainer } from '../model/metadata.js';
import { because, type Reason } from '../model/reason.js';
import { type ContainerEnv, readEnv, settingPath } from './env-group.js';
import { identityOf } from './identity.js';
import type { ProxyField } from './istio-proxy-config-merge.js';
import type { ProxyTracer, SpanIdentity } from './proxy-tracer.js';
import type { Known } from './tracer.js';

/** What an application's spans say of environment and version, as far as the Pod tells, and why it may not. */
export type ApplicationIdentity = {
  readonly environment?: Known | undefined;
  readonly version?: Known | undefined;
  readonly notes: readonly Reason[];
};

/** Its values alone. */
export const valuesOf = ({ environment, version }: ApplicationIdentity): SpanIdentity => ({
  environment: environment?.value,
  version: version?.value,
});

/** What a field says, as fragments of a sentence. */
export function sayField(proxy: ProxyTracer, { path, value }: ProxyField, identity: ApplicationIdentity): string[] {
  const name = path.at(-1) ?? '';
  if (name === 'address') return [`spans to ${value}`];
  return name === 'sampling' ? [`${value} % of requests`] : sayIdentity(proxy, name, identity);
}

/** What a variable or tag says of whom spans are from, and what told it. */
export const sayIdentity = (proxy: ProxyTracer, name: string, identity: ApplicationIdentity): string[] =>
  (['environment', 'version'] as const).flatMap((part) => {
    const { variable, keys = [] } = proxy.stated[part];
    const known = identity[part];
    return known !== undefined && [variable, ...keys].includes(name) ? [`${part} from ${known.from}`] : [];
  });

/**
 * Who the spans of a Pod's proxy should be from: what the application's own variables say, because its spans say the same,
 * and where they say nothing what `tracer-env` would write. A gateway has no application.
 */
export function spanIdentityOf(
  pod: Pod,
  application: PlacedContainer | undefined,
  proxy: ProxyTracer,
  environment: string | undefined,
): ApplicationIdentity {
  const name = application?.container.name ?? 'istio-proxy';
  const known = identityOf(pod, name, { tracer: proxy.tracer, environment, main: application?.container });
  if (application === undefined) return { environment: known.environment, version: known.version, notes: [] };
  const env = readEnv(application);
  const read = (part: 'environment' | 'version') => {
    const source = proxy.stated[part];
    const stated = statedIn(pod, env, source);
    return stated === undefined ? { known: known[part] } : stated;
  };
  const parts = { environment: read('environment'), version: read('version') };
  const hidden = new Set(Object.values(parts).flatMap((part) => ('hidden' in part ? [part.hidden] : [])));
  return {
    ...('known' in parts.environment ? { environment: parts.environment.known } : {}),
    ...('known' in parts.version ? { version: parts.version.known } : {}),
    notes: [...hidden].map((variable) =>
      because('env-from-may-decide', `what ${name} has in ${variable} is not known`, settingPath(env, variable)),
    ),
  };
}

type Stated = { readonly known: Known | undefined } | { readonly hidden: string };

/** What a container's own variables say; undefined where they say nothing. */
function statedIn(
  pod: Pod,
  env: ContainerEnv,
  { variable: name, keys }: ProxyTracer['stated']['version'],
): Stated | undefined {
  const variable = env.variables.get(name);
  if (variable === undefined) {
    return env.hiddenPrefixes.some((prefix) => name.startsWith(prefix)) ? { hidden: name } : undefined;
  }
  const label = /^metadata\.labels\['(.*)'\]$/.exec(variable.valueFrom?.fieldRef?.fieldPath ?? '')?.[1];
  if (variable.valueFrom != null && label === undefined) return { hidden: name };
  const text = label === undefined ? (variable.value ?? '') : (labelOf(pod, label) ?? '');
  const value = keys === undefined ? text : memberOf(text, keys);
  if (value === undefined) return undefined;
  // A reference to another variable is worked out by the kubelet, for that container alone.
  return value.includes('$(')
    ? { hidden: name }
    : { known: value === '' ? undefined : { value, from: `${name} of ${env.ref.name}` } };
}

/** The value of the first of some keys in a comma list of `key=value`. */
function memberOf(list: string, keys: readonly string[]): string | undefined {
  const entries = new Map(
    list.split(',').map((entry): [string, string] => {
      const [key = '', ...value] = entry.split('=');
      return [key.trim(), value.join('=').trim()];
    }),
  );
  const key = keys.find((candidate) => entries.has(candidate));
  return key === undefined ? undefined : decoded(entries.get(key) ?? '');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
