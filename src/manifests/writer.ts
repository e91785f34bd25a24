/** Which lines of a text (from 0) hold a part of a value; `at` is the JSON pointer of the part, `''` for all of it. */
export type Mark = { readonly at: string; readonly line: number; readonly lines: number };

/** Lines of text, with the part of the value that each is for. */
export type Written = { readonly lines: string[]; readonly marks: Mark[] };

/** Runs a writer, and marks the lines it wrote; it may begin in the middle of the last line. */
export function marked(to: Written, at: string, write: () => void, continues = false): void {
  const line = Math.max(0, to.lines.length - (continues ? 1 : 0));
  write();
  to.marks.push({ at, line, lines: to.lines.length - line });
}

export const isCollection = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && Object.keys(value).length > 0;
