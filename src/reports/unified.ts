import { type Hunk, hunkHead, type Row } from './hunks.js';
import { type ReviewedObject, titleOf } from './reviewed.js';

/** Where no line shows what changes in an object, what is added to it is told one by one. */
export const unifiedLines = (object: ReviewedObject, hunks: readonly Hunk[] | undefined): readonly string[] =>
  hunks === undefined
    ? [
        `# ${titleOf(object)}`,
        ...object.remarks
          .filter(({ level }) => level === 'change')
          .map(({ name, reason, edit = '' }) => `+ ${shortened(edit)} # ${name}: ${reason.message}`),
      ]
    : hunks.flatMap((hunk) => [`${hunkHead(hunk)} ${titleOf(object)}`, ...hunk.rows.map(lineOf)]);

function lineOf(row: Row): string {
  if (row.kind === 'kept') return ` ${shortened(row.text)}`;
  if (row.kind === 'removed') return `-${row.text}`;
  const why = row.why.map(({ rule, message }) => `${rule}: ${message}`).join('; ');
  return why === '' ? `+${row.text}` : `+${row.text} # ${why}`;
}

/** A text of which a person reads the beginning, as `last-applied-configuration` is one. */
export const shortened = (text: string, most = 500): string =>
  text.length <= most ? text : `${text.slice(0, most).toWellFormed()}… (${text.length - most} more characters)`;
