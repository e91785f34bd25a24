/** Manifests in many a layout, and operations on them. */
import fc from 'fast-check';
import { stringify, type ToStringOptions } from 'yaml';
import { escapeToken, type Operation } from '../../src/engine/operation.js';

type Path = readonly (string | number)[];
type Style = { readonly print: (value: unknown) => string; readonly isBlock: boolean };

const yaml = (options: ToStringOptions = {}): Style => ({
  print: (value) =>
    stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1', ...options } as ToStringOptions),
  isBlock: options.collectionStyle !== 'flow',
});
const json = (indent?: number | string): Style => ({
  print: (value) => JSON.stringify(value, null, indent),
  isBlock: false,
});

export const style = fc.constantFrom(
  yaml(),
  yaml({ indentSeq: false }),
  yaml({ indent: 4 }),
  yaml({ singleQuote: true, indentSeq: false, blockQuote: false }),
  yaml({ defaultStringType: 'QUOTE_DOUBLE' }),
  yaml({ collectionStyle: 'flow' }),
  yaml({ collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 40 }),
  json(),
  json(2),
  json('\t'),
);

const text = fc.oneof(
  fc.constantFrom(
    'a',
    'app',
    'false',
    'no',
    '',
    '1',
    '1.20',
    '0x1',
    '~',
    'y',
    '2020-01-01',
    ' a',
    'a: b',
    'a #b',
    '%a',
    '{"a":1}',
    "it's",
    '- a',
    '\t',
  ),
  fc.constantFrom('a\nb', 'a\n\nb\n', '# a\n b\n', '\n', 'a\r\nb', ' a\nb', 'a: |\n  b\n'),
  fc.string({ maxLength: 8 }),
);
const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'x.io/y', 'yes', '1', 'd e') },
  fc.string({ maxLength: 5 }),
);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const { tree } = fc.letrec<{ tree: unknown; map: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, scalar, tie('map'), fc.array(tie('tree'), { maxLength: 3 })),
  map: fc.dictionary(
    key.filter((name) => name !== '__proto__'),
    tie('tree'),
    { maxKeys: 4, noNullPrototype: true },
  ),
}));
export const root = fc.dictionary(
  key.filter((name) => name !== '__proto__'),
  tree,
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

/** What happens to a file between its printer and us. */
export const decorate = fc.record({
  comments: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.constantFrom('# c', '  # d', '      # e', '\t# f', '')), {
    maxLength: 4,
  }),
  trailing: fc.array(fc.nat({ max: 40 }), { maxLength: 3 }),
  crlf: fc.boolean(),
  end: fc.constantFrom('', '\n', '\n# end\n', '\n\n  # end', '\n...\n'),
  start: fc.constantFrom('', '---\n', '# top\n\n', '\uFEFF', '--- # top\n'),
});
type Decoration = typeof decorate extends fc.Arbitrary<infer T> ? T : never;

export function decorated(printed: string, { comments, trailing, crlf, end, start }: Decoration): string {
  const lines = printed.replace(/\n$/, '').split('\n');
  for (const line of trailing) if (line < lines.length && lines[line] !== '') lines[line] += ' # t';
  for (const [line, comment] of comments) lines.splice(line, 0, comment);
  const all = start + lines.join('\n') + end;
  return crlf ? all.replaceAll('\n', '\r\n') : all;
}

function paths(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...steps.flatMap((step) => paths(value[step as keyof typeof value], [...path, step]))];
}

const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((part, step) => (part as never)[step], value);

type Choice = {
  readonly where: number;
  readonly how: 'add' | 'first' | 'last' | 'replace';
  readonly name: string;
  readonly value: unknown;
};

/** Operations that keep the engine's promises: none reaches into what an earlier one added or replaced. */
export function operationsOf(value: unknown, choices: readonly Choice[]): Operation[] {
  const operations: Operation[] = [];
  const heads = new Map<string, number>();
  const taken = new Set<string>();
  const all = paths(value);
  for (const choice of choices) {
    const path = all[choice.where % all.length] ?? [];
    const target = at(value, path);
    const goal = Array.isArray(target) ? `${operations.length}` : idOf([...path, choice.name]);
    const known = taken.has(goal) || taken.has(idOf(path));
    const operation = Array.isArray(target) ? insertion(path, choice, heads) : assignment(path, target, choice, heads);
    if (!operation || known) continue;
    operations.push(operation);
    taken.add(operation.op === 'replace' ? idOf(path) : goal);
  }
  return operations;
}

function insertion(path: Path, { how, value }: Choice, heads: Map<string, number>): Operation {
  const head = heads.get(idOf(path)) ?? 0;
  const list = pointer(path, heads);
  if (how !== 'last') heads.set(idOf(path), head + 1);
  return { op: 'add', path: `${list}/${how === 'last' ? '-' : head}`, value };
}

function assignment(
  path: Path,
  target: unknown,
  { how, name, value }: Choice,
  heads: Map<string, number>,
): Operation | undefined {
  const isMap = target !== null && typeof target === 'object';
  if (isMap) return name in target ? undefined : { op: 'add', path: pointer([...path, name], heads), value };
  return how === 'replace' ? { op: 'replace', path: pointer(path, heads), value } : undefined;
}

const idOf = (path: Path): string => JSON.stringify(path);

/** An index moves with the elements that went to the head of its list. */
const pointer = (path: Path, heads: ReadonlyMap<string, number>): string =>
  path
    .map((step, depth) => (typeof step === 'number' ? step + (heads.get(idOf(path.slice(0, depth))) ?? 0) : step))
    .map((step) => `/${escapeToken(String(step))}`)
    .join('');

export const choice = fc.record({
  where: fc.nat({ max: 50 }),
  how: fc.constantFrom('add' as const, 'first' as const, 'last' as const, 'replace' as const),
  name: fc
    .oneof(fc.constantFrom('new', 'x.io/new', 'No', '0'), fc.string({ maxLength: 4 }))
    .filter((name) => name !== '__proto__'),
  value: tree,
});
