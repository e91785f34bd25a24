import { apiVersion } from '../policy/schema.js';
import { count, type SuiteReport, statusOf } from './outcome.js';

/** Everything, for programs; the shape is documented in docs/reference/test-suite.md. */
export const jsonReport: SuiteReport = (outcomes) => {
  const cases = outcomes.map((outcome) => {
    const { suite, name, place, seconds, failures, skipped, unseen, updated } = outcome;
    const told = failures.map(({ place: where, ...failure }) => ({ ...placed(where), ...failure }));
    return {
      suite,
      name,
      ...placed(place),
      status: statusOf(outcome),
      seconds: Math.round(seconds * 1000) / 1000,
      failures: told,
      ...(skipped === undefined ? {} : { skipped }),
      unseen,
      updated,
    };
  });
  return `${JSON.stringify({ apiVersion, kind: 'TestReport', summary: count(outcomes), cases }, undefined, 2)}\n`;
};

const placed = ({ file, line, column }: { file: string; line: number; column: number }) => ({ file, line, column });
