import type { ExplainedOperation } from '../engine/operation.js';
import type { Review } from '../engine/review.js';
import type { Place } from '../manifests/place.js';
import type { Spliced } from '../manifests/splice.js';
import type { Path } from '../model/problem.js';
import type { Reason } from '../model/reason.js';
import { count } from './count.js';
import type { Paint } from './paint.js';
import type { UpgradeReport } from './upgrade.js';

/** All that a run found, as plain data: every report is a function of it. */
export type ReviewedRun = {
  readonly manifests: readonly ReviewedManifest[];
  /** What kept parts of the input from being reviewed. */
  readonly problems: readonly InputProblem[];
  readonly suppressions: readonly Suppression[];
  /** What somebody could have expected to be read, and why it is not; nothing is wrong with it. */
  readonly leftOut?: readonly InputProblem[];
  readonly upgrade?: UpgradeReport;
};

/** What is wrong with the input, and where as far as there is a place. */
export type InputProblem = {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
};

/** A document of the input and what became of the objects in it. */
export type ReviewedManifest = {
  readonly file: string;
  readonly text: string;
  /** The line of the file on which `text` starts, from 1. */
  readonly startLine: number;
  /** Whether it is a map, as every object is: a text or a list is what somebody took for a manifest. */
  readonly hasValue: boolean;
  readonly objects: readonly ReviewedObject[];
  /** The text afterwards: where anything changes, and a report asked for texts. */
  readonly spliced?: Spliced;
};

/** One object of the input that rules looked at. */
export type ReviewedObject = {
  readonly place: Place;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Where in the document it stands: `[]`, or `['items', 3]` in a List. */
  readonly path: Path;
  readonly review: Review;
  /** On the whole document: what leads from its text to the new one. */
  readonly operations: readonly LocatedOperation[];
  /** What a person is told: of the text, then in the order of the steps. */
  readonly remarks: readonly Remark[];
  /** What the webhook would answer. */
  readonly response: object;
  /** The AdmissionReview that answers it, where the document is a request. */
  readonly answer?: object;
};

export type LocatedOperation = ExplainedOperation & { readonly place: Place };

/** How grave, the gravest first; a `note` never counts. */
export const levels = ['violation', 'warning', 'change', 'note'] as const;
export type Level = (typeof levels)[number];

/** Something that a person, or a CI system, is told about an object. */
export type Remark = {
  readonly level: Level;
  /** The rule's id, and the policy's name for it. */
  readonly rule: string;
  readonly name: string;
  readonly reason: Reason;
  readonly place: Place;
  /** What is added, in one line; only with changes and notes. */
  readonly edit?: string;
};

/** An exemption, and what came of it in this run. */
export type Suppression = {
  readonly by: 'policy' | 'annotation';
  readonly rules: readonly string[];
  /** Empty where an annotation gives none. */
  readonly reason: string;
  /** Of the annotation, or of the entry of the policy. */
  readonly place?: Place;
  /** How many objects it kept something from, or would have, had it not expired. */
  readonly objects: number;
  readonly used: boolean;
  readonly expired: boolean;
  /** It stands on a workload, and not on the template of its Pods, where alone a webhook sees it. */
  readonly misplaced?: true;
  /** What is wrong with what it names, so that it can exempt from nothing. */
  readonly problem?: string;
};

/** Why an exemption can exempt from nothing, whatever may need it. */
export const flawOf = ({ misplaced, problem }: Pick<Suppression, 'misplaced' | 'problem'>): string | undefined => {
  const flaws = [misplaced === true ? 'has no effect here: put it on the template of the Pods' : undefined, problem];
  return flaws.filter((flaw) => flaw !== undefined).join('; ') || undefined;
};

/** An exemption and what came of it, in one line. */
export function describeSuppression({ by, rules, reason, objects, used, expired, ...state }: Suppression): string {
  const what = `exemption by ${by} from ${rules.join(', ')}${reason === '' ? '' : ` (${reason})`}`;
  const covered = count(objects, 'object');
  if (expired && objects > 0) return `expired ${what}: it would have covered ${covered}`;
  return used ? `${what}: ${covered}` : `unused ${what}: ${flawOf(state) ?? 'nothing here needs it'}`;
}

/** An output format: a run as text. */
export type Report = (run: ReviewedRun, style: Style) => string;
export type Style = {
  readonly paint: Paint;
  /** Columns to keep to; infinitely many where nothing is to be broken or left out. */
  readonly width: number;
  /** The version of aloft. */
  readonly version: string;
};

/** What a person calls an object: `Deployment details-v1`. */
export const titleOf = ({ kind, name }: Pick<ReviewedObject, 'kind' | 'name'>): string => `${kind} ${name}`.trim();

/** A place for a person: `file:line:column`, and where it was rendered. */
export function showPlace({ file, line, column, rendered, source }: Place): string {
  const from = rendered === undefined ? source : `${rendered.file}:${rendered.line}:${rendered.column}`;
  return `${file}:${line}:${column}${from === undefined ? '' : ` (${from})`}`;
}

/** What is wrong with the input, for a person. */
export const showProblem = ({ file, line, column, message }: InputProblem): string =>
  [file, line, column]
    .filter((part) => part !== undefined)
    .join(':')
    .concat(`: ${message}`);

/** Every object of a run, in the order of the input. */
export const objectsOf = ({ manifests }: Pick<ReviewedRun, 'manifests'>): readonly ReviewedObject[] =>
  manifests.flatMap(({ objects }) => objects);
