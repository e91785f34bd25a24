import { kindOf, operationOn } from '../engine/kinds.js';
import type { Plan } from '../engine/plan.js';
import { codesOf, type Review, review, type Step } from '../engine/review.js';
import { showPath } from '../model/problem.js';
import { warns } from '../model/reason.js';
import type { Context } from '../policy/context.js';
import type { Mode } from '../policy/policy.js';
import { type AdmissionRequest, type AdmissionResponse, encodePatch } from './admission-review.js';

/** Mutating webhooks edit; validating ones see what all of them left behind, so only there is anything refused. */
export type Phase = 'mutate' | 'validate';

/** What admission needs to know beside the request. */
export type Surroundings = Pick<Context, 'today' | 'ownNamespace' | 'namespaceLabels'> & { readonly plan: Plan };

/** The answer to one request, and the review behind it where a rule could have a say. */
export type Admission = {
  readonly response: AdmissionResponse;
  readonly review?: Review;
  /** A fault of ours stood in the way of a review. */
  readonly faulty?: true;
};

/** Answers one admission request; the webhook and the command line both come through here. */
export function admit(request: AdmissionRequest, phase: Phase, { plan, ...known }: Surroundings): Admission {
  const { uid, namespace, dryRun, object } = request;
  const kind = request.subResource === '' ? kindOf(request.kind) : undefined;
  const operation = kind && operationOn(kind, request.operation);
  if (kind === undefined || operation === undefined) return { response: { uid, allowed: true } };
  const reviewed = review(kind, object, { ...known, operation, dryRun, namespace }, plan);
  const refusal = phase === 'validate' ? refusalOf(reviewed.steps) : undefined;
  const warnings = warningsOf(reviewed, phase);
  return {
    review: reviewed,
    response: {
      uid,
      allowed: refusal === undefined,
      ...(phase === 'mutate' ? encodePatch(reviewed.operations) : undefined),
      ...(refusal === undefined ? {} : { status: { code: 403, reason: 'Forbidden', message: refusal } }),
      ...(warnings.length === 0 ? {} : { warnings }),
      ...auditOf(reviewed.steps),
    },
  };
}

/** Every violation of a rule that the policy enforces, or undefined where there is none. */
function refusalOf(steps: readonly Step[]): string | undefined {
  const violations = steps.flatMap((step) => violationsOf(step, 'enforce'));
  return violations.length === 0 ? undefined : violations.join('\n');
}

/** What is wrong by a rule that the policy has in this mode, a sentence each. */
const violationsOf = (step: Step, mode: Mode): readonly string[] =>
  step.outcome === 'violated' && step.mode === mode
    ? step.violations.map(({ message }) => `${step.name}: ${message}`)
    : [];

/** kubectl shows at most these, and the API server drops a warning with a control character without a word. */
const mostWarnings = 3;
const longestWarning = 120;

function warningsOf({ steps, fault }: Review, phase: Phase): readonly string[] {
  const texts: string[] = [];
  if (fault !== undefined && phase === 'mutate')
    texts.push(`aloft: ${fault.at === undefined ? '' : `${showPath(fault.at)}: `}${fault.reason.message}`);
  for (const step of steps) {
    if (step.mode === 'audit') continue;
    if (phase === 'validate') for (const text of violationsOf(step, 'warn')) texts.push(`aloft ${text}`);
    else if ('reason' in step && warns(step.reason.code)) texts.push(`aloft ${step.name}: ${step.reason.message}`);
  }
  return texts.slice(0, mostWarnings).map(asWarning);
}

const asWarning = (text: string): string => {
  const line = text.replaceAll(/[^\x20-\x7e]+/g, ' ');
  return line.length <= longestWarning ? line : `${line.slice(0, longestWarning - 3)}...`;
};

/**
 * Which rules had a say and why, for the cluster's audit log. The API server refuses a second value for a key, so a
 * reinvocation has to give the same one: reason codes, and not whether there was still something to do.
 */
function auditOf(steps: readonly Step[]): Pick<AdmissionResponse, 'auditAnnotations'> | undefined {
  const spoke = steps.filter(({ mode }) => mode !== 'off');
  if (spoke.length === 0) return undefined;
  return { auditAnnotations: Object.fromEntries(spoke.map((step) => [step.name, codesOf(step).join(',')])) };
}
