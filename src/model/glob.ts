/**
 * Whether a text matches a glob: `*` is any run of characters, `?` is one character, everything else is itself.
 * Linear in both lengths, so a policy's glob can never stall the admission of a Pod as a regular expression could.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let inGlob = 0;
  let inText = 0;
  let lastStar = -1;
  let resumeAt = 0;
  while (inText < text.length) {
    const wanted = glob[inGlob];
    if (wanted === '*') {
      lastStar = inGlob++;
      resumeAt = inText;
    } else if (wanted === '?' || wanted === text[inText]) {
      inGlob++;
      inText++;
    } else if (lastStar >= 0) {
      inGlob = lastStar + 1;
      inText = ++resumeAt;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
}

/** Whether a text matches at least one of the globs. */
export const matchesAny = (globs: readonly string[], text: string): boolean =>
  globs.some((glob) => matchesGlob(glob, text));
