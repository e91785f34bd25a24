import { stringify } from 'yaml';
import { applyToText } from '../manifests/splice.js';
import type { ReviewedManifest } from './reviewed.js';

/**
 * The whole input with the changes in it, ready for `kubectl apply -f -`: documents in their order, and byte for byte
 * what they were but for what was added. Requests are replaced by their answers.
 */
export const yamlReport = (manifests: readonly ReviewedManifest[]): string => {
  let text = '';
  for (const reviewed of manifests) {
    // Where one file ends without a new line, the next one must not continue its last document.
    if (text !== '' && !text.endsWith('\n')) text += '\n';
    const next = textOf(reviewed);
    const separate = text !== '' && next.trim() !== '' && !/^---(\s|$)/m.test(next) && !text.trimEnd().endsWith('---');
    text += separate ? `---\n${next}` : next;
  }
  return text;
};

function textOf({ manifest, objects }: ReviewedManifest): string {
  const answers = objects.flatMap(({ answer }) => (answer === undefined ? [] : [answer]));
  if (answers.length > 0) return answers.map((answer) => `---\n${stringify(answer, { lineWidth: 0 })}`).join('');
  const operations = objects.flatMap((object) => object.operations);
  return operations.length === 0 ? manifest.text : applyToText(manifest, operations).text;
}
