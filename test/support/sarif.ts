import type { ReviewedRun } from '../../src/reports/reviewed.js';
import { sarifReport } from '../../src/reports/sarif.js';
import { plainStyle } from './runs.js';

/** A run as SARIF. */
export const sarifOf = (run: ReviewedRun): string => sarifReport(run, plainStyle);

/** What SARIF calls a run: the tool, how it went, and the results. */
export const logOf = (run: ReviewedRun) => JSON.parse(sarifOf(run)).runs[0];

export const resultsOf = (run: ReviewedRun): readonly Result[] => logOf(run).results;

type Region = {
  readonly startLine: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly snippet?: { readonly text: string };
};
export type Location = {
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region?: Region };
};
export type Result = {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [Location];
  readonly relatedLocations?: readonly Location[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
};
