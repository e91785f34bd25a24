// YAML forbids these lines inside of any scalar, so they can be found without parsing; `kubectl` does the same.
const marker = /(?:^|\n)\uFEFF?(---|\.\.\.)(?=[ \t\r\n]|$)/g;

// A line that is neither blank, nor a comment, nor a directive; a marker is content, because it begins a document.
const content = /(?:^|\n)\uFEFF?(?!%)[ \t]*[^\s#]/;

/**
 * The documents of a YAML stream, each with the comments and directives before it: joined they are the text again.
 * Splitting before parsing keeps a broken document from spoiling the others.
 */
export function splitDocuments(text: string): readonly string[] {
  if (text === '') return [];
  const starts = [0];
  let start = 0;
  for (const match of text.matchAll(marker)) {
    const at = match.index + (match[0].startsWith('\n') ? 1 : 0);
    if (!content.test(text.slice(start, at))) continue;
    start = match[1] === '---' ? at : endOfLine(text, at);
    starts.push(start);
  }
  // What follows the last `...` may be nothing but comments, which are no document of their own.
  if (starts.length > 1 && !content.test(text.slice(start))) starts.pop();
  return starts.map((from, index) => text.slice(from, starts[index + 1]));
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
