import { envelope, parseAdmissionReview } from '../../admission/admission-review.js';
import { admit, type Surroundings } from '../../admission/admit.js';
import type { Review } from '../../engine/review.js';
import { isSame } from '../../model/json.js';
import type { Check } from '../../suites/compare.js';
import { asserts, judge } from '../../suites/judge.js';
import { type Ask, type Observed, observe } from '../../suites/observe.js';
import { ownNamespace } from '../defaults.js';
import type { LoadedCase } from './cases.js';

/** What became of a case; `observed` where it could be asked. */
export type CaseRun = {
  readonly loaded: LoadedCase;
  readonly checks: readonly Check[];
  readonly observed?: Observed;
  readonly skipped?: string;
  readonly seconds: number;
  /** What went wrong with aloft itself. */
  readonly faults: readonly string[];
};

/** Where cases are asked. */
export type Place = { readonly webhook?: Ask /** The day there. */; readonly realDay: string };

/** Runs a case by the webhook's very code, or by a webhook that is somewhere else. */
export async function runCase(loaded: LoadedCase, { webhook, realDay }: Place): Promise<CaseRun> {
  const since = performance.now();
  const { posed, test, golden } = loaded;
  const seconds = (): number => (performance.now() - since) / 1000;
  const skipped = webhook && asserts(test.expect) ? await whySkipped(loaded, realDay) : undefined;
  if (skipped !== undefined) return { loaded, checks: [], skipped, seconds: seconds(), faults: [] };
  const faults: string[] = [];
  const observed = await observe(posed, webhook ?? askHere(loaded, loaded.today ?? realDay, faults));
  const checks = judge(test.expect, observed, golden?.manifest?.value);
  const run = { loaded, checks, seconds: seconds(), faults };
  return 'problem' in observed ? run : { ...run, observed };
}

/** Why a webhook cannot be asked a case as it is meant. */
async function whySkipped(loaded: LoadedCase, realDay: string): Promise<string | undefined> {
  if (loaded.test.namespaceLabels !== undefined) return 'a webhook reads the labels of namespaces from its cluster';
  const { today } = loaded;
  if (today === undefined || today === realDay) return undefined;
  const [then, now] = await Promise.all([today, realDay].map((day) => observe(loaded.posed, askHere(loaded, day, []))));
  if (isSame(then, now)) return undefined;
  return `by the suite's policy it comes out differently on ${today} and today, and a webhook has a clock of its own`;
}

/** Asks the code that the webhook runs, under the policy of the suite. */
function askHere({ plan, test }: LoadedCase, today: string, faults: string[]): Ask {
  const labels = test.namespaceLabels === undefined ? undefined : { namespaceLabels: test.namespaceLabels };
  const surroundings: Surroundings = { plan, today, ownNamespace, ...labels };
  return async (phase, review) => {
    const parsed = parseAdmissionReview(review);
    if ('problem' in parsed) return { problem: parsed.problem.message };
    const { response, review: reviewed } = admit(parsed.value, phase, surroundings);
    if (reviewed !== undefined) faults.push(...faultsOf(reviewed));
    return { answer: envelope(parsed.value.apiVersion, response), steps: reviewed?.steps ?? [] };
  };
}

/** What stopped on the way, which the webhook would have allowed and logged. */
function faultsOf({ steps, fault }: Review): readonly string[] {
  const stopped = [...steps.filter((step) => step.outcome === 'failed'), ...(fault === undefined ? [] : [fault])];
  return stopped.flatMap(({ reason, error }) =>
    error === undefined ? [] : [`${reason.message}: ${error instanceof Error ? error.stack : String(error)}`],
  );
}
