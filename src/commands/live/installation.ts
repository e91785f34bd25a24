import { type MutatingConfiguration, parseMutatingConfiguration } from '../../cluster/mutating-webhook.js';
import type { Found, Objects } from '../../cluster/objects.js';
import { surroundings } from '../../cluster/resources.js';
import { asRecord, type Json, valueAt } from '../../model/json.js';
import { ownNamespace, ownService } from '../defaults.js';

/** What a cluster says of the aloft in it. */
export type Installation = {
  /** Every mutating webhook configuration, in the order of the calls; the right that is missing where they are secret. */
  readonly configurations: Found<readonly MutatingConfiguration[]>;
  /** Those of them that are aloft's. */
  readonly own: readonly MutatingConfiguration[];
  readonly service: ServiceName;
  /** How many addresses behind the Service are ready. */
  readonly ready: Found<number>;
};

export type ServiceName = { readonly namespace: string; readonly name: string };

const { MutatingWebhookConfiguration, EndpointSlice, Endpoints } = surroundings;

/** Looks for aloft in a cluster. Throws where the API server gives no answer. */
export async function readInstallation(api: Objects): Promise<Installation> {
  const configurations = await readConfigurations(api);
  const own = 'value' in configurations ? configurations.value.filter(isOwn) : [];
  const [service = { namespace: ownNamespace, name: ownService }] = own.flatMap(({ webhooks }) =>
    webhooks.flatMap((webhook) => webhook.service ?? []),
  );
  return { configurations, own, service, ready: await countReady(api, service) };
}

/** The one name that whoever may read nothing else may be allowed to read. */
const ownConfiguration = 'aloft';

async function readConfigurations(api: Objects): Promise<Found<readonly MutatingConfiguration[]>> {
  const all = await api.list(MutatingWebhookConfiguration, {}, parseMutatingConfiguration);
  if ('value' in all) return { value: all.value.toSorted((one, other) => compareBytes(one.name, other.name)) };
  const own = await api.read(MutatingWebhookConfiguration, { name: ownConfiguration });
  return 'value' in own ? { value: [parseMutatingConfiguration(own.value)] } : all;
}

// As `manifests/` name the entries, whatever the configuration is called.
const ownWebhooks: ReadonlySet<string> = new Set(['pods.aloft.dev', 'services.aloft.dev']);

const isOwn = ({ name, webhooks }: MutatingConfiguration): boolean =>
  name === ownConfiguration || webhooks.some((webhook) => ownWebhooks.has(webhook.name));

/** API servers call configurations in the bytewise order of their names. */
const compareBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

async function countReady(api: Objects, { namespace, name }: ServiceName): Promise<Found<number>> {
  const selector = `kubernetes.io/service-name=${name}`;
  const slices = await api.list(EndpointSlice, { namespace, selector }, (slice) =>
    listAt(slice, ['endpoints']).filter((endpoint) => valueAt(endpoint, ['conditions', 'ready']) !== false),
  );
  const inSlices = 'value' in slices ? slices.value.flat().length : 0;
  if (inSlices > 0) return { value: inSlices };
  // Written by hand, or by a cluster that mirrors nothing, they have no slice.
  const endpoints = await api.read(Endpoints, { namespace, name });
  if ('value' in endpoints) {
    return { value: listAt(endpoints.value, ['subsets']).flatMap((subset) => listAt(subset, ['addresses'])).length };
  }
  return 'denied' in slices ? slices : 'denied' in endpoints ? endpoints : { value: 0 };
}

function listAt(value: Json, path: readonly string[]): readonly Json[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list.map(asRecord) : [];
}
