import { eolOf, type Note, nextLine, notesOf, rangeOf, type TextEdit } from './edits.js';
import { type FlowCollection, flowStyleAt, indentAt, itemEnd, ownLineIndent } from './flow-layout.js';
import { type FlowStyle, writeFlow, writeFlowMember } from './flow-text.js';
import { inlineText } from './scalar-text.js';
import type { Slot } from './trail.js';
import { quotesOf } from './value-edits.js';
import type { Part, Wish } from './wishes.js';
import { isCollection, marked, type Written } from './writer.js';

type Entry = { readonly key?: string; readonly value: unknown; readonly parts: readonly Part[] };
type Target = { readonly text: string; readonly node: FlowCollection; readonly trail: readonly Slot[] };

/** New members or elements of a flow collection that has some; undefined where comments are in the way. */
export function addToFlow(
  target: Target,
  entries: readonly Entry[],
  atStart: boolean,
): readonly TextEdit[] | undefined {
  const { text, node, trail } = target;
  const indent = ownLineIndent(text, node);
  const style = flowStyleAt(text, trail, node);
  const at = atStart ? (node.range?.[0] ?? 0) + 1 : (itemEnd(node.items.at(-1)) ?? 0);
  const written = writeEntries(
    entries,
    indent ?? indentAt(text, at),
    indent === undefined ? style.comma : undefined,
    style,
  );
  const depth = trail.length + 1;
  if (indent !== undefined) return onOwnLines(target, at, written, { atStart, depth });
  const [open, close] = atStart ? ['', style.comma] : [style.comma, ''];
  return [{ from: at, to: at, text: open + written.lines.join('') + close, depth, notes: written.notes }];
}

/** Another value in the place of one within a flow collection, or of a flow collection that is the whole document. */
export function replaceInFlow(
  text: string,
  node: unknown,
  wish: Wish & { kind: 'value' },
): readonly TextEdit[] | undefined {
  const range = rangeOf(node);
  if (!range || range[0] === range[1]) return undefined;
  const style = flowStyleAt(text, wish.trail);
  const written: Written = { lines: [''], marks: [] };
  if (isCollection(wish.value) || style.json) writeFlow(written, wish.value, '', indentAt(text, range[0]), style);
  else marked(written, '', () => written.lines.splice(0, 1, inlineText(wish.value, quotesOf(node), true)), true);
  const notes = notesOf(written.marks, wish.parts);
  return [{ from: range[0], to: range[1], text: written.lines.join(eolOf(text)), depth: wish.trail.length, notes }];
}

type Entries = { readonly lines: readonly string[]; readonly notes: readonly Note[] };

/** On one line with commas between, or, without a comma to put between, each on lines of its own. */
function writeEntries(entries: readonly Entry[], indent: string, comma: string | undefined, style: FlowStyle): Entries {
  const lines: string[] = [];
  const notes: Note[] = [];
  for (const [index, { key, value, parts }] of entries.entries()) {
    const written: Written = { lines: [comma === undefined ? indent : ''], marks: [] };
    const flat = comma === undefined ? style : withoutStep(style);
    if (key === undefined) writeFlow(written, value, '', indent, flat);
    else writeFlowMember(written, [key, value], '', indent, flat);
    notes.push(...notesOf(written.marks, parts, comma === undefined ? lines.length : 0));
    const separator = index < entries.length - 1 ? (comma ?? ',') : '';
    lines.push(...written.lines.slice(0, -1), `${written.lines.at(-1)}${separator}`);
  }
  return { lines, notes };
}

const withoutStep = ({ json, colon, comma, padding }: FlowStyle): FlowStyle => ({ json, colon, comma, padding });

type Where = { readonly atStart: boolean; readonly depth: number };

function onOwnLines(
  { text, node }: Target,
  at: number,
  written: Entries,
  { atStart, depth }: Where,
): TextEdit[] | undefined {
  const end = nextLine(text, at);
  const rest = /^[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?\n$/.exec(text.slice(at, end));
  const eol = eolOf(text);
  const block = written.lines.join(eol);
  // The bracket or an element follows on the same line.
  if (!rest || end > (node.range?.[1] ?? 0)) {
    if (atStart) return undefined;
    const notes = written.notes.map((note) => ({ ...note, line: note.line + 1 }));
    return [{ from: at, to: at, text: `,${eol}${block}`, depth, notes }];
  }
  const comma = atStart || rest[1] === ',' ? ',' : '';
  return [
    ...(atStart || comma !== '' ? [] : [{ from: at, to: at, text: ',', depth, notes: [] }]),
    { from: end, to: end, text: block + comma + eol, depth, notes: written.notes },
  ];
}
