import { type OutlineLine, outlineOf } from './outline.js';

/** A line of a template that makes lines of what is rendered. */
export type TemplateLine = OutlineLine & {
  /** How many of its characters are its own, and how many of those come before the first action. */
  readonly literal: number;
  readonly head: number;
  /** What may be rendered of it, unless that is the very line. */
  readonly pattern?: RegExp;
};

/** The documents of a Helm template, each with the lines that have text of their own. */
export function templateDocuments(text: string): readonly (readonly TemplateLine[])[] {
  const original = text.split('\n');
  let before = 0;
  return masked(text)
    .split(/^(?=---(?:\s|$))/m)
    .map((document) => {
      const lines = outlineOf(document).flatMap((line) => lineOf({ ...line, index: line.index + before }, original));
      before += document.split('\n').length - 1;
      return lines;
    });
}

// Stand for what an action makes, and for one that decides about what is around it; no text holds them.
const made = '\uE000';
const decides = '\uE001';

const action = /\{\{-?\s*(?:\/\*[\s\S]*?\*\/|((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`}]|\}(?!\}))*))\s*-?\}\}/g;
const decision = /^(?:(?:if|else|end|range|with|define|block|break|continue)\b|\$\w*\s*(?:,\s*\$\w+\s*)?:?=)/;

/** The template with a sign in place of each action. */
function masked(text: string): string {
  const signs = text.replaceAll(action, (whole: string, code: string | undefined) => {
    const sign = code === undefined || decision.test(code) ? decides : made;
    return sign + '\n'.repeat(whole.split('\n').length - 1);
  });
  return (
    signs
      // What stands between two decisions on a line may be there or not.
      .replaceAll(/\uE001[^\n]*\uE001/g, (between) => (/[^\uE001\s]/.test(between) ? made : ''))
      .replaceAll(decides, '')
  );
}

function lineOf(line: OutlineLine, original: readonly string[]): readonly TemplateLine[] {
  const { index, text } = line;
  const parts = text.split(made);
  const own = parts.join('');
  if (!/[^\s"']/.test(own)) return [];
  const [head = ''] = parts;
  // A sign is shorter than the action that it stands for, so what comes behind one is elsewhere in the template.
  const at = head === '' ? -1 : (original[index]?.indexOf(head) ?? -1);
  const known = { ...line, column: at < 0 ? line.column : at + 1, literal: own.length, head: head.length };
  return [parts.length === 1 ? known : { ...known, pattern: new RegExp(`^${parts.map(escaped).join('.*')}$`) }];
}

/** An action with a dash takes the space in front of it away. */
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+$/, '');
