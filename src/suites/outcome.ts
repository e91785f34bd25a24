import type { Place } from '../manifests/place.js';
import type { Paint } from '../reports/paint.js';

/** What became of one case of a suite. */
export type CaseOutcome = {
  readonly suite: string;
  /** Empty where the suite has no case. */
  readonly name: string;
  readonly place: Place;
  readonly failures: readonly Failure[];
  /** Why it did not run. */
  readonly skipped?: string;
  /** What of it nobody can see from outside of a webhook, as paths. */
  readonly unseen: readonly string[];
  /** The goldens that --update has written anew, as paths. */
  readonly updated: readonly string[];
  readonly seconds: number;
};

/** Something that is not as the case expects it. */
export type Failure = {
  readonly place: Place;
  /** Which of its expectations; empty where it is the case as a whole. */
  readonly path: string;
  readonly message: string;
  /** Two texts that were to be the same. */
  readonly expected?: string;
  readonly got?: string;
};

export type Status = 'passed' | 'failed' | 'skipped';

export const statusOf = ({ failures, skipped }: CaseOutcome): Status =>
  failures.length > 0 ? 'failed' : skipped === undefined ? 'passed' : 'skipped';

/** What people call a case, and `--run` looks for. */
export const titleOf = ({ suite, name }: Pick<CaseOutcome, 'suite' | 'name'>): string =>
  name === '' ? suite : `${suite}/${name}`;

export type Counts = { readonly [status in Status]: number } & { readonly updated: number; readonly unseen: number };

/** How many cases ended how. */
export function count(outcomes: readonly CaseOutcome[]): Counts {
  const having = (status: Status): number => outcomes.filter((outcome) => statusOf(outcome) === status).length;
  return {
    passed: having('passed'),
    failed: having('failed'),
    skipped: having('skipped'),
    updated: outcomes.filter(({ updated }) => updated.length > 0).length,
    unseen: outcomes.reduce((sum, { unseen }) => sum + unseen.length, 0),
  };
}

/** An output format of `aloft test`. */
export type SuiteReport = (outcomes: readonly CaseOutcome[], style: SuiteStyle) => string;

/** `verbose` tells of cases that pass as well, and of what could not be seen. */
export type SuiteStyle = { readonly paint: Paint; readonly verbose: boolean };
