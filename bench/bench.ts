/**
 * Measures aloft beside a bare `node:https` server, and its command line beside a mere parser, each in one run on this
 * machine, because only ratios carry over to another one. `npm run bench` prints a table, `npm run -s bench -- --json` the same as one JSON object.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchCli } from './cli.ts';
import { engineMicroseconds } from './engine.ts';
import { drive, type Load, median, merge } from './load.ts';
import { start, stop } from './servers.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** One of them alone. */
    part: { type: 'string', default: 'webhook,cli' },
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '2' },
  },
});

const say = (line: string): void => {
  if (!values.json) process.stdout.write(`${line}\n`);
};

const dir = mkdtempSync(join(tmpdir(), 'aloft-bench-'));
/** Its inputs are large: each round takes half a minute. */
const cliRounds = 3;
const pinned = availableParallelism() > 1;
/** V8 optimises on the same core, and is not done with aloft after three seconds, as it is with the bare server. */
const warmUpSeconds = 10;
const review = JSON.stringify(JSON.parse(readFileSync(new URL('pod-review.json', import.meta.url), 'utf8')));

try {
  const webhook = values.part.includes('webhook') ? await benchWebhook() : undefined;
  const cli = values.part.includes('cli') ? await benchCli(dir, cliRounds, say) : undefined;
  if (values.json) printJson({ ...webhook, ...(cli && { cli }), node: process.version });
} finally {
  rmSync(dir, { recursive: true });
}

async function benchWebhook() {
  say(`One Pod review of ${(review.length / 1000).toFixed(1)} kB over TLS, 16 kept-alive connections,`);
  say(
    `${pinned ? 'servers pinned to one core' : 'not pinned: this machine has one core'}, ${values.rounds} rounds in turn\nafter ${warmUpSeconds} s of warming up.\n`,
  );
  const aloft = await start('aloft', dir, pinned);
  const bare = await start('bare', dir, pinned);
  const rounds: Round[] = [];
  // Both warm up first, then take turns, so that whatever else the machine does falls on both.
  for (const server of [bare, aloft]) await drive(server, review, warmUpSeconds);
  while (rounds.length < Number(values.rounds)) {
    rounds.push({
      bare: await drive(bare, review, Number(values.seconds)),
      aloft: await drive(aloft, review, Number(values.seconds)),
    });
  }
  const result = compare(rounds, {
    engineMicroseconds: engineMicroseconds('default'),
    everyRuleMicroseconds: engineMicroseconds('everyRule'),
  });
  await Promise.all([stop(bare), stop(aloft)]);
  return result;
}

type Round = { readonly bare: Load; readonly aloft: Load };
type Engine = { readonly engineMicroseconds: number; readonly everyRuleMicroseconds: number };

function compare(rounds: readonly Round[], engine: Engine) {
  const bare = merge(rounds.map((round) => round.bare));
  const aloft = merge(rounds.map((round) => round.aloft));
  // Of each round by itself: the machine changes its pace from one to the next.
  const ratio = median(rounds.map((round) => round.aloft.reviewsPerSecond / round.bare.reviewsPerSecond));
  const cpuRatio = median(rounds.map((round) => round.bare.cpuMicroseconds / round.aloft.cpuMicroseconds));
  const rows: [string, (load: Load) => string][] = [
    ['reviews/s (median round)', (load) => load.reviewsPerSecond.toFixed(0)],
    ['p50 ms', (load) => load.p50Ms.toFixed(1)],
    ['p99 ms', (load) => load.p99Ms.toFixed(1)],
    ['peak RSS MB', (load) => load.rssMb.toFixed(0)],
    ['CPU µs a review', (load) => load.cpuMicroseconds.toFixed(1)],
  ];
  say(`${''.padEnd(26)}${'node:https'.padStart(12)}${'aloft'.padStart(12)}`);
  for (const [name, cell] of rows) say(`${name.padEnd(26)}${cell(bare).padStart(12)}${cell(aloft).padStart(12)}`);
  say(`\nratio of reviews/s (median round): ${ratio.toFixed(2)}   (by CPU time: ${cpuRatio.toFixed(2)})`);
  say(`engine alone: ${engine.engineMicroseconds.toFixed(1)} µs a Pod, default policy, patch verified`);
  say(`              ${engine.everyRuleMicroseconds.toFixed(1)} µs a Pod, every rule on\n`);
  return { ratio, cpuRatio, ...engine, bare, aloft };
}

function printJson(result: object): void {
  process.stdout.write(`${JSON.stringify(result, (_, value) => (typeof value === 'number' ? round(value) : value))}\n`);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
