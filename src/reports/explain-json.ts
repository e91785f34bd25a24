import { reasonsOf, type Step } from '../engine/review.js';
import type { Place } from '../manifests/place.js';
import type { Edit } from '../model/edit.js';
import type { Reason } from '../model/reason.js';
import { apiVersion } from '../policy/schema.js';
import type { DecidedAt, Explained, ExplainedLive, Explanation, PolicyPlaces } from './explained.js';
import { lookedAt } from './looked-at.js';
import type { ReviewedObject } from './reviewed.js';

/** The whole explanation, for programs; the shape is documented in docs/reference/explain.md. */
export function explainJson({ policy: { places, ...policy }, cluster, items, decidedAt }: Explanation): string {
  const report = {
    apiVersion,
    kind: 'Explanation',
    policy,
    ...(cluster === undefined ? {} : { cluster }),
    items: items.map((item) => itemOf(item, places, decidedAt)),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

const itemOf = ({ object, live }: Explained, places: PolicyPlaces, decidedAt: DecidedAt) => ({
  ...object.place,
  object: { apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name },
  reviewedAs: object.review.kind,
  steps: object.review.steps.map((step) => stepOf(step, places, (reason) => seenIn(object, reason, decidedAt))),
  ...(live === undefined ? {} : { live: liveOf(live) }),
});

function stepOf(step: Step, places: PolicyPlaces, seen: (reason: Reason) => object) {
  const told = (reason: Reason) => ({
    code: reason.code,
    message: reason.message,
    ...named('policy', places.partOf(step, reason)),
    ...seen(reason),
  });
  const edit = ({ reason, ...wish }: Edit) => ({ ...wish, reason: told(reason) });
  return {
    rule: step.rule,
    name: step.name,
    mode: step.mode,
    ...named('policy', places.entryOf(step)),
    outcome: step.outcome,
    ...('edits' in step ? { edits: step.edits.map(edit), inPlace: step.inPlace.map(edit) } : {}),
    reasons: reasonsOf(step).map(told),
    ...('exempt' in step && step.exempt !== undefined ? { exempt: step.exempt.map(told) } : {}),
  };
}

/** What of the object decided, or was looked at in vain. */
function seenIn(object: ReviewedObject, reason: Reason, decidedAt: DecidedAt): object {
  const parts = lookedAt(object.review, reason);
  return {
    ...named('decidedAt', decidedAt(object, reason)),
    ...(parts.length === 0 ? {} : { lookedAt: Object.fromEntries(parts) }),
  };
}

const named = (name: string, place: Place | undefined) => (place === undefined ? {} : { [name]: place });

const liveOf = ({ created, verdict, causes, next }: ExplainedLive) => ({
  created,
  verdict,
  causes: causes.map(({ code, isSure, message }) => ({ code, sure: isSure, message })),
  ...(next === undefined ? {} : { next }),
});
