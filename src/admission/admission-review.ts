import type { GroupVersionKind } from '../engine/kinds.js';
import type { ExplainedOperation } from '../engine/operation.js';
import { asciiJson, asRecord, asText, isRecord } from '../model/json.js';

/** What we read of an AdmissionReview (admission.k8s.io/v1 and v1beta1 have the same shape). */
export type AdmissionRequest = {
  readonly apiVersion: string;
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly subResource: string;
  readonly operation: string;
  readonly namespace: string;
  /** Ends in a hyphen while the rest of it is still to be generated. */
  readonly name: string;
  readonly dryRun: boolean;
  readonly object: unknown;
};

/** Our answer. `patch` and `patchType` come together or not at all; `allowed` is always there. */
export type AdmissionResponse = {
  readonly uid: string;
  readonly allowed: boolean;
  readonly patchType?: 'JSONPatch';
  readonly patch?: string;
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: { readonly [key: string]: string };
};

const versions: ReadonlySet<unknown> = new Set(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1']);
/** A UUID has 36 characters; a value that we echo has to have a bound. */
const longestUid = 128;

/** An unknown value as an admission request, or where it is none and what was expected there. */
export function parseAdmissionReview(
  raw: unknown,
): { readonly value: AdmissionRequest } | { readonly problem: { readonly path: string; readonly message: string } } {
  const problem = (path: string, message: string) => ({ problem: { path, message } });
  if (!isRecord(raw)) return problem('', 'expected an AdmissionReview, got something that is not an object');
  if (raw['kind'] !== 'AdmissionReview') return problem('kind', 'expected "AdmissionReview"');
  if (!versions.has(raw['apiVersion'])) return problem('apiVersion', `expected one of ${[...versions].join(', ')}`);
  const request = raw['request'];
  if (!isRecord(request)) return problem('request', 'expected an object: a request, not a response, is reviewed');
  const uid = request['uid'];
  if (typeof uid !== 'string' || uid === '' || uid.length > longestUid) {
    return problem('request.uid', `expected a string of 1 to ${longestUid} characters, which the answer repeats`);
  }
  const kind = asRecord(request['kind']);
  const object = request['object'];
  const metadata = asRecord(asRecord(object)['metadata']);
  return {
    value: {
      apiVersion: String(raw['apiVersion']),
      uid,
      kind: { group: asText(kind['group']), version: asText(kind['version']), kind: asText(kind['kind']) },
      subResource: asText(request['subResource']),
      operation: asText(request['operation']),
      namespace: asText(request['namespace']),
      name: asText(request['name']) || asText(metadata['name']) || asText(metadata['generateName']),
      dryRun: request['dryRun'] === true,
      object,
    },
  };
}

/** The AdmissionReview that carries an answer, in the version of the request. */
export const envelope = (apiVersion: string, response: AdmissionResponse) => ({
  apiVersion,
  kind: 'AdmissionReview',
  response,
});

/** Operations as the wire wants them: a JSON Patch in base64; nothing at all where there is nothing to do. */
export function encodePatch(
  operations: readonly ExplainedOperation[],
): Pick<AdmissionResponse, 'patch' | 'patchType'> | undefined {
  if (operations.length === 0) return undefined;
  const patch = operations.map(({ op, path, value }) => ({ op, path, value }));
  return { patchType: 'JSONPatch', patch: btoa(asciiJson(patch)) };
}
