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
  const findings = createTally(
    'aloft_findings_total',
    'What rules decided, by kind, rule (as the policy names it), outcome and reason.',
    ['kind', 'rule', 'outcome', 'reason'],
    registers,
  );
  const reviews = createTally(
    'aloft_reviews_total',
    'Admission reviews answered, by kind of object and by how they ended.',
    ['kind', 'verdict'],
    registers,
  );
  const observe = createDurations(registers);
  const rejections = new Counter({
    name: 'aloft_rejections_total',
    help: 'Requests that got another answer than an admission review, by what was wrong.',
    labelNames: ['problem'],
    registers,
  });
  return {
    registry,
    findings: (kind: Kind, step: Step) => findings([kind, step.name, step.outcome], codesOf(step)),
    reviewed: (kind: Kind | 'other', verdict: Verdict, took: number) => {
      reviews([kind], [verdict]);
      observe(kind, took);
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

/** A counter of what happens with every Pod: it counts in plain maps, and hands over when Prometheus asks. */
function createTally(name: string, help: string, labelNames: string[], registers: Registry[]) {
  const root: Branch = { branches: new Map(), count: 0 };
  new Counter({
    name,
    help,
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { values, count } of leavesOf(root)) {
        this.inc(Object.fromEntries(values.map((value, index) => [labelNames[index], value])), count);
      }
    },
  });
  return (shared: readonly string[], each: readonly string[]): void => {
    let at = root;
    for (const value of shared) at = at.branches.get(value) ?? grow(at, value);
    for (const value of each) (at.branches.get(value) ?? grow(at, value)).count++;
  };
}

/** Counts by the value of a label, then of the next one: no text is put together to look up a count. */
type Branch = { readonly branches: Map<string, Branch>; count: number };

function grow({ branches }: Branch, value: string): Branch {
  const branch: Branch = { branches: new Map(), count: 0 };
  branches.set(value, branch);
  return branch;
}

function leavesOf({ branches, count }: Branch): { readonly values: readonly string[]; readonly count: number }[] {
  if (branches.size === 0) return count === 0 ? [] : [{ values: [], count }];
  return [...branches].flatMap(([value, branch]) =>
    leavesOf(branch).map((leaf) => ({ ...leaf, values: [value, ...leaf.values] })),
  );
}

/** Durations are handed over a thousand at a time, or when Prometheus asks: one by one they cost ten times as much. */
function createDurations(registers: Registry[]): (kind: Kind | 'other', seconds: number) => void {
  const waiting: { readonly kind: Kind | 'other'; readonly seconds: number }[] = [];
  const handOver = (): void => {
    for (const { kind, seconds } of waiting.splice(0)) histogram.observe({ kind }, seconds);
  };
  const histogram = new Histogram({
    name: 'aloft_review_seconds',
    help: 'Seconds from the end of a request to its answer.',
    labelNames: ['kind'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1],
    registers,
    collect: handOver,
  });
  return (kind, seconds) => {
    if (waiting.push({ kind, seconds }) >= 1000) handOver();
  };
}
