/** The parts of the documentation about vendors: what aloft itself says when it is asked. */
import { table } from './reference.ts';

/** A change of Istio, as `src/vendors/istio-changes.ts` has it. */
export type Change = {
  readonly id: string;
  readonly subject: string;
  readonly since: string;
  readonly until?: string;
  readonly from?: string;
  readonly meaning: string;
  readonly action: string;
};

type Run = (args: readonly string[]) => Promise<string>;

/** Every generated block about vendors, by name. */
export async function vendorBlocks(run: Run, changes: readonly Change[]): Promise<ReadonlyMap<string, string>> {
  const vendors: readonly Vendor[] = (await runForJson(run, ['vendors', '-o', 'json'])).items;
  const reviewed = ['review', 'examples/families', '--policy', 'examples/all-readers.yaml', '-o', 'json'];
  const items: readonly Item[] = (await runForJson(run, reviewed)).items;
  return new Map([
    ['vendors', table(['id', 'vendor', 'recognised', 'note'], vendors.map(vendorRow))],
    ['vendor-evidence', vendors.map(evidence).join('\n\n')],
    ['istio-families', table(['Istio', 'component', ...readers.map(({ name }) => name)], familyRows(items))],
    ['istio-changes', table(['since', 'change', 'what', 'what becomes of it', 'what to do'], changes.map(changeRow))],
  ]);
}

/** What a command prints as JSON; its messages stand behind that. */
async function runForJson(run: Run, args: readonly string[]) {
  const output = await run(args);
  return JSON.parse(output.slice(0, output.lastIndexOf('}') + 1));
}

type Vendor = {
  readonly id: string;
  readonly name: string;
  readonly recognised: string;
  readonly components: readonly { readonly name: string; readonly labels: readonly string[] }[];
  readonly images: readonly string[];
  readonly helpers: readonly string[];
  readonly note?: string;
  readonly source: string;
};

const code = (text: string): string => `\`${text}\``;

const vendorRow = ({ id, name, recognised, note = '' }: Vendor) => [code(id), name, recognised, note];

function evidence({ name, components, images, helpers, source }: Vendor): string {
  const rows = components.map((component) => [component.name, component.labels.map(code).join('<br>')]);
  return [
    `### ${name}`,
    ...(rows.length === 0 ? [] : [table(['Pod', 'by labels'], rows)]),
    `Images: ${images.map(code).join(', ')}.`,
    ...(helpers.length === 0 ? [] : [`Images that it puts into the Pods of others: ${helpers.map(code).join(', ')}.`]),
    `Source: ${source}.`,
  ].join('\n\n');
}

type Item = {
  readonly file: string;
  readonly object: { readonly kind: string; readonly name: string };
  readonly findings: readonly Finding[];
};
type Finding = {
  readonly name: string;
  readonly edits?: readonly Edit[];
  readonly inPlace?: readonly Edit[];
};
type Edit = { readonly key: string; readonly value: string };

/** Who reads metrics, and the entries of the policy by which aloft serves them. */
const readers = [
  { name: 'Datadog', entries: ['datadog-endpoint-checks', 'proxy-checks'] },
  { name: 'Prometheus', entries: ['prometheus'] },
  { name: 'Sysdig', entries: ['sysdig'] },
  { name: 'Dynatrace', entries: ['dynatrace'] },
];

/** A row for each component of each family: a Pod and its Service together. */
const familyRows = (items: readonly Item[]): readonly (readonly string[])[] =>
  [...Map.groupBy(items, ({ file, object }) => `${familyOf(file)}|${object.name}`)].map(([row, objects]) => [
    ...row.split('|'),
    ...readers.map(({ entries }) => objects.flatMap((item) => cellsOf(item, entries)).join('; ') || '-'),
  ]);

/** `1.1 to 1.4` of `examples/families/istio-1.1-to-1.4.yaml`. */
const familyOf = (file: string): string =>
  file
    .replace(/^.*\/istio-/, '')
    .replace('.yaml', '')
    .replaceAll('-', ' ');

const cellsOf = ({ object, findings }: Item, entries: readonly string[]): readonly string[] =>
  findings
    .filter(({ name }) => entries.includes(name))
    .flatMap(({ edits = [], inPlace = [] }) => [
      ...(edits.length === 0 ? [] : [`${object.kind}: ${portsOf(edits)}`]),
      ...(edits.length > 0 || inPlace.length === 0 ? [] : [`by Istio itself: ${portsOf(inPlace)}`]),
    ]);

const portsOf = (edits: readonly Edit[]): string =>
  edits
    .flatMap(({ key, value }) =>
      key.endsWith('/port') ? [value] : [...value.matchAll(/%%host%%:(\d+)/g)].map(([, port = '']) => port),
    )
    .join(', ');

const changeRow = ({ id, subject, since, until, from, meaning, action }: Change) => {
  const bounds = [...(from ? [`from ${from} or later`] : []), ...(until ? [`to before ${until}`] : [])];
  return [since, code(id), subject, `${meaning}${bounds.length > 0 ? ` (${bounds.join(', ')})` : ''}`, action];
};
