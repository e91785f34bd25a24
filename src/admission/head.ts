import type { IncomingMessage } from 'node:http';
import type { Rejection } from '../telemetry/metrics.js';

/** Why a request is turned away before its body is read: for the metrics, as a status, and in words. */
export type Refusal = readonly [Rejection, status: number, detail: string];

const json = 'application/json';

/** What is wrong with a request before its body is read. */
export function refuseHead({ headers }: IncomingMessage): Refusal | undefined {
  const mediaType = mediaTypeOf(headers['content-type']);
  if (mediaType !== json) return ['media-type', 415, `Content-Type ${mediaType ?? 'is missing'}: expected ${json}`];
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return ['media-type', 415, `Content-Encoding ${encoding}: expected a body that is not compressed`];
  }
  if (headers['content-length'] === undefined) {
    return ['length-required', 411, 'expected a Content-Length, which the API server always sends'];
  }
  return undefined;
}

const mediaTypeOf = (contentType: string | undefined): string | undefined =>
  contentType === json ? json : contentType?.split(';')[0]?.trim().toLowerCase();
