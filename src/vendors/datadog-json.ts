import { isRecord, type Json } from '../model/json.js';

/** A JSON text as Go's `encoding/json` reads it; undefined where it gives an error. */
export function parseGoJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The member of an object as Go finds it for a field: in any case of letters, the last of several. */
export function fieldOf(object: Json, name: string): unknown {
  let found: unknown;
  for (const [key, value] of Object.entries(object)) if (key.toLowerCase() === name) found = value;
  return found;
}

/** Whether a number stands in a JSON text that comes out of Go's `float64` as another integer, or not at all. */
export function losesPrecision(text: string): boolean {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g)) {
    if (token.startsWith('"')) continue;
    const number = Number(token);
    if (!Number.isFinite(number) || (/^-?\d{16,}$/.test(token) && String(BigInt(number)) !== token)) return true;
  }
  return false;
}

/** Every text in a JSON value, without recursion: a value may nest deeper than a stack does. */
export function* textsIn(value: unknown): Generator<string> {
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next === 'string') yield next;
    else if (Array.isArray(next)) for (const own of next) rest.push(own);
    else if (isRecord(next)) for (const own of Object.values(next)) rest.push(own);
  }
}
