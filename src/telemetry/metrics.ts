import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Step } from '../engine/review.js';
import { codesOf } from '../engine/review.js';
import type { Kind } from '../model/kubernetes.js';

/** How a request ended: closed, because it is a label. */
export type Verdict = 'allowed' | 'patched' | 'refused' | 'ignored' | 'failed';

/** Why a request got no AdmissionReview for an answer: closed, because it is a label. */
export type Rejection =
  | 'malformed'
  | 'method'
  | 'media-type'
  | 'length-required'
  | 'not-found'
  | 'overloaded'
  | 'aborted'
  | 'oversize';

/** Everything aloft counts; each metric has a row in docs/reference/metrics.md. */
export type Metrics = ReturnType<typeof createMetrics>;

/** A registry of its own, with Node's default metrics (event-loop lag, heap, handles) beside ours. */
export function createMetrics(version: string) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'aloft_build_info',
    help: 'Always 1; the labels say which aloft and which Node.js run.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);
  const findings = createFindings(registers);
  const seconds = new Histogram({
    name: 'aloft_review_seconds',
    help: 'Seconds from the end of a request to its answer.',
    labelNames: ['kind'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1],
    registers,
  });
  const reviews = new Counter({
    name: 'aloft_reviews_total',
    help: 'Admission reviews answered, by kind of object and by how they ended.',
    labelNames: ['kind', 'verdict'],
    registers,
  });
  const rejections = new Counter({
    name: 'aloft_rejections_total',
    help: 'Requests that got another answer than an admission review, by what was wrong.',
    labelNames: ['problem'],
    registers,
  });
  return {
    registry,
    findings,
    reviewed: (kind: Kind | 'other', verdict: Verdict, took: number) => {
      reviews.inc({ kind, verdict });
      seconds.observe({ kind }, took);
    },
    rejected: (problem: Rejection) => rejections.inc({ problem }),
    policyGeneration: new Gauge({
      name: 'aloft_policy_generation',
      help: 'How many policies have been in force since the start; the first is 1.',
      registers,
    }),
    policyReloads: createReloads(
      'aloft_policy_reloads_total',
      'Changes of the policy file that were noticed, by whether the new policy is in force.',
      registers,
    ),
    certificateExpiry: new Gauge({
      name: 'aloft_certificate_not_after_seconds',
      help: 'When the certificate that is served expires, in seconds since 1970.',
      registers,
    }),
    certificateReloads: createReloads(
      'aloft_certificate_reloads_total',
      'Changes of the certificate that were noticed, by whether the new one is served.',
      registers,
    ),
  };
}

/** A counter by result; both series are there from the start, so that an alert sees the first failure as an increase. */
function createReloads(name: string, help: string, registers: Registry[]) {
  const reloads = new Counter({ name, help, labelNames: ['result'] as const, registers });
  for (const result of ['loaded', 'rejected']) reloads.inc({ result }, 0);
  return reloads;
}

/** Findings are counted in a plain map and handed over when Prometheus asks: several of them come with every Pod. */
function createFindings(registers: Registry[]): (kind: Kind, step: Step) => void {
  const counts = new Map<string, number>();
  new Counter({
    name: 'aloft_findings_total',
    help: 'What rules decided, by kind, rule (as the policy names it), outcome and reason.',
    labelNames: ['kind', 'rule', 'outcome', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const [key, count] of counts) {
        const [kind = '', rule = '', outcome = '', reason = ''] = key.split(' ');
        this.inc({ kind, rule, outcome, reason }, count);
      }
    },
  });
  return (kind, step) => {
    for (const reason of codesOf(step)) {
      const key = `${kind} ${step.name} ${step.outcome} ${reason}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  };
}
