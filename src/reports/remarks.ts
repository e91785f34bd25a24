import { describeEdit } from '../engine/describe.js';
import { pathOfEdit } from '../engine/places.js';
import { type Review, reasonsOf, type Step } from '../engine/review.js';
import type { Place } from '../manifests/place.js';
import type { Path } from '../model/problem.js';
import { warns } from '../model/reason.js';
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

/** A violation counts as one where the policy enforces the rule. */
function levelOf(step: Step, isWarning: boolean): Level | undefined {
  if (step.outcome === 'violated') return step.mode === 'enforce' ? 'violation' : 'warning';
  return isWarning ? 'warning' : undefined;
}
