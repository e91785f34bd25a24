import { X509Certificate } from 'node:crypto';
import type { Ca } from './state.js';

/** How the CAs that aloft makes are called; see `issuePair`. */
export const caSubject = 'aloft';

/** The CAs of ours in a PEM bundle, each once, and whether there is anything else. */
export type Bundle = { readonly cas: readonly Ca[]; readonly foreign: boolean };

export function parseBundle(pem: string): Bundle {
  const cas = new Map<string, Ca>();
  // Go refuses the whole of a bundle in which nothing stands between two certificates.
  if (pem.includes('----------BEGIN')) return { cas: [], foreign: true };
  let foreign = false;
  for (const [block] of pem.matchAll(/-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g)) {
    const ca = parseCa(block);
    if (ca === undefined) foreign = true;
    else cas.set(ca.id, ca);
  }
  return { cas: [...cas.values()], foreign: foreign || (cas.size === 0 && pem.trim() !== '') };
}

/** Each certificate ends its line; see above. */
export const joinBundle = (cas: readonly Ca[]): string => cas.map(({ pem }) => `${pem.trim()}\n`).join('');

/** A CA that aloft made, or undefined for whatever else the text may be. */
function parseCa(block: string): Ca | undefined {
  try {
    const certificate = new X509Certificate(block);
    const isOurs =
      certificate.ca && certificate.subject.split('\n').some((part) => part.startsWith(`CN=${caSubject} CA `));
    if (!isOurs) return undefined;
    return { id: certificate.fingerprint256, notAfter: certificate.validToDate.getTime(), pem: `${block.trim()}\n` };
  } catch {
    return undefined;
  }
}
