/** Two objects as a unified diff of their YAML, with the reason beside each change. */
import { isDeepStrictEqual } from 'node:util';
import { structuredPatch } from 'diff';
import { Document, LineCounter, parseDocument } from 'yaml';

/** An operation as `aloft review -o json` reports it. */
export type ExplainedOperation = {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
  readonly because: readonly {
    readonly at: string;
    readonly rule: string;
    readonly reason: { readonly message: string };
  }[];
};

/** The whole object, every line of it, because a reader wants to see both; no line is longer than the width. */
export function explainedDiff(
  before: unknown,
  after: unknown,
  operations: readonly ExplainedOperation[],
  width = 80,
): readonly string[] {
  const text = toYaml(after);
  const reasons = reasonsByLine(text, after, operations);
  const { hunks } = structuredPatch('', '', toYaml(before), text, undefined, undefined, { context: 10_000 });
  const lines: string[] = [];
  let line = 1;
  for (const shown of hunks.flatMap((hunk) => hunk.lines)) {
    const reason = shown.startsWith('+') ? reasons.get(line) : undefined;
    lines.push(...(reason === undefined ? [shown] : beside(shown, `# ${reason}`, width)));
    if (!shown.startsWith('-')) line++;
  }
  return lines;
}

/** A reason behind its line where there is room for it, else on a line of its own above. */
const beside = (line: string, comment: string, width: number): readonly string[] => {
  if (line.length + 1 + comment.length <= width) return [`${line} ${comment}`];
  const indent = /^.\s*/.exec(line)?.[0].length ?? 1;
  return [`${'+'.padEnd(indent)}${comment}`, line];
};

const toYaml = (value: unknown): string =>
  new Document(value, { aliasDuplicateObjects: false }).toString({ lineWidth: 0 });

function reasonsByLine(text: string, after: unknown, operations: readonly ExplainedOperation[]) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const reasons = new Map<number, string>();
  for (const { path, value, because } of operations) {
    for (const { at, rule, reason } of because) {
      const steps = tokensOf(`${path}${at}`);
      const offset = startOf(document, resolve(after, steps, value));
      if (offset !== undefined) reasons.set(lineCounter.linePos(offset).line, `${rule}: ${reason.message}`);
    }
  }
  return reasons;
}

const tokensOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The way to a value in the object after the patch, where `-` has become an index. */
function resolve(after: unknown, tokens: readonly string[], value: unknown): readonly (string | number)[] {
  let here = after;
  return tokens.map((token) => {
    const list = Array.isArray(here) ? here : undefined;
    const step = list === undefined ? token : token === '-' ? indexOf(list, value) : Number(token);
    here = (here as Readonly<Record<string | number, unknown>> | undefined)?.[step];
    return step;
  });
}

const indexOf = (list: readonly unknown[], value: unknown): number =>
  list.findIndex((entry) => isDeepStrictEqual(entry, value));

/** Where the line begins on which a value stands: at its key in a map, at its dash in a list. */
function startOf(document: ReturnType<typeof parseDocument>, path: readonly (string | number)[]): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (typeof parent !== 'object' || parent === null || !('items' in parent)) return undefined;
  for (const [index, item] of (parent.items as unknown[]).entries()) {
    const node = item as { readonly key?: { readonly value: unknown; readonly range: readonly number[] } };
    if (node.key !== undefined && node.key.value === last) return node.key.range[0];
    if (node.key === undefined && index === last) return (item as { readonly range: readonly number[] }).range[0];
  }
  return undefined;
}
