/**
 * The values of a text that holds JSON values, one after the other or one in each line, each with the white space before
 * it; undefined for anything else. YAML knows no such thing: behind a `{…}`, no second one may stand.
 */
export function splitJson(text: string): readonly string[] | undefined {
  const start = contentStart(text);
  const end = endOfValue(text, start);
  if (end === undefined || !opens(text, afterSpace(text, end)) || !isJson(text.slice(start, end))) return undefined;
  const cuts = [0];
  for (let at: number | undefined = end; at !== undefined; ) {
    const next = afterSpace(text, at);
    if (next === text.length) break;
    cuts.push(cutBetween(text, at, next));
    const nextEnd = opens(text, next) ? endOfValue(text, next) : undefined;
    at = nextEnd !== undefined && isJson(text.slice(next, nextEnd)) ? nextEnd : nextTopLevel(text, next);
  }
  return parted(text, cuts);
}

/**
 * The same for a text whose first value is broken, so that only the lines that begin with a bracket can tell where the
 * others are. As YAML it must have been tried before: in a large `{…}` of YAML, such lines may stand, too.
 */
export function splitBrokenJson(text: string): readonly string[] | undefined {
  const start = contentStart(text);
  if (!opens(text, start)) return undefined;
  const cuts = [0];
  for (let at = nextTopLevel(text, start); at !== undefined; at = nextTopLevel(text, at)) cuts.push(at);
  const parts = parted(text, cuts);
  return parts.some((part, index) => index > 0 && isJson(part)) ? parts : undefined;
}

const parted = (text: string, cuts: readonly number[]): readonly string[] =>
  cuts.map((from, index) => text.slice(from, cuts[index + 1]));

/** Behind the byte order mark, comments and the marker of the document. */
export function contentStart(text: string): number {
  const lead = /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:---(?=\s))?/.exec(text);
  return afterSpace(text, lead?.[0].length ?? 0);
}

/** Behind white space and comments. */
function afterSpace(text: string, from: number): number {
  const space = /(?:[ \t\r\n]+|#[^\n]*)*/y;
  space.lastIndex = from;
  space.exec(text);
  return space.lastIndex;
}

const opens = (text: string, at: number): boolean => text[at] === '{' || text[at] === '[';

/** Behind the line in which a value ends, unless the next value begins in it. */
function cutBetween(text: string, end: number, next: number): number {
  const newline = text.indexOf('\n', end);
  return newline >= 0 && newline < next ? newline + 1 : end;
}

function nextTopLevel(text: string, from: number): number | undefined {
  const next = /\n[{[]/g;
  next.lastIndex = from;
  const found = next.exec(text);
  return found === null ? undefined : found.index + 1;
}

/** Where the brackets that open here are closed; undefined where they never are. */
function endOfValue(text: string, start: number): number | undefined {
  if (!opens(text, start)) return undefined;
  const signs = /["{}[\]]/g;
  signs.lastIndex = start;
  let depth = 0;
  for (let sign = signs.exec(text); sign !== null; sign = signs.exec(text)) {
    const [char] = sign;
    if (char === '"') {
      const end = endOfString(text, sign.index);
      if (end === undefined) return undefined;
      signs.lastIndex = end;
    } else if (char === '{' || char === '[') depth++;
    else if (--depth === 0) return signs.lastIndex;
  }
  return undefined;
}

/** JSON knows no string of several lines: a quote that is missing spoils no more than its line. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === '\n') return undefined;
    if (char === '\\') at++;
  }
  return undefined;
}

/** Whether a text is one value of JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
