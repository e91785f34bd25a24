/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** A text filled up to so many columns. */
export const filled = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));

/** The end of a text, in at most so many columns. */
export function tailOf(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let tail = '';
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    if (widthOf(segment + tail) > columns - 1) break;
    tail = segment + tail;
  }
  return `…${tail}`;
}

/** Sentences in lines of so many columns; a word that is longer is broken. */
export function wrapInto(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, columns))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word in parts that fit: after a hyphen, slash or the like where there is one not too far back, else anywhere. */
function pieces(word: string, columns: number): readonly string[] {
  const all: string[] = [];
  let rest = word;
  while (widthOf(rest) > columns) {
    const most = headOf(rest, columns);
    const end = Math.max(...[...'-/.:\u00a0'].map((mark) => most.lastIndexOf(mark) + 1));
    const head = end > most.length / 2 ? most.slice(0, end) : most;
    all.push(head);
    rest = rest.slice(head.length).replace(/^\u00a0/, '');
  }
  return [...all, rest];
}

/** As much of a text as fits, but at least something. */
function headOf(text: string, columns: number): string {
  let head = '';
  for (const { segment } of graphemes.segment(text)) {
    if (head !== '' && widthOf(head + segment) > columns) break;
    head += segment;
  }
  return head;
}

const ascii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter('en');

// Unicode's East_Asian_Width W and F, and what is drawn as a picture.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u;
