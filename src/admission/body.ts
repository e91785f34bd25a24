import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { withoutManagedFields } from './managed-fields.js';

/** A request's body, or why there is none to be read. */
export type Body = { readonly text: string } | BodyFault;

export type BodyFault =
  | { readonly fault: 'oversize'; readonly start: Buffer }
  | { readonly fault: 'aborted' }
  | { readonly fault: 'not-utf8' };

/** Reads a body up to a limit in bytes, of a larger one only the start, which holds the uid; tells of it once. */
export function readBody(request: IncomingMessage, limit: number, done: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let told = false;
  const tell = (body: Body): void => {
    if (!told) done(body);
    told = true;
  };
  const tooLarge = Number(request.headers['content-length']) > limit;
  request.on('data', (chunk: Buffer) => {
    if (told) return;
    chunks.push(chunk);
    size += chunk.length;
    // The length that a client declares decides early; what it really sends decides in any case.
    if (size > limit || (tooLarge && size >= uidReach)) tell({ fault: 'oversize', start: Buffer.concat(chunks) });
  });
  request.on('end', () => {
    if (told) return;
    const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    tell(decode(withoutManagedFields(whole)));
  });
  request.on('close', () => tell({ fault: 'aborted' }));
  request.on('error', () => tell({ fault: 'aborted' }));
}

function decode(bytes: Buffer): Body {
  // Nearly every body is ASCII, and as Latin-1 it becomes a string of V8's own instead of one that has to be freed.
  if (isAscii(bytes)) return { text: bytes.toString('latin1') };
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { fault: 'not-utf8' };
}

/** How far into a body the uid can stand: the API server writes kind, apiVersion and then request.uid. */
const uidReach = 4096;

/** The uid and apiVersion of an AdmissionReview of which only the start is there. */
export function identify(start: Buffer): { readonly uid: string; readonly apiVersion: string } | undefined {
  const text = start.subarray(0, uidReach).toString('latin1');
  const uid = /"request"\s*:\s*\{\s*"uid"\s*:\s*"([^"\\]{1,128})"/.exec(text)?.[1];
  if (uid === undefined) return undefined;
  const apiVersion = /"apiVersion"\s*:\s*"(admission\.k8s\.io\/v1(?:beta1)?)"/.exec(text)?.[1];
  return { uid, apiVersion: apiVersion ?? 'admission.k8s.io/v1' };
}
