import type { Place } from '../manifests/place.js';
import type { ReviewedManifest } from './reviewed.js';

/** What stands at a place: a key, a value, or the bracket that opens one. */
export type Token = {
  readonly text: string;
  /** A value may be a secret; a key is none. */
  readonly isKey: boolean;
};

/** A place, or a whole file. */
export type LoosePlace = Pick<Place, 'file' | 'rendered'> & Partial<Place>;

type Texts = readonly Pick<ReviewedManifest, 'file' | 'text' | 'startLine'>[];

/** Reads the token at a place out of what was read; undefined for places elsewhere, such as in a template. */
export function createTokens(manifests: Texts): (place: LoosePlace) => Token | undefined {
  const texts = Map.groupBy(manifests, ({ file }) => file);
  const files = new Map<string, ReadonlyMap<number, string>>();
  return ({ file, line, column, rendered }) => {
    if (rendered !== undefined || line === undefined || column === undefined) return undefined;
    const lines = files.get(file) ?? linesOf(texts.get(file) ?? []);
    files.set(file, lines);
    const text = lines.get(line);
    return text === undefined ? undefined : tokenIn(text, column - 1);
  };
}

/** The lines of a file by their numbers; of those values of JSON that share a line, each is a text of its own. */
function linesOf(texts: Texts): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  let end = 0;
  for (const { text, startLine } of texts) {
    let line = startLine;
    // Editors do not count the byte order mark, and neither do places.
    for (const own of text.replace(/^\uFEFF/, '').split('\n')) {
      lines.set(line, line === end ? `${lines.get(line) ?? ''}${own}` : own);
      line++;
    }
    end = line - 1;
  }
  return lines;
}

// Quoted text, an alias, a bracket, or what goes on to the next `: `, ` #` or flow indicator.
const token = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[*&][^\s,[\]{}]+|[[{]|(?:(?!:(?:\s|$)|\s#|[,[\]{}]).)+/y;

function tokenIn(line: string, offset: number): Token | undefined {
  token.lastIndex = offset;
  const text = token.exec(line)?.[0].trimEnd() ?? '';
  return text === '' ? undefined : { text, isKey: /^\s*:/.test(line.slice(offset + text.length)) };
}
