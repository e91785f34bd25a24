/** A thread of `threads.ts`: carries out its share of a job, and says how far it is. */
import { parentPort, workerData } from 'node:worker_threads';
import { carryOut } from './job.js';
import type { Share, Told } from './threads.js';

// As in main.ts.
process.env = { ...process.env };

const { job, sources } = workerData as Share;
const tell = (told: Told): void => parentPort?.postMessage(told);

tell({ run: carryOut(job, sources, (objects) => tell({ objects })) });
