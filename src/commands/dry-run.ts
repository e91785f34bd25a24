import { type AdmissionRequest, envelope, parseAdmissionReview } from '../admission/admission-review.js';
import { admit, type Surroundings } from '../admission/admit.js';
import { kinds } from '../engine/kinds.js';
import type { ExplainedOperation } from '../engine/operation.js';
import { planPolicy } from '../engine/plan.js';
import type { Review } from '../engine/review.js';
import { retarget, subjectOf } from '../engine/template.js';
import { positionOf } from '../manifests/position.js';
import { readManifests } from '../manifests/read.js';
import { unpack } from '../manifests/unpack.js';
import { asRecord, asText } from '../model/json.js';
import { type Path, showPath } from '../model/problem.js';
import type { Cluster } from '../policy/policy.js';
import type { ReviewedManifest, ReviewedObject } from '../reports/reviewed.js';
import { registry } from '../rules/registry.js';
import { ownNamespace } from './defaults.js';
import { readInputs, type Source } from './inputs.js';
import { loadPolicy } from './policy-file.js';
import type { Terminal } from './terminal.js';

/** Every document of the input, reviewed; and what is wrong with the input, as `file:line:column: message`. */
export type DryRun = {
  readonly manifests: readonly ReviewedManifest[];
  readonly problems: readonly string[];
  /** What went wrong with aloft itself, with the stack. */
  readonly faults: readonly string[];
};

/** The same, with what a good policy says of the cluster. */
export type PolicyRun = DryRun & { readonly cluster?: Cluster };

export type DryRunOptions = {
  readonly policy?: string;
  /** For objects that do not say which namespace they are for. */
  readonly namespace: string;
};

/** Reads the policy and the input, and reviews all of it; without a good policy nothing is reviewed. */
export async function runDry(paths: readonly string[], options: DryRunOptions, terminal: Terminal): Promise<PolicyRun> {
  const loaded = await loadPolicy(options.policy);
  if ('problems' in loaded) return { manifests: [], problems: loaded.problems, faults: [] };
  const inputs = await readInputs(paths, terminal);
  const today = new Date().toISOString().slice(0, 10);
  const plan = planPolicy(loaded.policy, registry);
  const run = dryRun(inputs.sources, { plan, today, ownNamespace, namespace: options.namespace });
  return { ...run, problems: [...inputs.problems, ...run.problems], cluster: loaded.policy.spec.cluster };
}

export type DryRunSettings = Surroundings & Pick<DryRunOptions, 'namespace'>;

/** Reviews manifests as the webhook would the objects that come of them: by its very code. */
export function dryRun(sources: readonly Source[], settings: DryRunSettings): DryRun {
  const manifests: ReviewedManifest[] = [];
  const problems: string[] = [];
  const faults: string[] = [];
  for (const { file, text } of sources) {
    for (const manifest of readManifests(file, text)) {
      for (const { line, column, message } of manifest.problems) problems.push(`${file}:${line}:${column}: ${message}`);
      const objects = unpack(manifest).flatMap(({ value, path }) => {
        const outcome = reviewValue(value, settings);
        if (outcome === undefined) return [];
        const tell = (at: Path, message: string): string => {
          const { line, column } = positionOf(manifest, [...path, ...at]);
          return `${file}:${line}:${column}: ${at.length === 0 ? '' : `${showPath(at)}: `}${message}`;
        };
        if ('problem' in outcome) {
          problems.push(tell(outcome.at, outcome.problem));
          return [];
        }
        const { objectPath, ...object } = outcome;
        const { fault } = object.review;
        if (fault?.at !== undefined) problems.push(tell([...objectPath, ...fault.at], fault.reason.message));
        faults.push(...faultsOf(object.review).map((message) => tell([], message)));
        const operations = shift(object.operations, path);
        return [{ ...object, file, ...positionOf(manifest, path), operations }];
      });
      manifests.push({ manifest, objects });
    }
  }
  return { manifests, problems, faults };
}

/** What stopped on the way, which the webhook would have allowed and logged. */
function faultsOf({ steps, fault }: Review): readonly string[] {
  const errors = steps.flatMap((step) =>
    step.outcome === 'failed' ? [{ reason: step.reason, error: step.error }] : [],
  );
  const all = fault !== undefined && fault.at === undefined ? [...errors, fault] : errors;
  return all.map(({ reason, error }) => `${reason.message}: ${(error as Error | undefined)?.stack ?? String(error)}`);
}

/** `objectPath` is where in the value the object stands, or the template of the Pod that stands for it. */
type Outcome = Omit<ReviewedObject, 'file' | 'line' | 'column'> & { readonly objectPath: Path };
type Unreadable = { readonly problem: string; readonly at: Path };

function reviewValue(value: unknown, settings: DryRunSettings): Outcome | Unreadable | undefined {
  const object = asRecord(value);
  return object['kind'] === 'AdmissionReview' ? reviewRequest(value, settings) : reviewObject(value, settings);
}

/** An AdmissionReview is answered as it stands. */
function reviewRequest(value: unknown, settings: DryRunSettings): Outcome | Unreadable {
  const parsed = parseAdmissionReview(value);
  if ('problem' in parsed)
    return { problem: parsed.problem.message, at: parsed.problem.path.split('.').filter(Boolean) };
  const { apiVersion, kind, name, namespace } = parsed.value;
  const { response, review } = admit(parsed.value, 'mutate', settings);
  const nothing = { kind: 'Pod', steps: [], operations: [], after: parsed.value.object } as const;
  return {
    apiVersion: [kind.group, kind.version].filter(Boolean).join('/'),
    kind: kind.kind,
    name,
    namespace,
    review: review ?? nothing,
    operations: shift(review?.operations ?? [], ['request', 'object']),
    answer: envelope(apiVersion, response),
    objectPath: ['request', 'object'],
  };
}

/** Anything else is reviewed as the request that the API server would make of it. */
function reviewObject(value: unknown, settings: DryRunSettings): Outcome | undefined {
  const manifest = asRecord(value);
  const metadata = asRecord(manifest['metadata']);
  const namespace = asText(metadata['namespace']) || settings.namespace;
  const subject = subjectOf(value, namespace);
  if (subject === undefined) return undefined;
  const { group, version } = kinds[subject.kind];
  const request: AdmissionRequest = {
    apiVersion: 'admission.k8s.io/v1',
    uid: 'dry-run',
    kind: { group, version, kind: subject.kind },
    subResource: '',
    operation: 'CREATE',
    namespace,
    name: '',
    dryRun: true,
    object: subject.object,
  };
  const { review } = admit(request, 'mutate', settings);
  if (review === undefined) return undefined;
  return {
    apiVersion: asText(manifest['apiVersion']),
    kind: asText(manifest['kind']),
    name: asText(metadata['name']) || asText(metadata['generateName']),
    namespace,
    review,
    operations: retarget(review.operations, subject, value),
    objectPath: subject.path,
  };
}

const shift = (operations: readonly ExplainedOperation[], path: Path): readonly ExplainedOperation[] =>
  path.length === 0 ? operations : operations.map((one) => ({ ...one, path: `/${path.join('/')}${one.path}` }));
