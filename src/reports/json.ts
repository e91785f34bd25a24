import { reasonsOf, type Step } from '../engine/review.js';
import { apiVersion } from '../policy/schema.js';
import type { ReviewedManifest, ReviewedObject } from './reviewed.js';
import type { UpgradeReport } from './upgrade.js';

/** Everything that was decided, for programs; the shape is documented in docs/reference/review-report.md. */
export function jsonReport(manifests: readonly ReviewedManifest[], upgrade?: UpgradeReport): string {
  const items = manifests.flatMap(({ objects }) => objects.map(itemOf));
  return `${JSON.stringify({ apiVersion, kind: 'ReviewReport', items, ...upgradeOf(upgrade) }, undefined, 2)}\n`;
}

const itemOf = (object: ReviewedObject) => ({
  ...placeOf(object),
  findings: object.review.steps.map(findingOf),
  patch: object.operations.map(({ op, path, value, because }) => ({ op, path, value, because })),
  ...(object.answer === undefined ? {} : { answer: object.answer }),
});

const placeOf = (object: ReviewedObject) => ({
  file: object.file,
  line: object.line,
  column: object.column,
  object: { apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name },
});

const upgradeOf = (upgrade: UpgradeReport | undefined) =>
  upgrade && {
    upgrade: {
      from: upgrade.from,
      to: upgrade.to,
      items: upgrade.advised.map(({ object, advice }) => ({ ...placeOf(object), advice })),
    },
  };

const findingOf = (step: Step) => ({
  rule: step.rule,
  name: step.name,
  mode: step.mode,
  outcome: step.outcome,
  ...('edits' in step ? { edits: step.edits, inPlace: step.inPlace } : {}),
  reasons: reasonsOf(step),
});
