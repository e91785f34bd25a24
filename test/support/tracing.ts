import type { Explanation, PolicyPlaces } from '../../src/reports/explained.js';
import { createPaint } from '../../src/reports/paint.js';
import { objectsOf, type ReviewedRun } from '../../src/reports/reviewed.js';
import { traceReport } from '../../src/reports/trace.js';

const nowhere: PolicyPlaces = { entryOf: () => undefined, partOf: () => undefined };

/** What `aloft explain` is to show of a run, without places. */
export const explanationOf = (run: ReviewedRun, more: Partial<Explanation> = {}): Explanation => ({
  policy: { name: 'test', source: 'policy.yaml', places: nowhere },
  items: objectsOf(run).map((object) => ({ object })),
  decidedAt: () => undefined,
  ...more,
});

/** The trace of a run in plain text. */
export const traceOf = (run: ReviewedRun, more: Partial<Explanation> = {}, width = 80): string =>
  traceReport(explanationOf(run, more), { paint: createPaint(false), width });
