import type { Step } from '../../engine/review.js';
import type { Pod } from '../../model/kubernetes.js';
import { warns } from '../../model/reason.js';
import { workloadOf } from '../../model/workload.js';
import type { CauseCode, ExplainedLive } from '../../reports/explained.js';
import type { Evidence } from './calls.js';
import { causesOf, showTime } from './causes.js';
import type { LiveObject } from './objects.js';

/** How an object of a cluster compares with what rules want of it, and why, as far as that can be known. */
export function whyOf(live: LiveObject, steps: readonly Step[], evidence: Evidence): ExplainedLive {
  const created = showTime(live.createdAt);
  const { kind } = live.resource;
  if (kind !== 'Pod' && kind !== 'Service') {
    return { created, verdict: 'template', causes: [], next: adviceOnTemplates(live.namespace) };
  }
  const lacking = steps.filter(isLacking);
  if (lacking.length === 0) {
    const hasSome = steps.some((step) => 'inPlace' in step && step.inPlace.length > 0);
    return { created, verdict: hasSome ? 'as-wanted' : 'nothing-wanted', causes: [] };
  }
  const causes = causesOf(live, lacking, evidence);
  const isPast = causes.some(({ code }) => past.has(code));
  return { created, verdict: 'missing', causes, ...(isPast ? { next: remedyFor(live) } : {}) };
}

/** Whether what a rule wants is missing: to be added still, or too late to be added. */
const isLacking = (step: Step): boolean =>
  step.outcome === 'edited' || (step.outcome === 'skipped' && warns(step.reason.code));

/** Causes that would not keep a review of today from adding what is missing. */
const past: ReadonlySet<CauseCode> = new Set([
  'created-before',
  'policy-changed',
  'configuration-changed',
  'object-changed',
  'call-failed',
]);

/** For workloads: what aloft did shows elsewhere. */
export const adviceOnTemplates = (namespace: string): string =>
  `see one of its Pods: aloft explain pod/NAME -n ${namespace}`;

/** What gives an object another chance. */
function remedyFor({ resource, namespace, name, metadata }: LiveObject): string {
  // A patch that changes nothing is an update all the same.
  if (resource.kind === 'Service') return `review it again: kubectl patch service/${name} -n ${namespace} -p '{}'`;
  const workload = workloadOf({ metadata } as Pod);
  return workload !== undefined && restartable.has(workload.kind)
    ? `make its Pods anew: kubectl rollout restart ${workload.kind.toLowerCase()}/${workload.name} -n ${namespace}`
    : 'make the Pod anew: aloft never changes one that exists';
}

const restartable: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
