import { count } from '../reports/count.js';
import type { Terminal } from './terminal.js';

/** How often a line is shown: often enough to be seen moving, and too rarely to cost time. */
const everyMilliseconds = 100;

/** Shows how far a run is, where somebody looks on; `done` takes the line away. */
export function createProgress({ progress = () => undefined }: Pick<Terminal, 'progress'>, files: number) {
  let shownAt = performance.now();
  let isShown = false;
  const step = (objects: number): void => {
    const now = performance.now();
    if (now - shownAt < everyMilliseconds) return;
    shownAt = now;
    isShown = true;
    progress(`${count(files, 'file')} read, ${count(objects, 'object')} reviewed`);
  };
  return { step, done: () => isShown && progress('') };
}
