import { asRecord, asText, type Json, valueAt } from '../model/json.js';
import { type Connection, connect, failed, type Query, statusOf } from './connection.js';
import type { KubeconfigChoice } from './kubeconfig.js';
import { type Place, pathOf, type Resource } from './resources.js';

/** What the API server has; or that it has none, or the right that is missing to see it. */
export type Found<T> = { readonly value: T } | { readonly absent: true } | { readonly denied: string };

/** Objects of a cluster, as they are; nothing here can change one. */
export type Objects = {
  /** The context by which the cluster was found, and its namespace. */
  readonly context: Connection['context'];
  /** One object. Throws where there is no answer. */
  readonly read: (resource: Resource, place: Place & { readonly name: string }) => Promise<Found<Json>>;
  /** All objects of a kind, of a namespace or of all, page by page: each goes through `take` as soon as it is there. */
  readonly list: <T>(resource: Resource, choice: Choice, take: (object: Json) => T) => Promise<Found<readonly T[]>>;
  readonly close: () => void;
};

export type Choice = Pick<Place, 'namespace'> & {
  /** As kubectl writes it: `app=cart,tier in (web)`. */
  readonly selector?: string;
  /** Stop after the first ones. */
  readonly most?: number;
};

/** Throws where no cluster can be found; whether it answers, the first call tells. */
export function openObjects(choice: KubeconfigChoice): Objects {
  const connection = connect(choice);
  const get: Get = (verb, resource, place, query) => getAny(connection, { verb, resource, place, query });
  return {
    context: connection.context,
    read: async (resource, place) => await get('get', resource, place, {}),
    list: (resource, wanted, take) => listAll(get, { resource, wanted, take }),
    close: connection.close,
  };
}

type Verb = 'get' | 'list';
type Get = (verb: Verb, resource: Resource, place: Place, query: Query) => Promise<Found<Json>>;
type Request = { readonly verb: Verb; readonly resource: Resource; readonly place: Place; readonly query: Query };

/** In the newest version that the server has. */
async function getAny(connection: Connection, { verb, resource, place, query }: Request): Promise<Found<Json>> {
  for (const version of resource.versions) {
    try {
      return { value: asRecord(await connection.get(pathOf(resource, version, place), query)) };
    } catch (error) {
      const status = statusOf(error);
      if (status === 403) return { denied: rightTo(verb, resource, place) };
      if (status !== 404) throw status === 410 ? error : failed(`${verb} ${toldOf(resource, place)}`, error);
    }
  }
  return { absent: true };
}

/** How many objects a page has: some megabytes of Pods, which the API server puts together in a second. */
const pageSize = 500;

type Listing<T> = { readonly resource: Resource; readonly wanted: Choice; readonly take: (object: Json) => T };

async function listAll<T>(get: Get, listing: Listing<T>): Promise<Found<readonly T[]>> {
  for (let tries = 0; ; tries++) {
    try {
      return await listPages(get, listing);
    } catch (error) {
      // Between two pages, etcd may have forgotten the state that the first one showed.
      if (statusOf(error) !== 410 || tries === 2) {
        throw statusOf(error) === 410 ? failed(`list ${listing.resource.plural}`, error) : error;
      }
    }
  }
}

async function listPages<T>(get: Get, { resource, wanted, take }: Listing<T>): Promise<Found<readonly T[]>> {
  const { namespace, selector, most = Number.POSITIVE_INFINITY } = wanted;
  const query = { limit: String(Math.min(most, pageSize)), ...(selector && { labelSelector: selector }) };
  const taken: T[] = [];
  let token = '';
  do {
    const page = await get('list', resource, { namespace }, { ...query, ...(token && { continue: token }) });
    if (!('value' in page)) return page;
    const { apiVersion, items } = page.value;
    // The items of a list do not say again what they are.
    for (const item of Array.isArray(items) ? items : []) {
      taken.push(take({ apiVersion, kind: resource.kind, ...asRecord(item) }));
    }
    token = asText(valueAt(page.value, ['metadata', 'continue']));
  } while (token !== '' && taken.length < most);
  return { value: taken };
}

/** A right, in the words of `kubectl auth can-i`. */
function rightTo(verb: Verb, { group, plural, isNamespaced }: Resource, { namespace, name }: Place): string {
  const what = `${verb} ${plural}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`;
  if (!isNamespaced) return what;
  return `${what} in ${namespace === undefined ? 'all namespaces' : `namespace ${namespace}`}`;
}

const toldOf = ({ kind, plural }: Resource, { namespace, name }: Place): string =>
  name === undefined ? plural : `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
