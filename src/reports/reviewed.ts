import type { ExplainedOperation } from '../engine/operation.js';
import type { Review } from '../engine/review.js';
import type { Manifest, Position } from '../manifests/read.js';

/** A document of the input and what became of the objects in it. */
export type ReviewedManifest = { readonly manifest: Manifest; readonly objects: readonly ReviewedObject[] };

/** One object of the input that rules looked at. */
export type ReviewedObject = Position & {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly review: Review;
  /** On the whole document: what leads from its text to the new one. */
  readonly operations: readonly ExplainedOperation[];
  /** The AdmissionReview that answers it, where the document is a request. */
  readonly answer?: object;
};

/** What a person calls an object: `Deployment details-v1`. */
export const titleOf = ({ kind, name }: Pick<ReviewedObject, 'kind' | 'name'>): string => `${kind} ${name}`.trim();
