import { createFingerprints } from './fingerprint.js';
import {
  describeSuppression,
  type InputProblem,
  levels,
  objectsOf,
  type Remark,
  type ReviewedObject,
  type ReviewedRun,
  type Suppression,
  titleOf,
} from './reviewed.js';
import { pathOf } from './source-path.js';
import { createTokens, type LoosePlace, type Token } from './token.js';

/** Something that a CI system is told about the input. */
export type Entry = {
  readonly level: EntryLevel;
  /** What it is about, the same in every run and format: `annotation-lint/istio-port`. */
  readonly check: Check;
  readonly text: string;
  /** Only a whole file has no line. */
  readonly place: LoosePlace;
  /** What stands there, where the text is at hand. */
  readonly token?: Token;
  /** What it is a remark on, and the remark. */
  readonly on?: { readonly object: ReviewedObject; readonly remark: Remark };
  /** The same in every run that finds the same, wherever in its file it stands; no two entries of a run share one. */
  readonly fingerprint: string;
};

export type Check = { readonly rule: string; readonly code: string };

/** How grave, the gravest first; a `problem` is what could not be reviewed. */
export const entryLevels = ['problem', ...levels] as const;
export type EntryLevel = (typeof entryLevels)[number];

export const checkId = ({ rule, code }: Check): string => `${rule}/${code}`;

/** All that a CI system is told of a run: what was not reviewed, what rules say, and exemptions that cover nothing. */
export function entriesOf(run: ReviewedRun): readonly Entry[] {
  const fingerprint = createFingerprints();
  const named = (entry: Omit<Entry, 'fingerprint'>, about: readonly string[]): Entry => ({
    ...entry,
    fingerprint: fingerprint([checkId(entry.check), pathOf(entry.place.file), ...about]),
  });
  const tokenAt = createTokens(run.manifests);
  return [
    ...run.problems.map((problem) => named(entryOfProblem(problem, tokenAt), [problem.message])),
    ...objectsOf(run).flatMap((object) => [...faultEntries(object, named), ...remarkEntries(object, tokenAt, named)]),
    ...run.suppressions.flatMap((suppression) => suppressionEntries(suppression, tokenAt, named)),
  ];
}

/** At most so many, the gravest; in the order they came. */
export function gravest(entries: readonly Entry[], most: number): readonly Entry[] {
  if (entries.length <= most) return entries;
  const kept = new Set(byGravity(entries).slice(0, most));
  return entries.filter((entry) => kept.has(entry));
}

/** The gravest first, those of one level in the order they came. */
export const byGravity = (entries: readonly Entry[]): readonly Entry[] =>
  entries.toSorted((a, b) => entryLevels.indexOf(a.level) - entryLevels.indexOf(b.level));

type TokenAt = ReturnType<typeof createTokens>;
type Named = (entry: Omit<Entry, 'fingerprint'>, about: readonly string[]) => Entry;

function entryOfProblem({ message, ...place }: InputProblem, tokenAt: TokenAt): Omit<Entry, 'fingerprint'> {
  const token = tokenAt(place);
  const check = { rule: 'input', code: 'unreadable' };
  return { level: 'problem', check, text: message, place, ...(token && { token }) };
}

/** Whether something went wrong with aloft itself; what is wrong with the object is a problem of the input. */
export const isFaulty = ({ review: { steps, fault } }: ReviewedObject): boolean =>
  (fault !== undefined && fault.at === undefined) || steps.some(({ outcome }) => outcome === 'failed');

/** Rules that stopped are remarks already. */
function faultEntries({ review: { fault }, ...object }: ReviewedObject, named: Named): readonly Entry[] {
  if (fault === undefined || fault.at !== undefined) return [];
  const check = { rule: 'review', code: fault.reason.code };
  const text = `${titleOf(object)}: ${fault.reason.message}`;
  return [named({ level: 'warning', check, text, place: object.place }, [object.kind, object.namespace, object.name])];
}

function remarkEntries(object: ReviewedObject, tokenAt: TokenAt, named: Named): readonly Entry[] {
  const { apiVersion, kind, namespace, name: objectName } = object;
  return object.remarks.map((remark) => {
    const { level, rule, name, reason, place, edit = '' } = remark;
    const token = tokenAt(place);
    const check = { rule, code: reason.code };
    const entry = {
      level,
      check,
      text: textOf(object, remark),
      place,
      on: { object, remark },
      ...(token && { token }),
    };
    const at = (reason.at ?? []).join('/');
    return named(entry, [name, apiVersion, kind, namespace, objectName, at, subjectOf(edit)]);
  });
}

/** What is added, without the value, which a release may change: `env DD_VERSION in app`. */
const subjectOf = (edit: string): string => edit.replace(/(?:: | = ).*?( in [^\s"']+)?$/s, '$1');

/** A remark in one line, without its place. */
function textOf(object: ReviewedObject, { level, rule, name, reason, edit }: Remark): string {
  const added = level === 'note' ? `aloft would add ${edit} (the mode is audit): ` : `aloft adds ${edit}: `;
  const change = edit === undefined ? '' : added;
  const own = name === rule ? '' : `${name}: `;
  return `${titleOf(object)}: ${own}${change}${reason.message}`.replaceAll(/\s*[\r\n]\s*/g, ' ');
}

/** An entry of a policy that covers nothing here may cover what is elsewhere: the summary lists it, nothing else. */
function suppressionEntries(suppression: Suppression, tokenAt: TokenAt, named: Named): readonly Entry[] {
  const { by, rules, place, used, expired, objects } = suppression;
  const isWrong = expired ? objects > 0 : !used && by === 'annotation';
  if (place === undefined || !isWrong) return [];
  const text = describeSuppression(suppression);
  const check = { rule: 'exemption', code: expired ? 'expired' : 'unused' };
  const token = tokenAt(place);
  return [named({ level: 'note', check, text, place, ...(token && { token }) }, [by, ...rules])];
}
