import { count } from './count.js';
import { fenced, tagged } from './markdown-text.js';
import { hunksByObject } from './object-hunks.js';
import { objectsOf, type ReviewedRun } from './reviewed.js';
import { unifiedLines } from './unified.js';
import { byFile } from './verdict.js';

type Left = { readonly objects: number; readonly files: number };

/** The changes of each file behind a line that opens it, the gravest file first, as far as there is room for them. */
export function diffSection(run: ReviewedRun, room: number): string {
  const changed = objectsOf(run).filter(({ operations }) => operations.length > 0);
  if (changed.length === 0) return '';
  const hunks = hunksByObject(run.manifests);
  let text = '\n### What aloft changes\n';
  let left: Left = { objects: 0, files: 0 };
  for (const { file, own: objects } of byFile(changed, (object) => object)) {
    const blocks = objects.map((object) => unifiedLines(object, hunks.get(object)));
    const shown = fitFile(file, blocks, room - text.length - longestRemark);
    text += shown.text;
    const missing = objects.length - shown.objects;
    if (missing > 0) left = { objects: left.objects + missing, files: left.files + 1 };
  }
  return left.objects === 0 ? text : text + remarkOn(left);
}

const longestRemark = 300;

const remarkOn = ({ objects, files }: Left): string =>
  `\n**${count(objects, 'object')} in ${count(files, 'file')} left out**: a comment holds no more. ` +
  'All of it: `aloft review` on the same input prints it, and with `-o html=review.html` writes a page.\n';

/** The first objects of a file, all of them if there is room; nothing of a file is worth a line that opens on nothing. */
function fitFile(file: string, blocks: readonly (readonly string[])[], room: number) {
  const text = (shown: number): string => {
    const summary = `${tagged(file)}: ${shown === blocks.length ? '' : `${shown} of `}${count(blocks.length, 'object')}`;
    const diff = fenced('diff', blocks.slice(0, shown).flat());
    return `\n<details><summary>${summary}</summary>\n\n${diff}\n\n</details>\n`;
  };
  let objects = blocks.length;
  let size = 0;
  const fits = blocks.findIndex((lines) => {
    size += lines.reduce((sum, line) => sum + line.length + 1, 0);
    return size > room;
  });
  if (fits >= 0) objects = fits;
  // What no one can see takes more room once it is visible.
  while (objects > 0 && text(objects).length > room) objects--;
  return { text: objects === 0 ? '' : text(objects), objects };
}
