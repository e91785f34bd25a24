import type { Phase } from '../admission/admit.js';
import type { ExplainedOperation, Operation } from '../engine/operation.js';
import type { Step } from '../engine/review.js';
import { retarget } from '../engine/template.js';
import type { Json } from '../model/json.js';
import { type Answer, applyPatch, readAnswer, type Unusable } from './answer.js';
import { type Posed, poseAgain } from './pose.js';

/** What a webhook said to a request, and what is known of its reasons. */
export type Reply = {
  readonly answer: unknown;
  /** What each rule decided; absent where the webhook is somewhere else. */
  readonly steps?: readonly Step[];
};

/** Sends a request to `/mutate` or `/validate`. */
export type Ask = (phase: Phase, review: Json) => Promise<Reply | Unusable>;

/** What became of a case, all in terms of its own document. */
export type Observed = {
  readonly operations: readonly Operation[];
  readonly after: unknown;
  readonly verdict: 'allowed' | 'refused';
  readonly message: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: { readonly [key: string]: string };
  readonly steps?: readonly Step[];
};

/** Asks a webhook what becomes of a case: `/mutate` first, then `/validate` about what that left. */
export async function observe(posed: Posed, ask: Ask): Promise<Observed | Unusable> {
  const mutated = await askFor('mutate', posed.review, ask);
  if ('problem' in mutated) return mutated;
  const sent = applyPatch(posed.sent.object, mutated.operations);
  if ('problem' in sent) return sent;
  const validated = await askFor('validate', poseAgain(posed, sent.after), ask);
  if ('problem' in validated) return validated;
  const operations = retarget(mutated.operations.map(unexplained), { kind: 'Pod', ...posed.sent }, posed.document);
  const whole = applyPatch(posed.document, operations);
  if ('problem' in whole) return whole;
  return {
    operations: operations.map(({ op, path, value }) => ({ op, path, value })),
    after: whole.after,
    verdict: mutated.allowed && validated.allowed ? 'allowed' : 'refused',
    message: [mutated.message, validated.message].filter(Boolean).join('\n'),
    warnings: [...mutated.warnings, ...validated.warnings],
    auditAnnotations: mutated.auditAnnotations,
    ...(mutated.steps === undefined ? {} : { steps: mutated.steps }),
  };
}

async function askFor(phase: Phase, review: Json, ask: Ask): Promise<(Answer & Pick<Reply, 'steps'>) | Unusable> {
  const reply = await ask(phase, review);
  const answer = 'problem' in reply ? reply : readAnswer(reply.answer, review);
  if ('problem' in answer) return { problem: `/${phase}: ${answer.problem}` };
  const { steps } = reply as Reply;
  return steps === undefined ? answer : { ...answer, steps };
}

/** An answer does not say why it adds what. */
const unexplained = (operation: Operation): ExplainedOperation => ({ ...operation, because: [] });
