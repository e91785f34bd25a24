import { reasonsOf, type Step } from '../engine/review.js';
import { filled, tailOf, widthOf, wrapInto } from './columns.js';
import { isFaulty } from './entries.js';
import type { Paint } from './paint.js';
import { inputRule } from './remarks.js';
import type { InputProblem, Report, ReviewedObject, ReviewedRun, Style } from './reviewed.js';
import { pathOf } from './source-path.js';
import { visible } from './visible.js';

/** A row for each object, with what becomes of it and which rules have a part in that. */
export const tableReport: Report = (run, style) => {
  const rows = rowsOf(run);
  if (rows.length === 0) return '';
  const widths = widthsOf(rows, style);
  const head = linesOf(header, widths).map(style.paint.bold);
  const lines = rows.flatMap((row) => linesOf(row, widths, style.paint));
  return [...head, ...lines].map((line) => `${line}\n`).join('');
};

// What may be long is last, so that no other row is as long where nothing limits it.
const columns = ['result', 'kind', 'namespace', 'name', 'where', 'rules'] as const;
type Column = (typeof columns)[number];
type Row = { readonly [column in Column]: string };

const header: Row = {
  result: 'RESULT',
  kind: 'KIND',
  namespace: 'NAMESPACE',
  name: 'NAME',
  where: 'WHERE',
  rules: 'RULES',
};

/** Down to how many columns each may be made narrower. */
const least: { readonly [column in Column]: number } = {
  result: 9,
  kind: 11,
  namespace: 9,
  name: 14,
  where: 13,
  rules: 14,
};

const gap = '  ';

/** Keeps a rule and what it says in one line, where there is room. */
const unbroken = '\u00a0';

function rowsOf({ manifests, problems }: ReviewedRun): readonly Row[] {
  return [...problems.map(problemRow), ...manifests.flatMap(({ objects }) => objects.map(objectRow))].map(
    (row) =>
      Object.fromEntries(columns.map((column) => [column, visible(row[column]).replaceAll(/[\t\n]/g, ' ')])) as Row,
  );
}

const problemRow = ({ file, line, message }: InputProblem): Row => ({
  result: 'error',
  kind: '-',
  namespace: '-',
  name: '-',
  where: whereOf(file, line),
  rules: message,
});

const objectRow = (object: ReviewedObject): Row => ({
  result: resultOf(object),
  kind: object.kind,
  namespace: object.namespace,
  name: object.name,
  where: whereOf(object.place.file, object.place.line),
  rules: [
    ...told(inputRule, codesOf(inputRule, object)),
    ...object.review.steps.flatMap((step) => partOf(step, object)),
  ].join(', '),
});

const whereOf = (file: string, line: number | undefined): string =>
  [pathOf(file), line].filter((part) => part !== undefined).join(':');

/** The gravest of what became of an object. */
function resultOf(object: ReviewedObject): string {
  const { review, remarks, operations } = object;
  const has = (level: string): boolean => remarks.some((remark) => remark.level === level);
  if (review.fault !== undefined || isFaulty(object)) return 'error';
  if (has('violation')) return 'violation';
  if (has('warning')) return 'warning';
  if (operations.length > 0) return 'changed';
  return review.steps.some(isExempt) ? 'exempt' : 'unchanged';
}

const isExempt = (step: Step): boolean =>
  step.outcome === 'skipped' && reasonsOf(step).some(({ code }) => code.startsWith('exempt-'));

/** What one rule has to do with it, if anything. */
const partOf = (step: Step, object: ReviewedObject): readonly string[] =>
  told(step.name, [...editsOf(step), ...codesOf(step.name, object), ...(isExempt(step) ? ['exempt'] : [])]);

const told = (name: string, parts: readonly string[]): readonly string[] =>
  parts.length === 0 ? [] : [`${name}: ${parts.join(' ')}`.replaceAll(' ', unbroken)];

function codesOf(rule: string, { remarks }: ReviewedObject): readonly string[] {
  const grave = remarks.filter(({ name, level }) => name === rule && (level === 'violation' || level === 'warning'));
  return [...new Set(grave.map(({ reason }) => reason.code))];
}

function editsOf(step: Step): readonly string[] {
  if (step.outcome !== 'edited' && step.outcome !== 'would-edit') return [];
  return [step.outcome === 'edited' ? `+${step.edits.length}` : `+${step.edits.length} (audit)`];
}

type Widths = Readonly<Record<Column, number>>;

/** As wide as what is in them, as long as that fits; else the widest give way, one column at a time. */
function widthsOf(rows: readonly Row[], { width }: Style): Widths {
  const widths: Record<Column, number> = { ...least };
  for (const column of columns) {
    widths[column] = rows.reduce((most, row) => Math.max(most, widthOf(row[column])), widthOf(header[column]));
  }
  const room = width - gap.length * (columns.length - 1);
  for (let total = columns.reduce((sum, column) => sum + widths[column], 0); total > room; total--) {
    const [widest] = columns.filter((one) => widths[one] > least[one]).sort((a, b) => widths[b] - widths[a]);
    if (widest === undefined) break;
    widths[widest]--;
  }
  return widths;
}

/** A row as lines: what does not fit its column goes on below; of a place, the end says most. */
function linesOf(row: Row, widths: Widths, paint?: Paint): readonly string[] {
  const cells = columns.map((column) =>
    column === 'where' ? [tailOf(row.where, widths.where)] : wrapInto(row[column], widths[column]),
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const line = columns.map((column, at) => {
      const text = filled((cells[at]?.[index] ?? '').replaceAll(unbroken, ' '), widths[column]);
      return column === 'result' && paint ? paintResult(text, paint) : text;
    });
    return line.join(gap).trimEnd();
  });
}

function paintResult(text: string, paint: Paint): string {
  switch (text.trimEnd()) {
    case 'error':
    case 'violation':
      return paint.red(text);
    case 'warning':
      return paint.yellow(text);
    case 'changed':
      return paint.green(text);
    case 'exempt':
    case 'unchanged':
      return paint.dim(text);
    default:
      return text;
  }
}
