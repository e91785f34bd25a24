import { count } from './count.js';
import { emptyFiles, leftOutCount } from './files.js';
import {
  describeSuppression,
  objectsOf,
  type ReviewedObject,
  type ReviewedRun,
  type Suppression,
  showPlace,
  titleOf,
} from './reviewed.js';
import { tally } from './tally.js';
import { visibleLine } from './visible.js';

/** Everything that a person should not overlook, a line each, and a line that counts. */
export function summaryReport(run: ReviewedRun): string {
  const { objects, changed, violations, warnings, audited, untouched } = tally(run);
  const empty = emptyFiles(run);
  const leftOut = run.leftOut?.length ?? 0;
  const counts = [
    `${count(objects, 'object')} reviewed`,
    `${changed} to change`,
    ...(audited === 0 ? [] : [`${audited} that mode audit leaves`]),
    `${count(violations, 'violation')}`,
    ...(warnings === 0 ? [] : [count(warnings, 'warning')]),
    `${count(untouched, 'other document')}`,
    ...(empty === 0 ? [] : [`${count(empty, 'file')} without an object`]),
    ...(leftOut === 0 ? [] : [leftOutCount(leftOut)]),
  ];
  return `${[...remarkLines(run), ...run.suppressions.map(suppressionLine).map(visibleLine), counts.join(', ')].join('\n')}\n`;
}

/** Violations and warnings, each with its place and in one line: what CI systems read must not become a command to them. */
export const remarkLines = (run: Pick<ReviewedRun, 'manifests'>): readonly string[] =>
  objectsOf(run).flatMap(linesOn).map(visibleLine);

function linesOn(object: ReviewedObject): readonly string[] {
  return object.remarks
    .filter(({ level }) => level === 'violation' || level === 'warning')
    .map(({ level, name, reason, place }) =>
      [showPlace(place), level, titleOf(object), name, reason.message].join(': '),
    );
}

const suppressionLine = (suppression: Suppression): string =>
  `${suppression.place === undefined ? '' : `${showPlace(suppression.place)}: `}${describeSuppression(suppression)}`;
