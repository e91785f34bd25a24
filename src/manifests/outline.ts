/** A line of a manifest, or of a template of one, with what it takes to tell it from others with the same text. */
export type OutlineLine = {
  /** From 0, within the text. */
  readonly index: number;
  /** Where its text begins, behind the dashes of lists; from 1. */
  readonly column: number;
  readonly text: string;
  /** The keys that it is below, `-` for the elements of a list. */
  readonly path: string;
};

/** The lines of a text that hold something, by their indentation: YAML that need not be whole, as in a template. */
export function outlineOf(text: string): readonly OutlineLine[] {
  const lines: OutlineLine[] = [];
  let above: Level[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\uFEFF?(---|\.\.\.)(\s|$)/.test(line) || line.trim() === '') continue;
    let { indent, rest } = { indent: line.search(/\S/), rest: line.trim() };
    for (let dash = /^-(\s+|$)/.exec(rest); dash !== null; dash = /^-(\s+|$)/.exec(rest)) {
      // The dashes of a list may stand as deep as its key.
      above = [...within(above, indent, '-'), levelAt(above, indent, '-')];
      indent += dash[0].length;
      rest = rest.slice(dash[0].length);
    }
    if (rest === '') continue;
    above = within(above, indent);
    lines.push({ index, column: indent + 1, text: rest, path: above.at(-1)?.path ?? '' });
    const key = /^("[^"]*"|'[^']*'|[^\s#:'"](?:[^:]|:(?=\S))*?)\s*:(?=\s|\uE000|$)/.exec(rest)?.[1];
    if (key !== undefined) above.push(levelAt(above, indent, key));
  }
  return lines;
}

type Level = { readonly indent: number; readonly name: string; readonly path: string };

/** The levels that a line with this indentation is below. */
const within = (above: readonly Level[], indent: number, name?: string): Level[] =>
  above.filter((level) => level.indent < indent || (name === '-' && level.indent === indent && level.name !== '-'));

const levelAt = (above: readonly Level[], indent: number, name: string): Level => ({
  indent,
  name,
  path: `${within(above, indent, name).at(-1)?.path ?? ''}/${name}`,
});
