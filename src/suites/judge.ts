import type { Unusable } from './answer.js';
import { type Check, compareCase } from './compare.js';
import type { Observed } from './observe.js';
import type { Expectation } from './schema.js';

/** Everything that a case expects, held against what became of it; one that expects nothing fails, whatever it was. */
export function judge(expected: Expectation, observed: Observed | Unusable, golden: unknown): readonly Check[] {
  if (!asserts(expected)) return [failed('it expects nothing, so that it would always pass')];
  if ('problem' in observed) return [failed(observed.problem)];
  const checks = compareCase(expected, observed, golden);
  const isBlind = checks.every(({ is }) => is === 'unseen');
  return isBlind ? [...checks, failed('nothing of what it expects can be seen from outside of a webhook')] : checks;
}

/** Whether a case expects anything at all. */
export const asserts = ({ rules, ...others }: Expectation): boolean =>
  Object.keys(rules ?? {}).length > 0 || Object.values(others).some((value) => value !== undefined);

const failed = (message: string): Check => ({ path: [], is: 'failed', message });
