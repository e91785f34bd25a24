import { reasonsOf, type Step } from '../engine/review.js';
import type { Place } from '../manifests/place.js';
import type { Edit } from '../model/edit.js';
import type { Reason } from '../model/reason.js';
import { apiVersion } from '../policy/schema.js';
import type { DecidedAt, Explained, ExplainedLive, Explanation, PolicyPlaces } from './explained.js';

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
  steps: object.review.steps.map((step) => stepOf(step, places, (reason) => decidedAt(object, reason))),
  ...(live === undefined ? {} : { live: liveOf(live) }),
});

function stepOf(step: Step, places: PolicyPlaces, decidedAt: (reason: Reason) => Place | undefined) {
  const told = (reason: Reason) => ({
    code: reason.code,
    message: reason.message,
    ...named('policy', places.partOf(step, reason)),
    ...named('decidedAt', decidedAt(reason)),
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
  };
}

const named = (name: string, place: Place | undefined) => (place === undefined ? {} : { [name]: place });

const liveOf = ({ created, verdict, causes, next }: ExplainedLive) => ({
  created,
  verdict,
  causes: causes.map(({ code, isSure, message }) => ({ code, sure: isSure, message })),
  ...(next === undefined ? {} : { next }),
});
