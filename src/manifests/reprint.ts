import { type Document, isScalar, visit } from 'yaml';
import type { Operation } from '../engine/operation.js';
import { eolOf } from './edits.js';
import { planEdits } from './plan.js';
import { scalarText } from './scalar-text.js';
import { parseTree } from './tree.js';
import type { Wish } from './wishes.js';

/** The document printed anew from its tree: comments and order stay, spacing does not. */
export function reprint(text: string, value: unknown, operations: readonly Operation[]): string {
  // The parser leaves the carriage returns of comments in them.
  const document = parseTree(text.replaceAll('\r\n', '\n'));
  // From the end of each list, so that the indexes of what comes before stay true.
  const wishes = planEdits(document, value, operations).wishes.toSorted((a, b) => beforeOf(b) - beforeOf(a));
  for (const wish of wishes) grant(document, wish);
  return print(document, text);
}

/** The document with another value: what stands around it stays, and nothing within. */
export function rewrite(text: string, value: unknown): string {
  const document = parseTree(text.replaceAll('\r\n', '\n'));
  document.contents = createNode(document, value);
  return print(document, text);
}

const beforeOf = (wish: Wish): number => (wish.kind === 'elements' ? wish.before : -1);

function grant(document: Document, wish: Wish): void {
  const node = (value: unknown) => createNode(document, value);
  switch (wish.kind) {
    case 'members':
      wish.map.items.push(...wish.members.map(({ key, value }) => document.createPair(node(key), node(value))));
      break;
    case 'elements':
      wish.seq.items.splice(wish.before, 0, ...wish.elements.map(({ value }) => node(value)));
      break;
    case 'value': {
      const slot = wish.trail.at(-1);
      if (slot && 'pair' in slot) slot.pair.value = node(wish.value);
      else if (slot) slot.seq.items.splice(slot.seq.items.indexOf(slot.item), 1, node(wish.value));
    }
  }
}

function createNode(document: Document, value: unknown) {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  visit(node, {
    Scalar: (_, scalar) => {
      const text = isScalar(scalar) && typeof scalar.value === 'string' ? scalarText(scalar.value) : '';
      if (text.startsWith('"')) scalar.type = 'QUOTE_DOUBLE';
      if (text.startsWith("'")) scalar.type = 'QUOTE_SINGLE';
    },
  });
  return node;
}

function print(document: Document, text: string): string {
  const indentSeq = !/\n( *)[^\s#-][^\n]*:[ \t]*\r?\n\1-[ \r\n]/.test(`\n${text}`);
  const printed = document.toString({ lineWidth: 0, indentSeq, flowCollectionPadding: /\{ /.test(text) });
  return printed.replaceAll('\n', eolOf(text));
}
