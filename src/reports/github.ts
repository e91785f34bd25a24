import { byGravity, checkId, type Entry, type EntryLevel, entriesOf } from './entries.js';
import { type Remark, type Report, type ReviewedObject, titleOf } from './reviewed.js';
import { isFile, pathOf } from './source-path.js';
import { visible } from './visible.js';

/**
 * Workflow commands of GitHub Actions, the gravest first: of each type as many as GitHub shows, the last of which
 * counts the rest, and the rest as lines of the log. Nothing in it is unseen, and what the runner reads as the end of a
 * line is escaped before, so that it stays what it was.
 */
export const githubReport: Report = (run) => {
  const annotations = annotationsOf(byGravity(entriesOf(run)));
  return visible(types.map((type) => section(annotations.filter((one) => one.type === type))).join(''));
};

/** GitHub shows 10 of each type for a step, and 50 for a job, which no step fills. */
const shown = 10;

const types = ['error', 'warning', 'notice'] as const;
type Annotation = {
  readonly type: (typeof types)[number];
  readonly title: string;
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly message: string;
};

const typeOf: { readonly [level in EntryLevel]: Annotation['type'] } = {
  problem: 'error',
  violation: 'error',
  warning: 'warning',
  change: 'notice',
  note: 'notice',
};

/** All changes of one object are one annotation, at the object: there is room for ten. */
function annotationsOf(entries: readonly Entry[]): readonly Annotation[] {
  const changes = Map.groupBy(entries.filter(isChange), ({ on }) => on.object);
  return entries.flatMap((entry) => {
    if (!isChange(entry)) return [annotationOf(entry)];
    const together = changes.get(entry.on.object) ?? [];
    return together[0] === entry ? [changesOf(entry.on.object, together)] : [];
  });
}

type Change = Entry & Required<Pick<Entry, 'on'>>;
const isChange = (entry: Entry): entry is Change => entry.on !== undefined && typeOf[entry.level] === 'notice';

function annotationOf({ level, check, text, place, token }: Entry): Annotation {
  const { file, line, column } = place;
  const endColumn = token && column !== undefined ? column + token.text.length : undefined;
  return { type: typeOf[level], title: `aloft ${checkId(check)}`, file, line, column, endColumn, message: text };
}

function changesOf(object: ReviewedObject, changes: readonly Change[]): Annotation {
  const { file, line, column } = object.place;
  const lines = changes.map(({ on: { remark } }) => lineOf(remark));
  const verb = changes.some(({ level }) => level === 'change') ? 'adds' : 'would add';
  return {
    type: 'notice',
    title: `aloft ${verb} to ${titleOf(object)}`,
    file,
    line,
    column,
    message: lines.join('\n'),
  };
}

function lineOf({ level, name, reason, edit }: Remark): string {
  const audit = level === 'note' ? ' (the mode is audit)' : '';
  const added = edit === undefined ? '' : `${edit}${audit}: `;
  return `${added}${reason.message} (${name})`.replaceAll(/\s*[\r\n]\s*/g, ' ');
}

function section(annotations: readonly Annotation[]): string {
  if (annotations.length <= shown) return annotations.map(command).join('');
  const [first, rest] = [annotations.slice(0, shown - 1), annotations.slice(shown - 1)];
  const type = first[0]?.type ?? 'notice';
  const summary = `${rest.length} more of this kind: the log of this step lists them`;
  const log = rest.map(({ file, line, column, message }) => logLine([file, line, column], message));
  return [
    ...first.map(command),
    `::${type} title=aloft::${summary}\n`,
    `::group::${rest.length} more, ${type}\n`,
    ...log,
    '::endgroup::\n',
  ].join('');
}

function command({ type, title, file, line, column, endColumn, message }: Annotation): string {
  // What came through a pipe is no file of the repository, so its place stands in the message.
  const at = isFile(file) ? { file: pathOf(file), line, col: column, endColumn } : {};
  const told = isFile(file)
    ? message
    : [file, line, column, ` ${message}`].filter((part) => part !== undefined).join(':');
  const properties = Object.entries({ ...at, title })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${type} ${properties.join(',')}::${escapeData(told)}\n`;
}

/** A line that the runner does not take for a command, whatever is in it. */
function logLine(place: readonly (string | number | undefined)[], message: string): string {
  const text = `- ${place.filter((part) => part !== undefined).join(':')}: ${message}`;
  return `${text.replaceAll(/[\r\n]+/g, '; ').replaceAll('##[', '## [')}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
