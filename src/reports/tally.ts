import { type Level, levels, objectsOf, type ReviewedRun } from './reviewed.js';

/** What a run comes to. */
export type Tally = {
  readonly objects: number;
  readonly changed: number;
  readonly violations: number;
  readonly warnings: number;
  /** Objects that a rule in mode `audit` would change. */
  readonly audited: number;
  /** Documents without anything that rules decide on. */
  readonly untouched: number;
};

/** Counts what a run found. */
export function tally({ manifests }: Pick<ReviewedRun, 'manifests'>): Tally {
  const objects = objectsOf({ manifests });
  const remarks = objects.flatMap((object) => object.remarks);
  return {
    objects: objects.length,
    changed: objects.filter(({ operations }) => operations.length > 0).length,
    violations: remarks.filter(({ level }) => level === 'violation').length,
    warnings: remarks.filter(({ level }) => level === 'warning').length,
    audited: objects.filter(({ remarks: own }) => own.some(({ level }) => level === 'note')).length,
    untouched: manifests.filter(({ hasValue, objects: own }) => hasValue && own.length === 0).length,
  };
}

/** From which level on a run fails. */
export const thresholds = ['violation', 'warning', 'change', 'never'] as const;
export type Threshold = (typeof thresholds)[number];

/** Whether a run found anything as grave as this, or graver. */
export function reaches(run: Pick<ReviewedRun, 'manifests'>, threshold: Threshold): boolean {
  if (threshold === 'never') return false;
  const grave: readonly Level[] = levels.slice(0, levels.indexOf(threshold) + 1);
  return objectsOf(run).some(
    ({ remarks, operations }) =>
      remarks.some(({ level }) => grave.includes(level)) || (threshold === 'change' && operations.length > 0),
  );
}
