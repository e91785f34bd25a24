import { writeBlock } from './block-text.js';
import type { Written } from './writer.js';

/** An object as YAML, as its author might have written it; read back it is the same. */
export function printManifest(object: object): string {
  const to: Written = { lines: [], marks: [] };
  writeBlock(to, object, '', '', { step: 2, listIndent: 2, literals: true });
  return `${to.lines.join('\n')}\n`;
}
