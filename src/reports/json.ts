import { reasonsOf, type Step } from '../engine/review.js';
import type { Edit } from '../model/edit.js';
import type { Reason } from '../model/reason.js';
import { apiVersion } from '../policy/schema.js';
import type { LocatedOperation, Remark, Report, ReviewedObject, ReviewedRun } from './reviewed.js';
import { tally } from './tally.js';

/** Everything that was decided, for programs; the shape is documented in docs/reference/review-report.md. */
export const jsonReport: Report = (run) => {
  const { manifests, problems, suppressions, upgrade } = run;
  const items = manifests.flatMap(({ objects }) => objects.map(itemOf));
  const report = { apiVersion, kind: 'ReviewReport', summary: tally(run), items, problems, suppressions };
  return `${JSON.stringify({ ...report, ...upgradeOf(upgrade) }, undefined, 2)}\n`;
};

const itemOf = (object: ReviewedObject) => ({
  ...identityOf(object),
  findings: object.review.steps.map(findingOf),
  remarks: object.remarks.map(remarkOf),
  patch: object.operations.map(operationOf),
  ...(object.answer === undefined ? {} : { answer: object.answer }),
});

const identityOf = ({ place, apiVersion: version, kind, namespace, name }: ReviewedObject) => ({
  ...place,
  object: { apiVersion: version, kind, namespace, name },
});

const remarkOf = ({ level, rule, name, reason, edit, place }: Remark) => ({
  level,
  rule,
  name,
  ...told(reason),
  ...(edit === undefined ? {} : { edit }),
  ...place,
});

const operationOf = ({ op, path, value, because, place }: LocatedOperation) => ({
  op,
  path,
  value,
  because: because.map(({ at, rule, reason }) => ({ at, rule, reason: told(reason) })),
  ...place,
});

const upgradeOf = (upgrade: ReviewedRun['upgrade']) =>
  upgrade && {
    upgrade: {
      from: upgrade.from,
      to: upgrade.to,
      items: upgrade.advised.map(({ object, advice }) => ({ ...identityOf(object), advice })),
    },
  };

const findingOf = (step: Step) => ({
  rule: step.rule,
  name: step.name,
  mode: step.mode,
  outcome: step.outcome,
  ...('edits' in step ? { edits: step.edits.map(editOf), inPlace: step.inPlace.map(editOf) } : {}),
  reasons: reasonsOf(step).map(told),
});

const editOf = (edit: Edit) => ({ ...edit, reason: told(edit.reason) });

/** Where it points is told by the place of its remark. */
const told = ({ code, message }: Reason) => ({ code, message });
