import fc, { type GeneratorValue } from 'fast-check';
import { scalarText } from '../../src/manifests/scalar-text.js';

/** A file as somebody wrote it. */
export type Written = {
  readonly text: string;
  /** Whether nothing in it stands in braces, is left out, or is named to stand elsewhere too. */
  readonly isPlain: boolean;
};

type Pen = {
  readonly draw: GeneratorValue;
  /** By how many columns maps and lists stand further in than what holds them. */
  readonly step: number;
  readonly dash: number;
  /** How many of a hundred lines have a comment above or behind them, and how many collections are in braces. */
  readonly comments: number;
  readonly braces: number;
  readonly anchors: number;
  /** The anchors so far, by the value that they name. */
  readonly named: Map<string, string>;
  isPlain: boolean;
};

const above = ['# c', '#', '#\ttab', '      # e: {', '', '   ', '# - x', '# {'];
const behind = [' # t', '\t# tab', '  ', ' #', ' # "'];
const starts = ['', '', '---\n', '--- # top\n', '# top\n\n', '%YAML 1.1\n---\n', '\uFEFF', '\uFEFF# top\n---\n'];
const ends = ['\n', '\n', '', '\n\n', '\n# end\n', '\n  # end', '\n...\n', '\n---\n', '   \n', ' # end'];

/** Some of the values, one document each, in the ways in which people lay out YAML. */
export const layouts = (values: readonly unknown[]): fc.Arbitrary<Written> =>
  fc.gen().map((draw) => {
    const pen: Pen = {
      draw,
      step: draw(fc.constantFrom, 2, 2, 2, 3, 4, 8),
      dash: draw(fc.constantFrom, 0, 0, 1),
      comments: draw(fc.constantFrom, 0, 5, 30),
      braces: draw(fc.constantFrom, 0, 0, 10, 40),
      anchors: draw(fc.constantFrom, 0, 0, 0, 30),
      named: new Map(),
      isPlain: true,
    };
    if (draw(fc.nat, { max: 19 }) === 0) return { text: json(pen, draw(fc.constantFrom, ...values)), isPlain: false };
    const count = draw(fc.constantFrom, 1, 1, 2, 3);
    const documents = Array.from({ length: count }, () => {
      pen.named.clear();
      return write(pen, draw(fc.constantFrom, ...values), draw(fc.constantFrom, 0, 0, 0, 0, 2)).join('\n');
    });
    const between = draw(fc.constantFrom, '\n---\n', '\n---\n# next\n', '\n--- # next\n', '\n\n---\n\n');
    const text = draw(fc.constantFrom, ...starts) + documents.join(between) + draw(fc.constantFrom, ...ends);
    const isWindows = draw(fc.constantFrom, true, false, false);
    return { text: isWindows ? text.replaceAll('\n', '\r\n') : text, isPlain: pen.isPlain };
  });

const json = ({ draw }: Pen, value: unknown): string =>
  JSON.stringify(value, undefined, draw(fc.constantFrom, 0, 2, 3, '\t')) + draw(fc.constantFrom, '\n', '');

const isIn = (value: unknown): value is object => value !== null && typeof value === 'object';
const outOf100 = ({ draw }: Pen, chance: number): boolean => chance > 0 && draw(fc.nat, { max: 99 }) < chance;

/** The lines of a collection's members, which stand at the indentation. */
function write(pen: Pen, value: object, indent: number): string[] {
  const blank = ' '.repeat(indent);
  return Object.entries(value).flatMap(([key, part]) => {
    const head = Array.isArray(value) ? `${blank}-` : `${blank}${keyText(pen, key)}:`;
    const lines = Array.isArray(value) ? writeElement(pen, head, part, indent) : writeMember(pen, head, part, indent);
    const isCommented = outOf100(pen, pen.comments);
    return isCommented ? [blank + pen.draw(fc.constantFrom, ...above), ...lines] : lines;
  });
}

function writeMember(pen: Pen, head: string, value: unknown, indent: number): string[] {
  if (!isIn(value) || Object.keys(value).length === 0 || outOf100(pen, pen.braces)) {
    return writeInline(pen, head, value, indent);
  }
  const [anchor, alias] = naming(pen, value);
  if (alias !== '') return [head + alias + tail(pen)];
  const inner = indent + (Array.isArray(value) ? pen.dash * pen.step : pen.step);
  return [head + anchor + tail(pen), ...write(pen, value, inner)];
}

function writeElement(pen: Pen, head: string, value: unknown, indent: number): string[] {
  if (!isIn(value) || Object.keys(value).length === 0 || outOf100(pen, pen.braces)) {
    return writeInline(pen, head, value, indent);
  }
  const gap = pen.draw(fc.constantFrom, ' ', ' ', ' ', '   ');
  const lines = write(pen, value, indent + 1 + gap.length);
  // A comment before the first member has no place on the dash's line.
  if (/^\s*(?:#.*)?$/.test(lines[0] ?? '')) return [head, ...lines];
  return [head + gap + lines[0]?.trimStart(), ...lines.slice(1)];
}

function naming(pen: Pen, value: object): readonly [anchor: string, alias: string] {
  const known = pen.named.get(JSON.stringify(value));
  if (known !== undefined && outOf100(pen, 50)) {
    pen.isPlain = false;
    return ['', ` *${known}`];
  }
  if (!outOf100(pen, pen.anchors)) return ['', ''];
  const name = `a${pen.named.size}`;
  pen.named.set(JSON.stringify(value), name);
  return [` &${name}`, ''];
}

function writeInline(pen: Pen, head: string, value: unknown, indent: number): string[] {
  if (typeof value === 'string' && /^\S[^\t\r]*\n/.test(value) && pen.draw(fc.boolean)) {
    const mark = `${pen.draw(fc.constantFrom, '|', '|')}${value.endsWith('\n') ? '' : '-'}`;
    const lines = value.replace(/\n$/, '').split('\n');
    if (!value.endsWith('\n\n'))
      return [`${head} ${mark}`, ...lines.map((line) => line && ' '.repeat(indent + pen.step) + line)];
  }
  if (isIn(value) || value === null) pen.isPlain = false;
  const empty = pen.draw(fc.constantFrom, '', ' null', ' ~', ' {}');
  const isNothing = isIn(value) && !Array.isArray(value) && Object.keys(value).length === 0;
  if (isNothing) return [`${head}${empty}${tail(pen)}`];
  const written = `${outOf100(pen, pen.anchors / 3) && typeof value === 'string' ? '!!str ' : ''}${flow(pen, value)}${tail(pen)}`;
  // Its indentation is free where it is a member's.
  return outOf100(pen, pen.braces / 10) ? [head, `${' '.repeat(indent + pen.step)}${written}`] : [`${head} ${written}`];
}

const tail = (pen: Pen): string => (outOf100(pen, pen.comments) ? pen.draw(fc.constantFrom, ...behind) : '');

function flow(pen: Pen, value: unknown): string {
  if (typeof value === 'string') return text(pen, value, true);
  if (!isIn(value)) return JSON.stringify(value);
  const [pad, comma] = [pen.draw(fc.constantFrom, '', ' '), pen.draw(fc.constantFrom, ', ', ',', ' , ')];
  const parts = Object.entries(value).map(([key, part]) =>
    Array.isArray(value) ? flow(pen, part) : `${text(pen, key, true)}: ${flow(pen, part)}`,
  );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}${pad}${parts.join(comma)}${pad}${close}`;
}

const keyText = (pen: Pen, key: string): string => {
  const written = text(pen, key, false);
  return outOf100(pen, pen.braces) ? `${written} ` : written;
};

const text = (pen: Pen, value: string, inFlow: boolean): string =>
  scalarText(value, pen.draw(fc.constantFrom, 'plain', 'plain', 'plain', 'single', 'double'), inFlow);
