import { createHash } from 'node:crypto';

/**
 * Names things so that a later run names them the same: by what they are about, never by line or column. What is told
 * twice of the same thing is numbered.
 */
export function createFingerprints(): (about: readonly string[]) => string {
  const seen = new Map<string, number>();
  return (about) => {
    const key = JSON.stringify(about);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return createHash('sha256').update(`${key}#${times}`).digest('hex').slice(0, 32);
  };
}
