import {
  type AdmissionRequest,
  type AdmissionResponse,
  envelope,
  parseAdmissionReview,
} from '../../admission/admission-review.js';
import { type Admission, admit, type Surroundings } from '../../admission/admit.js';
import { kinds, operationOn } from '../../engine/kinds.js';
import type { ExplainedOperation } from '../../engine/operation.js';
import type { Review } from '../../engine/review.js';
import { exemptionsOf, type ObjectExemptions } from '../../engine/suppressions.js';
import { retarget, subjectOf } from '../../engine/template.js';
import { asRecord, asText } from '../../model/json.js';
import type { StringMap } from '../../model/kubernetes.js';
import type { Path } from '../../model/problem.js';

/** What a dry run knows beside the object. */
export type DrySettings = Omit<Surroundings, 'namespaceLabels'> & {
  /** For objects that do not say which namespace they are for. */
  readonly namespace: string;
  /** The labels of a namespace, as far as the input has it. */
  readonly labelsOf?: (namespace: string) => StringMap | undefined;
};

/** An object and what the webhook would do to it; paths lead from the value that was given. */
export type DryReviewed = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly review: Review;
  readonly operations: readonly ExplainedOperation[];
  readonly response: AdmissionResponse;
  /** The AdmissionReview that answers it, where the value is a request. */
  readonly answer?: object;
  /** What the rules were given, and where it stands, or the template that it was built from. */
  readonly received: unknown;
  readonly objectPath: Path;
  /** What exempts it, where anything could. */
  readonly exemptions: ObjectExemptions | undefined;
};

/** A request that cannot be read, and where. */
export type Unreadable = { readonly problem: string; readonly at: Path };

/** Reviews one value of the input by the webhook's very code; undefined where no rule has a say. */
export function reviewValue(value: unknown, settings: DrySettings): DryReviewed | Unreadable | undefined {
  return asRecord(value)['kind'] === 'AdmissionReview' ? reviewRequest(value, settings) : reviewObject(value, settings);
}

/** An AdmissionReview is answered as it stands. */
function reviewRequest(value: unknown, settings: DrySettings): DryReviewed | Unreadable {
  const parsed = parseAdmissionReview(value);
  if ('problem' in parsed)
    return { problem: parsed.problem.message, at: parsed.problem.path.split('.').filter(Boolean) };
  const request = parsed.value;
  const { apiVersion, kind, name, namespace } = request;
  const { response, review, exemptions } = admitDry(request, settings);
  const nothing = { kind: 'Pod', steps: [], operations: [], after: request.object } as const;
  const inRequest = (review?.operations ?? []).map((one) => ({ ...one, path: `/request/object${one.path}` }));
  return {
    apiVersion: [kind.group, kind.version].filter(Boolean).join('/'),
    kind: kind.kind,
    name,
    namespace,
    review: review ?? nothing,
    operations: inRequest,
    response,
    answer: envelope(apiVersion, response),
    received: request.object,
    objectPath: ['request', 'object'],
    exemptions,
  };
}

/** Anything else is reviewed as the request that the API server would make of it. */
function reviewObject(value: unknown, settings: DrySettings): DryReviewed | undefined {
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
  const { review, response, exemptions } = admitDry(request, settings);
  if (review === undefined) return undefined;
  return {
    apiVersion: asText(manifest['apiVersion']),
    kind: asText(manifest['kind']),
    name: asText(metadata['name']) || asText(metadata['generateName']),
    namespace,
    review,
    operations: retarget(review.operations, subject, value),
    response,
    received: subject.object,
    objectPath: subject.path,
    exemptions,
  };
}

type DryAdmission = Admission & Pick<DryReviewed, 'exemptions'>;

/** What `/mutate` answers, and the refusal of `/validate`, which the API server asks about what comes of it. */
function admitDry(request: AdmissionRequest, { labelsOf, namespace: _, ...known }: DrySettings): DryAdmission {
  const namespaceLabels = labelsOf?.(request.namespace);
  const surroundings = namespaceLabels === undefined ? known : { ...known, namespaceLabels };
  const admission = admit(request, 'mutate', surroundings);
  const { review, response } = admission;
  if (review === undefined) return { ...admission, exemptions: undefined };
  const operation = operationOn(review.kind, request.operation) ?? 'CREATE';
  const context = { ...surroundings, operation, dryRun: true, namespace: request.namespace };
  const exemptions = exemptionsOf(review.kind, request.object, context, known.plan);
  if (!review.steps.some(({ outcome }) => outcome === 'violated')) return { ...admission, exemptions };
  const { allowed, status, warnings } = admit({ ...request, object: review.after }, 'validate', surroundings).response;
  const all = [...(response.warnings ?? []), ...(warnings ?? [])];
  return {
    ...admission,
    exemptions,
    response: {
      ...response,
      allowed,
      ...(status === undefined ? {} : { status }),
      ...(all.length === 0 ? {} : { warnings: all }),
    },
  };
}
