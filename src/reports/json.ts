import type { Step } from '../engine/review.js';
import type { Reason } from '../model/reason.js';
import { apiVersion } from '../policy/schema.js';
import type { ReviewedManifest, ReviewedObject } from './reviewed.js';

/** Everything that was decided, for programs; the shape is documented in docs/reference/review-report.md. */
export function jsonReport(manifests: readonly ReviewedManifest[]): string {
  const items = manifests.flatMap(({ objects }) => objects.map(itemOf));
  return `${JSON.stringify({ apiVersion, kind: 'ReviewReport', items }, undefined, 2)}\n`;
}

const itemOf = (object: ReviewedObject) => ({
  file: object.file,
  line: object.line,
  column: object.column,
  object: { apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name },
  findings: object.review.steps.map(findingOf),
  patch: object.operations.map(({ op, path, value, because }) => ({ op, path, value, because })),
  ...(object.answer === undefined ? {} : { answer: object.answer }),
});

const findingOf = (step: Step) => ({
  rule: step.rule,
  name: step.name,
  mode: step.mode,
  outcome: step.outcome,
  ...('reason' in step
    ? { reasons: [step.reason] }
    : { edits: step.edits, inPlace: step.inPlace, reasons: [...step.notes] satisfies readonly Reason[] }),
});
