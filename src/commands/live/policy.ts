import { changesOf } from '../../cluster/mutating-webhook.js';
import type { Objects } from '../../cluster/objects.js';
import { surroundings } from '../../cluster/resources.js';
import { asRecord, asText, valueAt } from '../../model/json.js';
import { type GoodPolicy, loadPolicy, readPolicy } from '../policy-file.js';
import type { ServiceName } from './installation.js';

/** The policy that objects of a cluster are explained by. */
export type ChosenPolicy = GoodPolicy & {
  /** What its places are in: `policy.yaml`. */
  readonly file: string;
  /** Where it comes from, for a person. */
  readonly source: string;
  /** When it was last changed in the cluster, in milliseconds since 1970. */
  readonly changedAt?: number;
  /** Why it is not the one that runs in the cluster, unless somebody chose it. */
  readonly instead?: string;
};

type Chosen = ChosenPolicy | { readonly problems: readonly string[] };

/** The policy of a file where one is given, else the one that runs in the cluster, else the default. */
export async function choosePolicy(api: Objects, service: ServiceName, file: string | undefined): Promise<Chosen> {
  if (file !== undefined) return await loadChosen(file);
  const { namespace } = service;
  // As `manifests/` name it, for every name of a release.
  const name = `${service.name}-policy`;
  const title = `ConfigMap ${namespace}/${name}`;
  const found = await api.read(surroundings.ConfigMap, { namespace, name });
  if (!('value' in found)) {
    const why = 'denied' in found ? `the right to ${found.denied} is missing` : `there is no ${title}`;
    const chosen = await loadChosen(undefined);
    return 'problems' in chosen ? chosen : { ...chosen, instead: why };
  }
  const [key, text] = policyIn(asRecord(valueAt(found.value, ['data'])));
  const place = `live:${namespace}/configmap/${name}/${key}`;
  const loaded = readPolicy(place, text);
  if ('problems' in loaded) {
    const hint = `${title} is no good policy: aloft keeps the last good one; name it with --policy`;
    return { problems: [...loaded.problems, hint] };
  }
  const [last] = changesOf(found.value);
  return { ...loaded, file: place, source: title, ...(last && { changedAt: last.at }) };
}

async function loadChosen(file: string | undefined): Promise<Chosen> {
  const loaded = await loadPolicy(file);
  if ('problems' in loaded) return loaded;
  return { ...loaded, ...originOf(file) };
}

/** How the policy of a file, or the one without a file, is called in places, and for a person. */
export const originOf = (file: string | undefined): Pick<ChosenPolicy, 'file' | 'source'> =>
  file === undefined ? { file: 'default policy', source: 'the embedded policy' } : { file, source: file };

/** The key that `manifests/` mount, or the only one. */
function policyIn(data: Readonly<Record<string, unknown>>): readonly [key: string, text: string] {
  const keys = Object.keys(data);
  const key = keys.length === 1 && keys[0] !== undefined ? keys[0] : 'policy.yaml';
  return [key, asText(data[key])];
}
