import { reasonsOf, type Step } from '../engine/review.js';
import { warns } from '../model/reason.js';
import { type ReviewedManifest, type ReviewedObject, titleOf } from './reviewed.js';

/** What a run comes to. */
export type Tally = {
  readonly objects: number;
  readonly changed: number;
  readonly violations: number;
  /** Documents without anything that rules decide on. */
  readonly untouched: number;
};

/** Counts what a run found. */
export function tally(manifests: readonly ReviewedManifest[]): Tally {
  const objects = manifests.flatMap((reviewed) => reviewed.objects);
  return {
    objects: objects.length,
    changed: objects.filter(({ operations }) => operations.length > 0).length,
    violations: objects.flatMap(({ review }) => review.steps.filter(isRefusal).flatMap(reasonsOf)).length,
    untouched: manifests.filter(({ manifest, objects: own }) => manifest.value !== undefined && own.length === 0)
      .length,
  };
}

/** A violation that the policy enforces. */
const isRefusal = (step: Step): boolean => step.outcome === 'violated' && step.mode === 'enforce';

/** One line for a person, and a line for everything they should not overlook. */
export function summaryReport(manifests: readonly ReviewedManifest[]): string {
  const { objects, changed, violations, untouched } = tally(manifests);
  const remarks = manifests.flatMap((reviewed) => reviewed.objects.flatMap(remarksOn));
  const counts = [
    `${count(objects, 'object')} reviewed`,
    `${changed} to change`,
    `${count(violations, 'violation')}`,
    `${count(untouched, 'other document')}`,
  ];
  return [...remarks, `${counts.join(', ')}\n`].join('\n');
}

function remarksOn(object: ReviewedObject): string[] {
  return object.review.steps.flatMap((step) => {
    if ('edits' in step) return [];
    const word = isRefusal(step) ? 'violation' : 'warning';
    const at = `${object.file}:${object.line}:${object.column}: ${word}: ${titleOf(object)}: ${step.name}`;
    const told = reasonsOf(step).filter(({ code }) => step.outcome === 'violated' || warns(code));
    return told.map(({ message }) => `${at}: ${message}`);
  });
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
