import type { Place } from '../manifests/place.js';
import { count } from './count.js';
import {
  type InputProblem,
  type Level,
  levels,
  objectsOf,
  type ReviewedObject,
  type ReviewedRun,
  titleOf,
} from './reviewed.js';
import { tally } from './tally.js';

/** What a run comes to, in one line, and how grave that is. */
export type Verdict = { readonly level: Level | 'clean'; readonly text: string };

/** The headline of a report for people. */
export function verdictOn(run: ReviewedRun): Verdict {
  const { objects, changed, violations, warnings } = tally(run);
  const problems = run.problems.length;
  const faults = faultsIn(run).length;
  const parts = [
    ...(problems === 0 ? [] : [`${count(problems, 'problem')} with the input`]),
    ...(faults === 0 ? [] : [`${count(faults, 'fault')} of aloft`]),
    ...(violations === 0 ? [] : [count(violations, 'violation')]),
    ...(warnings === 0 ? [] : [count(warnings, 'warning')]),
    changed === 0
      ? `nothing to change in ${count(objects, 'object')}`
      : `${changed} of ${count(objects, 'object')} to change`,
  ];
  const level =
    problems + faults + violations > 0 ? 'violation' : warnings > 0 ? 'warning' : changed > 0 ? 'change' : 'clean';
  return { level, text: parts.join(', ') };
}

/** Objects that a fault of aloft kept from being reviewed, which the webhook would let through as they are. */
export const faultsIn = (run: ReviewedRun): readonly InputProblem[] =>
  objectsOf(run).flatMap(({ review: { fault }, place: { file, line, column }, ...object }) =>
    fault === undefined || fault.at !== undefined
      ? []
      : [{ file, line, column, message: `${titleOf(object)}: ${fault.reason.message}` }],
  );

/** The gravest of what is said about an object, as its rank: 0 for a violation. */
const rankOf = ({ remarks, operations }: ReviewedObject): number =>
  Math.min(
    operations.length > 0 ? levels.indexOf('change') : levels.length,
    ...remarks.map(({ level }) => levels.indexOf(level)),
  );

/** Things by the file that their objects came from, or say they were rendered from; the one with the gravest first. */
export function byFile<T>(things: readonly T[], objectOf: (thing: T) => ReviewedObject): readonly FileOf<T>[] {
  const files = [...Map.groupBy(things, (thing) => fileOf(objectOf(thing).place))];
  const ranked = files.map(([file, own]) => ({
    file,
    own,
    rank: Math.min(...own.map((one) => rankOf(objectOf(one)))),
  }));
  return ranked.toSorted((a, b) => a.rank - b.rank);
}

const fileOf = ({ file, source }: Place): string => source ?? file;

export type FileOf<T> = { readonly file: string; readonly own: readonly T[] };
