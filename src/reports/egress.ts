import { Document, isNode, isScalar, isSeq, type Scalar } from 'yaml';
import type { HostKind } from '../egress/host.js';
import type { Planned } from '../egress/plan.js';

/** The objects as a YAML stream, with comments that say what each of them and each of its hosts is for. */
export const egressYaml = (planned: readonly Planned[], title: string): string =>
  planned.map((one) => `---\n${documentOf(one, title)}`).join('');

/** The objects as one `List`, which `kubectl apply -f -` takes. */
export const egressJson = (planned: readonly Planned[]): string =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: planned.map(({ object }) => object) }, undefined, 2)}\n`;

function documentOf({ entry, object }: Planned, title: string): string {
  // YAML 1.1 is what kubectl reads: there a namespace called `on` needs quotes.
  const document = new Document(object, { version: '1.1' });
  const about = object.kind === 'ServiceEntry' ? abouts[entry.kind] : routing;
  // On the contents and not on the document, which would set it off by an empty line.
  const comment = [title, ...about].map((line) => ` ${line}`).join('\n');
  if (isNode(document.contents)) document.contents.commentBefore = comment;
  const purposes = new Map(entry.destinations.map(({ host, purposes }) => [host, purposes.join('; ')]));
  const key = entry.kind === 'address' ? 'addresses' : 'hosts';
  if (object.kind === 'ServiceEntry') {
    for (const item of textsAt(document, ['spec', key])) item.comment = ` ${purposes.get(hostOf(item.value))}`;
  }
  for (const item of textsAt(document, ['spec', 'exportTo'])) item.type = 'QUOTE_DOUBLE';
  return document.toString({ lineWidth: 0 });
}

/** The host that an item of `hosts` or `addresses` came from. */
const hostOf = (item: unknown): string => String(item).replace(/\/\d+$/, '');

function textsAt(document: Document, path: readonly string[]): readonly Scalar[] {
  const list = document.getIn(path);
  return isSeq(list) ? list.items.filter((item) => isScalar(item)) : [];
}

const abouts: Readonly<Record<HostKind, readonly string[]>> = {
  name: ['Hosts that Envoy resolves by itself.'],
  wildcard: [
    'Any host below these names. A wildcard cannot be resolved: the server name',
    'decides, and the caller chooses the address. For sidecars only: ztunnel knows',
    'no wildcards.',
  ],
  address: ['An address. Its host is a name that Istio asks for, and nobody uses.'],
};

const routing: readonly string[] = ["Routes from each host to itself, as Dynatrace's operator makes them."];
