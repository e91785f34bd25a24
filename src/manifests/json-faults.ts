import { contentStart } from './json-stream.js';
import type { Flaw } from './value.js';

/**
 * Where a text that is meant as JSON stops being it, and what JSON has there: what YAML makes of such a text goes wrong
 * later, mostly on the next line. Undefined for JSON, and for a text that may be meant as YAML.
 */
export function jsonFault(text: string): Flaw | undefined {
  const start = contentStart(text);
  if (!isMeantAsJson(text, start)) return undefined;
  const open: string[] = [];
  let state: State = 'value';
  for (let at = start, end = start; ; at = end) {
    at = behind(space, text, at);
    end = behind(token, text, at);
    if (at === text.length && state === 'end') return undefined;
    const next: State | undefined = end === at ? undefined : follow(state, text.charAt(at), open);
    if (next === undefined) return unexpected(text, at, state);
    if (text[at] === '"') {
      end = behindSound(text, end);
      if (text[end++] !== '"') return brokenString(text, at, end - 1);
    }
    state = next;
  }
}

/**
 * YAML has these brackets, too, but hardly anybody who writes it puts quotes or another bracket behind them. With the
 * other signs nothing can begin: they are left over from a value before.
 */
function isMeantAsJson(text: string, start: number): boolean {
  const second = text.charAt(behind(space, text, start + 1));
  const first = text.charAt(start);
  return first === '{' ? /["}]/.test(second) : first === '[' ? /["{[\]]/.test(second) : /[}\],:]/.test(first);
}

const space = /[ \t\r\n]*/y;
const token = /[{}[\],:"]|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])|/y;

function behind(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.exec(text);
  return pattern.lastIndex;
}

const characters = /[^"\\\r\n]{1,1000}|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|/y;

/** Behind as much of a string as is sound; piece by piece, because a pattern for all of it runs out of stack. */
function behindSound(text: string, from: number): number {
  let at = from;
  for (let next = behind(characters, text, at); next > at; next = behind(characters, text, at)) at = next;
  return at;
}

type State = 'value' | 'element' | 'firstKey' | 'key' | 'colon' | 'member' | 'listed' | 'end';
type Choice = { readonly wants: string; readonly next: Readonly<Record<string, State | 'whole'>> };

const value = { '{': 'firstKey', '[': 'element', '"': 'whole', literal: 'whole' } as const;

/** What may come next, by its first sign, and the state behind it: `whole` is behind a value and all that is in it. */
const grammar: Readonly<Record<State, Choice>> = {
  value: { wants: 'a value', next: value },
  element: { wants: 'a value or "]"', next: { ...value, ']': 'whole' } },
  firstKey: { wants: 'a key in double quotes or "}"', next: { '"': 'colon', '}': 'whole' } },
  key: { wants: 'a key in double quotes', next: { '"': 'colon' } },
  colon: { wants: '":"', next: { ':': 'value' } },
  member: { wants: '"," or "}"', next: { ',': 'key', '}': 'whole' } },
  listed: { wants: '"," or "]"', next: { ',': 'value', ']': 'whole' } },
  end: { wants: 'nothing more', next: {} },
};

function follow(state: State, first: string, open: string[]): State | undefined {
  const sign = /[{}[\],:"]/.test(first) ? first : 'literal';
  const next = grammar[state].next[sign];
  if (sign === '{' || sign === '[') open.push(sign);
  if (sign === '}' || sign === ']') open.pop();
  if (next !== 'whole') return next;
  if (open.length === 0) return 'end';
  return open.at(-1) === '{' ? 'member' : 'listed';
}

function unexpected(text: string, at: number, state: State): Flaw | undefined {
  const { wants } = grammar[state];
  if (at === text.length)
    return { offset: text.trimEnd().length, message: `expected ${wants}, got the end of the JSON` };
  // A word without quotes is what YAML has in its brackets: that knows better what is wrong with it.
  if (/[\w.+-]/.test(text.charAt(at))) return undefined;
  return { offset: at, message: `expected ${wants} of JSON, got ${JSON.stringify(text[at])}` };
}

function brokenString(text: string, start: number, end: number): Flaw {
  if (text[end] !== '\\')
    return { offset: start, message: 'expected a string that ends on its line, as JSON has them' };
  return { offset: end, message: `expected an escape of JSON, got ${JSON.stringify(text.slice(end, end + 2))}` };
}
