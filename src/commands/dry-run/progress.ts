import { count } from '../../reports/count.js';
import type { Terminal } from '../terminal.js';

/** How often a line is shown: often enough to be seen moving, and too rarely to cost time. */
const everyMilliseconds = 100;

/** Shows how far a run is, where somebody looks on: files read, then objects reviewed; `done` takes the line away. */
export function createProgress({ progress = () => undefined }: Pick<Terminal, 'progress'>) {
  let shownAt = performance.now();
  let isShown = false;
  let read = '';
  const show = (line: string): void => {
    const now = performance.now();
    if (now - shownAt < everyMilliseconds) return;
    shownAt = now;
    isShown = true;
    progress(line);
  };
  return {
    read: (files: number): void => {
      read = `${count(files, 'file')} read`;
      show(read);
    },
    reviewed: (objects: number): void => show(`${read}, ${count(objects, 'object')} reviewed`),
    done: () => isShown && progress(''),
  };
}
