import { parseAdmissionReview } from '../admission/admission-review.js';
import { kindOf, kinds } from '../engine/kinds.js';
import { type Subject, subjectOf } from '../engine/template.js';
import { asRecord, asText, type Json } from '../model/json.js';
import type { Path } from '../model/problem.js';

/** A case as the webhook is asked it, and what its answer is about. */
export type Posed = {
  /** The AdmissionReview that is sent. */
  readonly review: Json & { readonly request: Json };
  /** The namespace of the request. */
  readonly namespace: string;
  /** What a patch and the object afterwards are told of: the object of the case, or that of its request. */
  readonly document: unknown;
  /** What is sent of the document, and where in it that stands. */
  readonly sent: Pick<Subject, 'object' | 'path'>;
};

/** Why a case cannot be asked; `at` is where in the document, and `key` which member of the case is at fault instead. */
export type Unposed = { readonly problem: string; readonly at: Path; readonly key?: string };

/** What the suite says of a case beside its object. */
export type Setting = {
  readonly operation?: 'CREATE' | 'UPDATE' | undefined;
  readonly namespace?: string | undefined;
  /** For a case that names none. */
  readonly defaultNamespace: string;
};

/** The request that the API server would make of an object; an AdmissionReview stays as it is, but for `dryRun`. */
export function poseCase(document: unknown, setting: Setting, uid: string): Posed | Unposed {
  return asRecord(document)['kind'] === 'AdmissionReview'
    ? poseReview(document, setting)
    : poseObject(asRecord(document), setting, uid);
}

function poseReview(document: unknown, { operation, namespace }: Setting): Posed | Unposed {
  if (operation !== undefined) return itself('operation');
  if (namespace !== undefined) return itself('namespace');
  const parsed = parseAdmissionReview(document);
  if ('problem' in parsed)
    return { problem: parsed.problem.message, at: parsed.problem.path.split('.').filter(Boolean) };
  const { object, kind } = parsed.value;
  if (kindOf(kind) === undefined) {
    const apiVersion = [kind.group, kind.version].filter(Boolean).join('/');
    return { problem: undecided(kind.kind, apiVersion), at: ['request', 'kind'] };
  }
  const review = asRecord(document);
  return {
    review: { ...review, request: { ...asRecord(review['request']), dryRun: true } },
    namespace: parsed.value.namespace,
    document: object,
    sent: { object, path: [] },
  };
}

const itself = (key: string): Unposed => ({ problem: `an AdmissionReview has its own ${key}`, at: [], key });

/** What no rule ever decides on stays as it is, and would pass for what the policy leaves alone. */
const undecided = (kind: string, apiVersion: string, others = ''): string =>
  `expected a Pod or Service of v1${others}, got ${kind || 'no kind'} of ${apiVersion || 'no version'}: no rule decides on that, and nothing would ever change in it`;

function poseObject(document: Json, setting: Setting, uid: string): Posed | Unposed {
  const metadata = asRecord(document['metadata']);
  const own = asText(metadata['namespace']);
  if (own !== '' && setting.namespace !== undefined && own !== setting.namespace) {
    return { problem: `the object is in the namespace ${own}`, at: [], key: 'namespace' };
  }
  const namespace = own || (setting.namespace ?? setting.defaultNamespace);
  const subject = subjectOf(document, namespace);
  if (subject === undefined) {
    const [kind, apiVersion] = [asText(document['kind']), asText(document['apiVersion'])];
    return { problem: undecided(kind, apiVersion, ', or something with a template of Pods'), at: ['kind'] };
  }
  const { object, path } = subject;
  const { group, version, resource } = kinds[subject.kind];
  const { operation = 'CREATE' } = setting;
  const request = {
    uid,
    kind: { group, version, kind: subject.kind },
    resource: { group, version, resource },
    name: asText(asRecord(asRecord(object)['metadata'])['name']),
    namespace,
    operation,
    userInfo: { username: 'aloft-test' },
    object,
    oldObject: operation === 'UPDATE' ? object : null,
    dryRun: true,
  };
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
  return { review, namespace, document, sent: { object, path } };
}

/** The same question about the object as `/mutate` left it, for `/validate`. */
export const poseAgain = ({ review }: Posed, object: unknown): Json => ({
  ...review,
  request: { ...review.request, object },
});
