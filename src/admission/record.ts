import { codesOf, type Review } from '../engine/review.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics, Verdict } from '../telemetry/metrics.js';
import type { AdmissionRequest } from './admission-review.js';
import type { Admission } from './admit.js';

/** Writes down every answer: one line in the log and a few counts, never the object. */
export const createRecorder =
  (logger: Logger, metrics: Metrics) =>
  (request: AdmissionRequest, { response, review, faulty }: Admission, startedAt: number): void => {
    const took = performance.now() - startedAt;
    const verdict = faulty === true ? 'failed' : verdictOf(response.allowed, review);
    metrics.reviewed(review?.kind ?? 'other', verdict, took / 1000);
    for (const step of review?.steps ?? []) metrics.findings(review?.kind ?? 'Pod', step);
    const { uid, namespace, name, operation, dryRun } = request;
    // In one field, because pino takes as long for each of its own as for all that is within it.
    const reviewed = {
      uid,
      kind: request.kind.kind,
      namespace,
      name,
      operation,
      dryRun: dryRun || undefined,
      verdict,
      operations: review?.operations.length ?? 0,
      ms: Math.round(took * 1000) / 1000,
    };
    logger.info({ review: reviewed }, 'reviewed');
    if (review !== undefined) logDetails(logger, uid, review);
  };

function verdictOf(allowed: boolean, review: Review | undefined): Verdict {
  if (review === undefined) return 'ignored';
  if (review.fault !== undefined || review.steps.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (!allowed) return 'refused';
  return review.operations.length > 0 ? 'patched' : 'allowed';
}

function logDetails(logger: Logger, uid: string, { steps, fault }: Review): void {
  const about = { review: { uid } };
  if (fault !== undefined) logger.error({ ...about, reason: fault.reason.code, err: fault.error }, 'not reviewed');
  for (const step of steps) {
    if (step.outcome === 'failed')
      logger.error({ ...about, rule: step.name, reason: step.reason.code, err: step.error }, 'rule failed');
  }
  if (!logger.isLevelEnabled('debug')) return;
  // Codes only: a reason's sentence may quote what stands in the object.
  for (const step of steps) {
    logger.debug(
      { ...about, rule: step.name, mode: step.mode, outcome: step.outcome, reasons: codesOf(step) },
      'decided',
    );
  }
}
