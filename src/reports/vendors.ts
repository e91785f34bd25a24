import { apiVersion } from '../policy/schema.js';
import type { Evidence, Vendor } from '../vendors/vendor.js';
import { wrap } from './wrap.js';

/** A vendor in words: what programs, the terminal and the documentation say of it. */
export type VendorDescription = {
  readonly id: string;
  readonly name: string;
  readonly recognised: 'by default' | 'when asked for' | 'by the policy';
  readonly components: readonly { readonly id: string; readonly name: string; readonly labels: readonly string[] }[];
  /** Repositories, several in one where they differ by prefix and name only: `{docker.io, quay.io}/{agent, operator}`. */
  readonly images: readonly string[];
  /** The same for containers that the vendor puts into the Pods of others. */
  readonly helpers: readonly string[];
  readonly note?: string;
  readonly source: string;
};

type Recognised = VendorDescription['recognised'];

/** Says what is known of a vendor. */
export const describeVendor = (
  vendor: Vendor,
  recognised: Recognised = vendor.byDefault ? 'by default' : 'when asked for',
): VendorDescription => ({
  id: vendor.id,
  name: vendor.name,
  recognised,
  components: vendor.components.map(({ id, name, labelled }) => ({ id, name, labels: labelled.map(describeEvidence) })),
  images: foldImages(vendor.images),
  helpers: foldImages(vendor.helpers ?? []),
  ...(vendor.note === undefined ? {} : { note: vendor.note }),
  source: vendor.source,
});

/** The list as JSON. */
export const vendorsJson = (vendors: readonly VendorDescription[]): string =>
  `${JSON.stringify({ apiVersion, kind: 'VendorList', items: vendors }, undefined, 2)}\n`;

/** The list for people, in lines of 80 columns. */
export const vendorsText = (vendors: readonly VendorDescription[]): string =>
  vendors.map((vendor) => `${vendorLines(vendor).join('\n')}\n`).join('\n');

const vendorLines = ({ id, name, recognised, components, images, helpers, note }: VendorDescription) => [
  `${id}: ${name}, recognised ${recognised}`,
  ...components.flatMap((component) => [
    `  ${component.name}`,
    ...component.labels.flatMap((labels) => wrap(`by ${labels}`, 4)),
  ]),
  ...listed('images', images),
  ...listed("images beside an application's", helpers),
  ...(note === undefined ? [] : wrap(`note: ${note}`, 2)),
];

const listed = (title: string, images: readonly string[]): readonly string[] =>
  images.length === 0 ? [] : [`  ${title}`, ...images.flatMap((image) => wrap(image, 4))];

function describeEvidence({ labels, withImage }: Evidence): string {
  const pairs = Object.entries(labels).map(([key, values]) => `${key}=${[values].flat().join(' or ')}`);
  return `${pairs.join(' and ')}${withImage ? ', with one of the images' : ''}`;
}

/** One pattern for all names that stand under the same prefixes. */
function foldImages(patterns: readonly string[]): readonly string[] {
  const prefixes = Map.groupBy(patterns, nameOf);
  const groups = Map.groupBy(prefixes.keys(), (name) => braced((prefixes.get(name) ?? []).map(prefixOf)));
  return [...groups].map(([prefix, names]) => `${prefix}/${braced(names)}`);
}

const prefixOf = (pattern: string): string => pattern.slice(0, pattern.lastIndexOf('/'));
const nameOf = (pattern: string): string => pattern.slice(pattern.lastIndexOf('/') + 1);
const braced = (texts: readonly string[]): string => (texts.length === 1 ? (texts[0] ?? '') : `{${texts.join(', ')}}`);
