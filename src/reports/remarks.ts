import { describeEdit } from '../engine/describe.js';
import { pathOfEdit } from '../engine/places.js';
import { type Review, reasonsOf, type Step } from '../engine/review.js';
import type { Place } from '../manifests/place.js';
import type { DuplicateKey } from '../manifests/read.js';
import type { Path } from '../model/problem.js';
import { because, warns } from '../model/reason.js';
import type { Level, Remark } from './reviewed.js';

/**
 * What a person is told about an object as it was received. `placeOf` finds a path within that object, which may be the
 * Pod that a template makes, or without a path what stands in the input.
 */
export const remarksOn = (
  { steps }: Pick<Review, 'steps'>,
  received: unknown,
  placeOf: (path?: Path) => Place,
): readonly Remark[] =>
  steps.flatMap((step) => {
    const { rule, name } = step;
    const edits = 'edits' in step && step.outcome !== 'unchanged' ? step.edits : [];
    const changes = edits.map((edit): Remark => {
      const level = step.outcome === 'edited' ? 'change' : 'note';
      return {
        level,
        rule,
        name,
        reason: edit.reason,
        place: placeOf(pathOfEdit(edit, received)),
        edit: describeEdit(edit),
      };
    });
    const told = reasonsOf(step).flatMap((reason): Remark[] => {
      const level = levelOf(step, warns(reason.code));
      return level === undefined ? [] : [{ level, rule, name, reason, place: placeOf(reason.at) }];
    });
    return [...changes, ...told];
  });

/** What the text of an object is a remark on, in the place of a rule. */
export const inputRule = 'input';

/** What a person is told about keys that are there several times: whoever wrote them meant both. */
export const remarksOnDuplicates = (
  duplicates: readonly DuplicateKey[],
  placeOf: (path: Path) => Place,
): readonly Remark[] =>
  duplicates.map(({ path, message }) => ({
    level: 'warning',
    rule: inputRule,
    name: inputRule,
    reason: because('duplicate-key', `${message}, and only the last one counts`),
    place: placeOf(path),
  }));

/** A violation counts as one where the policy enforces the rule. */
function levelOf(step: Step, isWarning: boolean): Level | undefined {
  if (step.outcome === 'violated') return step.mode === 'enforce' ? 'violation' : 'warning';
  return isWarning ? 'warning' : undefined;
}
