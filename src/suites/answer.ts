import type { Operation } from '../engine/operation.js';
import { verifyPatch } from '../engine/verify.js';
import { patch } from '../manifests/patch.js';
import { asRecord, asText, copyOf, isRecord, type Json } from '../model/json.js';
import { messageOf } from '../model/problem.js';

/** What a webhook answers to one request. */
export type Answer = {
  readonly allowed: boolean;
  readonly operations: readonly Operation[];
  /** Empty where it says nothing. */
  readonly message: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: { readonly [key: string]: string };
};

/** An answer that the API server could not use, and why. */
export type Unusable = { readonly problem: string };

/** What came back from a webhook as its answer to the request with this uid; read as strictly as the API server does. */
export function readAnswer(raw: unknown, { apiVersion, request }: Json): Answer | Unusable {
  const problem = (text: string): Unusable => ({ problem: text });
  const review = asRecord(raw);
  const { response } = review;
  if (review['kind'] !== 'AdmissionReview' || !isRecord(response)) return problem('expected an AdmissionReview');
  if (review['apiVersion'] !== apiVersion) return problem(`expected the version ${String(apiVersion)} of the request`);
  const { uid } = asRecord(request);
  if (response['uid'] !== uid) return problem(`expected the uid of the request, ${String(uid)}`);
  if (typeof response['allowed'] !== 'boolean') return problem('expected `allowed` to be true or false');
  const operations = operationsOf(response);
  if ('problem' in operations) return operations;
  const { warnings } = response;
  return {
    allowed: response['allowed'],
    operations,
    message: asText(asRecord(response['status'])['message']),
    warnings: Array.isArray(warnings) ? warnings.map(String) : [],
    auditAnnotations: Object.fromEntries(
      Object.entries(asRecord(response['auditAnnotations'])).map(([key, value]) => [key, String(value)]),
    ),
  };
}

function operationsOf({ patch: encoded, patchType }: Json): readonly Operation[] | Unusable {
  if (encoded == null && patchType == null) return [];
  if (typeof encoded !== 'string' || patchType !== 'JSONPatch') {
    return { problem: 'expected `patch` and `patchType: JSONPatch` together' };
  }
  const operations = decode(encoded);
  return Array.isArray(operations) && operations.every(isOperation)
    ? operations
    : { problem: 'expected its patch to be a list of `add` and `replace`, as JSON in base64' };
}

function decode(encoded: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0))));
  } catch {
    return undefined;
  }
}

const isOperation = (value: unknown): value is Operation =>
  isRecord(value) &&
  (value['op'] === 'add' || value['op'] === 'replace') &&
  typeof value['path'] === 'string' &&
  'value' in value;

/** What comes of a value by a patch; a patch that the API server would refuse is not usable. */
export function applyPatch(value: unknown, operations: readonly Operation[]): { readonly after: unknown } | Unusable {
  if (operations.length === 0) return { after: value };
  const after = copyOf(value);
  try {
    for (const operation of operations) patch(after, operation);
    verifyPatch(asRecord(value), operations, after);
    return { after };
  } catch (error) {
    return { problem: `its patch does not apply: ${messageOf(error)}` };
  }
}
