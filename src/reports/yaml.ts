import { stringify } from 'yaml';
import type { Report, ReviewedManifest } from './reviewed.js';

/**
 * The whole input with the changes in it, ready for `kubectl apply -f -`: documents in their order, and byte for byte
 * what they were but for what was added. Requests are replaced by their answers.
 */
export const yamlReport: Report = ({ manifests }) => {
  const parts: string[] = [];
  let isOpen = false;
  let file: string | undefined;
  let isParted = false;
  for (const manifest of manifests) {
    const next = textOf(manifest);
    // Where one file ends without a new line, the next one must not continue its last document. Within a file nothing is added.
    const isNext = file !== undefined && file !== manifest.file;
    file = manifest.file;
    if (isNext && !(parts.at(-1) ?? '\n').endsWith('\n')) parts.push('\n');
    if (next === '') continue;
    const isBlank = next.trim() === '';
    if (isNext && isOpen && !isBlank && !/^---(\s|$)/m.test(next)) {
      parts.push('---\n');
      isParted = true;
    }
    parts.push(next);
    if (!isBlank) isOpen = !next.trimEnd().endsWith('---');
  }
  const text = parts.join('');
  // To kubectl, a stream that begins with a brace is JSON to its end.
  return isParted && /^\s*[{[]/.test(text) ? `---\n${text}` : text;
};

function textOf({ text, spliced, objects }: ReviewedManifest): string {
  const answers = objects.flatMap(({ answer }) => (answer === undefined ? [] : [answer]));
  if (answers.length > 0) return answers.map((answer) => `---\n${stringify(answer, { lineWidth: 0 })}`).join('');
  return spliced?.text ?? text;
}
