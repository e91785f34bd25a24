/** The parts of the documentation that the code knows better: each a block of Markdown, by its name. */
import { z } from 'zod';

/** What the reference is made from; passed in, so that it can come from src (tests) or from dist (`npm run docs`). */
export type Sources = {
  readonly reasons: Readonly<Record<string, { readonly meaning: string; readonly warns?: true }>>;
  readonly rules: readonly {
    readonly id: string;
    readonly kind: string;
    readonly summary: string;
    readonly settings: z.ZodType;
  }[];
  readonly policySchema: object;
  readonly defaultPolicy: string;
  readonly metrics: readonly Metric[];
  readonly help: (args: readonly string[]) => Promise<string>;
};

/** What prom-client knows of a metric; its types leave out the labels. */
export type Metric = { readonly name: string; readonly help: string; readonly type: string; readonly labels: string };

/** Every command that has a help text of its own. */
const commands = [
  [],
  ['review'],
  ['fix'],
  ['explain'],
  ['test'],
  ['serve'],
  ['egress'],
  ['egress', 'datadog'],
  ['egress', 'sysdig'],
  ['egress', 'dynatrace'],
  ['egress', 'endpoints'],
  ['certs'],
  ['certs', 'status'],
  ['certs', 'rotate'],
  ['policy'],
  ['policy', 'validate'],
  ['policy', 'default'],
  ['policy', 'schema'],
  ['vendors'],
  ['vendors', 'recognise'],
  ['function'],
  ['completion'],
];

/** Every generated block, by the name that its markers in the documentation carry. */
export async function referenceBlocks(sources: Sources): Promise<ReadonlyMap<string, string>> {
  const { reasons, rules, policySchema, defaultPolicy, metrics, help } = sources;
  const helps = await Promise.all(commands.map(async (args) => [args, await help([...args, '--help'])] as const));
  return new Map([
    ['rules', table(['rule', 'looks at', 'what it does'], ruleRows(rules))],
    ...rules.map(({ id, settings }) => [`settings ${id}`, settingsTable(settings)] as const),
    ['policy', table(fieldHeads, policyRows(policySchema))],
    ['default-policy', `\`\`\`yaml\n${defaultPolicy.trimEnd()}\n\`\`\``],
    ['reasons', table(['code', 'meaning', 'warns'], Object.entries(reasons).map(reasonRow))],
    ['metrics', table(['metric', 'type', 'labels', 'meaning'], metrics.map(metricRow))],
    ['commands', helps.map(([args, text]) => helpSection(args, text)).join('\n\n')],
  ]);
}

const code = (text: string): string => `\`${text}\``;
/** A rule for several kinds is in the list once for each. */
const ruleRows = (rules: Sources['rules']) =>
  rules
    .filter(({ id }, index) => rules.findIndex((other) => other.id === id) === index)
    .map(({ id, summary }) => {
      const kinds = rules.filter((other) => other.id === id).map(({ kind }) => kind);
      return [code(id), kinds.join(', '), summary];
    });
const reasonRow = ([id, { meaning, warns }]: readonly [string, Sources['reasons'][string]]) => [
  code(id),
  meaning,
  warns ? 'yes' : '',
];
const metricRow = ({ name, type, labels, help }: Metric) => [code(name), type, labels, help];
const helpSection = (args: readonly string[], text: string): string =>
  `## ${['aloft', ...args].join(' ')}\n\n\`\`\`text\n${text.trim()}\n\`\`\``;

/** A table in Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

/** The part of JSON Schema that zod writes for our schemas. */
type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly default?: unknown;
  readonly description?: string;
};

const fieldHeads = ['field', 'value', 'default', 'meaning'];

const settingsTable = (settings: z.ZodType): string =>
  table(fieldHeads, fieldRows(z.toJSONSchema(settings, { io: 'input', target: 'draft-7' }) as Schema, ''));

/** All fields of the policy but the settings of its rules, which are listed with each rule; rules share the rest. */
const policyRows = (schema: object): readonly (readonly string[])[] =>
  fieldRows(schema as Schema, '').filter(([field]) => !field?.includes('.settings.'));

/** A row for each field, and for each field of what it holds. */
function fieldRows({ properties = {}, required = [] }: Schema, prefix: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    // A field with a default is never required, whatever stands in its list.
    const fallback = field.default !== undefined ? JSON.stringify(field.default) : undefined;
    const given = fallback === undefined ? (required.includes(name) ? 'required' : '') : code(fallback);
    return [[code(path), kindOfValue(field), given, field.description ?? ''], ...innerRows(field, path)];
  });
}

function innerRows(field: Schema, path: string): readonly (readonly string[])[] {
  if (field.items !== undefined) return innerRows(field.items, `${path}[]`);
  if (field.oneOf !== undefined) return mergedRows(field.oneOf, `${path}.`);
  return fieldRows(field, `${path}.`);
}

/** The fields of all members of a union, each once; those that tell them apart list every value. */
function mergedRows(members: readonly Schema[], prefix: string): readonly (readonly string[])[] {
  const rows = new Map<string, readonly string[]>();
  for (const [field = '', value = '', ...rest] of members.flatMap((member) => fieldRows(member, prefix))) {
    const known = rows.get(field)?.[1];
    rows.set(field, [field, known === undefined || known === value ? value : `${known} or ${value}`, ...rest]);
  }
  return [...rows.values()];
}

function kindOfValue({ type, const: only, enum: values, oneOf, items, additionalProperties }: Schema): string {
  if (only !== undefined) return code(String(only));
  if (values !== undefined) return values.map((value) => code(String(value))).join(' or ');
  if (oneOf !== undefined) return 'object';
  if (type === 'array') return `list of ${items === undefined ? 'anything' : plural(items)}`;
  if (type === 'object' && typeof additionalProperties === 'object') return 'map of strings';
  return type ?? '';
}

const plural = (items: Schema): string =>
  items.enum === undefined ? `${items.type ?? 'object'}s` : kindOfValue(items);
