import { pointerTokens } from '../../engine/operation.js';
import type { Review } from '../../engine/review.js';
import { annotationSuppressions, misplacedSuppressions, type ObjectExemptions } from '../../engine/suppressions.js';
import { createDuplicates } from '../../manifests/duplicates.js';
import { createPlaces, type Place, type ReadSource } from '../../manifests/place.js';
import { eachManifest, type Manifest } from '../../manifests/read.js';
import { applyToText } from '../../manifests/splice.js';
import { type Unpacked, unpack } from '../../manifests/unpack.js';
import { isRecord } from '../../model/json.js';
import { type Path, showPath } from '../../model/problem.js';
import { exemptPath } from '../../policy/exemptions.js';
import { remarksOn, remarksOnDuplicates } from '../../reports/remarks.js';
import {
  type InputProblem,
  type ReviewedManifest,
  type ReviewedObject,
  type ReviewedRun,
  showPlace,
} from '../../reports/reviewed.js';
import type { Source } from '../inputs/inputs.js';
import { type DryReviewed, type DrySettings, reviewValue } from './object.js';

/** What a run found; the exemptions of the policy are still to be told from what came of them for each object. */
export type DryRun = ReviewedRun & {
  readonly exempted: readonly ObjectExemptions[];
  /** What went wrong with aloft itself, with the stack. */
  readonly faults: readonly string[];
};

export type DryRunSettings = DrySettings & {
  /** Whether a report shows the text as it would be afterwards. */
  readonly needsText?: boolean;
  readonly readSource?: ReadSource;
  /** Told how many objects are reviewed. */
  readonly progress?: (objects: number) => void;
};

/** Reviews manifests as the webhook would the objects that come of them: by its very code. */
export function dryRun(sources: readonly Source[], settings: DryRunSettings): DryRun {
  const run: Collecting = { manifests: [], problems: [], faults: [], exempted: [], suppressions: [] };
  let objects = 0;
  for (const { file, text, startLine } of sources) {
    // It has no document, and yet it was read.
    if (text === '') run.manifests.push({ file, text, startLine: 1, hasValue: false, objects: [] });
    for (const manifest of eachManifest(file, text, startLine)) {
      const reviewed = reviewManifest(manifest, settings, run);
      run.manifests.push(reviewed);
      objects += reviewed.objects.length;
      settings.progress?.(objects);
    }
  }
  return run;
}

type Collecting = {
  readonly [part in 'manifests' | 'problems' | 'faults' | 'exempted' | 'suppressions']: DryRun[part][number][];
};

/** One document: what comes of its objects no longer needs its syntax tree, which is large. */
function reviewManifest(manifest: Manifest, settings: DryRunSettings, run: Collecting): ReviewedManifest {
  const { file, text, startLine, value } = manifest;
  for (const { line, column, message } of manifest.problems) run.problems.push({ file, line, column, message });
  const placeOf = createPlaces(manifest, settings.readSource ?? (() => undefined));
  const duplicatesIn = createDuplicates(manifest);
  const objects = unpack(manifest).flatMap((unpacked): ReviewedObject[] => {
    const outcome = reviewValue(unpacked.value, settings);
    if (outcome === undefined) return [];
    const place = (at: Path): Place => placeOf([...unpacked.path, ...at], unpacked);
    const tell = (at: Path, message: string): InputProblem => ({
      ...place(at),
      message: at.length === 0 ? message : `${showPath(at)}: ${message}`,
    });
    if ('problem' in outcome) {
      run.problems.push(tell(outcome.at, outcome.problem));
      return [];
    }
    const { fault } = outcome.review;
    if (fault?.at !== undefined) run.problems.push(tell([...outcome.objectPath, ...fault.at], fault.reason.message));
    run.faults.push(...faultsOf(outcome.review).map((message) => `${showPlace(place([]))}: ${message}`));
    collectExemptions(outcome, unpacked, place, run);
    const object = located(outcome, unpacked, place);
    const duplicates = remarksOnDuplicates(duplicatesIn(unpacked.path), (path) => placeOf(path, unpacked));
    return [{ ...object, remarks: [...duplicates, ...object.remarks] }];
  });
  const operations = objects.flatMap((object) => object.operations);
  const spliced = settings.needsText === true && operations.length > 0 ? applyToText(manifest, operations) : undefined;
  const reviewed = { file, text, startLine, hasValue: isRecord(value), objects };
  return spliced === undefined ? reviewed : { ...reviewed, spliced };
}

function collectExemptions(
  { exemptions, objectPath, answer }: DryReviewed,
  { value }: Unpacked,
  place: (at: Path) => Place,
  { exempted, suppressions }: Collecting,
): void {
  if (objectPath.length > 0 && answer === undefined)
    suppressions.push(
      ...misplacedSuppressions(value).map((one) => ({ ...one, misplaced: true as const, place: place(exemptPath) })),
    );
  if (exemptions === undefined) return;
  exempted.push(exemptions);
  const inAnnotation = annotationSuppressions(exemptions);
  suppressions.push(...inAnnotation.map((one) => ({ ...one, place: place([...objectPath, ...exemptPath]) })));
}

/** An object with the places of all that is said of it. */
function located(
  { objectPath, received, exemptions: _, ...outcome }: DryReviewed,
  { path }: Unpacked,
  place: (at: Path) => Place,
): ReviewedObject {
  const prefix = path.map((step) => `/${step}`).join('');
  return {
    ...outcome,
    place: place([]),
    path,
    operations: outcome.operations.map((one) => ({
      ...one,
      path: `${prefix}${one.path}`,
      place: place(pointerTokens(one.path)),
    })),
    remarks: remarksOn(outcome.review, received, (at) => place(at === undefined ? [] : [...objectPath, ...at])),
  };
}

/** What stopped on the way, which the webhook would have allowed and logged. */
function faultsOf({ steps, fault }: Review): readonly string[] {
  const errors = steps.flatMap((step) =>
    step.outcome === 'failed' ? [{ reason: step.reason, error: step.error }] : [],
  );
  const all = fault !== undefined && fault.at === undefined ? [...errors, fault] : errors;
  return all.map(({ reason, error }) => `${reason.message}: ${(error as Error | undefined)?.stack ?? String(error)}`);
}
